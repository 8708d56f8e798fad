"""Run the action server: ``python -m actions``."""

from __future__ import annotations

from actions.server import build
from ramah.observe.logs import configure_logs
from ramah.settings import settings


def main() -> None:
    """Serve on the configured port until told to stop."""
    config = settings()
    configure_logs(config)
    app = build(config)
    app.run(host=config.actions_host, port=config.actions_port, single_process=True, access_log=False, motd=False)


if __name__ == "__main__":
    main()
