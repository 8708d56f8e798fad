"""Check the assistant's YAML without training: `engine/.venv/bin/python -m scripts.check_yaml`.

The same checks as `rasa data validate`, on the same importer, but TensorFlow stays out of the process; then
what `engine.data_check` finds in the examples, responses and rules.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

CONFIGURATION, DOMAIN, DATA = "config.yml", "domain.yml", "data"
OTHER_YAML = ("credentials.yml", "endpoints.yml")


def main() -> int:
    """Return the exit code: 0 when everything can be trained on and fits together."""
    _module("engine.quiet").silence()
    light_start = _module("engine.light_start")
    light_start.leave_out_tensorflow(light_start.components_of_configuration(Path(CONFIGURATION)))
    yaml = _module("ruamel.yaml")
    try:
        for name in OTHER_YAML:
            yaml.YAML(typ="safe").load(Path(name))
        failed = _failed_checks()
        findings = _module("engine.data_check.check").findings(Path.cwd())
    except (yaml.error.YAMLError, _module("rasa.shared.exceptions").RasaException) as error:
        print(f"{type(error).__name__}: {error}")
        return 1
    for finding in findings:
        print(finding)
    if failed or findings:
        print(f"The assistant's YAML is not sound: {', '.join([*failed, f'{len(findings)} findings'])}")
        return 1
    print("The assistant's YAML is sound")
    return 0


def _failed_checks() -> list[str]:
    importer = _module("engine.importer").SkillImporter(CONFIGURATION, DOMAIN, [DATA])
    validator = _module("rasa.validator").Validator.from_importer(importer)
    checks = {
        "domain": validator.verify_domain_validity(),
        "intents and examples": validator.verify_intents(ignore_warnings=False),
        "examples in one intent only": validator.verify_example_repetition_in_intents(ignore_warnings=False),
        "intents in rules and stories": validator.verify_intents_in_stories(ignore_warnings=True),
        "responses in rules and stories": validator.verify_utterances_in_stories(ignore_warnings=True),
        "actions in rules and stories": validator.verify_actions_in_stories_rules(),
        "forms in rules and stories": validator.verify_forms_in_stories_rules(),
        "slots of forms": validator.verify_form_slots(),
        "slot mappings": validator.verify_slot_mappings(),
    }
    return [name for name, passed in checks.items() if not passed]


def _module(name: str) -> Any:
    """A module of the engine's environment, which the platform's type checker does not see."""
    return importlib.import_module(name)


if __name__ == "__main__":
    sys.exit(main())
