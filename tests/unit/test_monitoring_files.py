"""The dashboard, the alert rules and the document name figures that exist, and no other."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
import yaml
from prometheus_client.metrics import MetricWrapperBase

from ramah.messaging.queue_figures import QueueFigures
from ramah.observe import metrics
from ramah.store import Database

ROOT = Path(__file__).resolve().parents[2]
NAME = re.compile(r"\bramah_[a-z_]+\b")
FILES = ("deploy/grafana/ramah.json", "deploy/prometheus/alerts.yml", "docs/operations/monitoring.md")
SUFFIXES = ("", "_total", "_bucket", "_count", "_sum")


def existing() -> set[str]:
    """Every name that a process may show."""
    families = {one._name for one in vars(metrics).values() if isinstance(one, MetricWrapperBase)}
    families |= {one.name for one in metrics._Circuits().collect()}
    families |= {one.name for one in QueueFigures(Mock(spec=Database)).describe()}
    engine = (ROOT / "engine" / "connector" / "figures.py").read_text(encoding="utf-8")
    return {f"{family}{suffix}" for family in families for suffix in SUFFIXES} | set(NAME.findall(engine))


def named(path: str) -> set[str]:
    return set(NAME.findall((ROOT / path).read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", FILES)
def test_it_names_only_figures_that_exist(path: str) -> None:
    assert named(path)
    assert named(path) - existing() == set()


def test_every_figure_is_explained() -> None:
    families = {one._name for one in vars(metrics).values() if isinstance(one, MetricWrapperBase)}
    explained = named("docs/operations/monitoring.md")
    assert {name for name in families if not {name, f"{name}_total"} & explained} == set()


def test_the_dashboard_can_be_read_and_asks_something_in_each_panel() -> None:
    board = json.loads((ROOT / "deploy" / "grafana" / "ramah.json").read_text(encoding="utf-8"))
    assert board["panels"] and all(panel["targets"] for panel in board["panels"])


def test_every_process_is_asked_and_every_alert_says_what_to_do() -> None:
    scraped: dict[str, Any] = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text(encoding="utf-8"))
    assert {job["job_name"] for job in scraped["scrape_configs"]} == {"console", "worker", "actions", "engine"}
    rules: dict[str, Any] = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yml").read_text(encoding="utf-8"))
    alerts = [rule for group in rules["groups"] for rule in group["rules"]]
    assert alerts and all(rule["annotations"]["summary"] and rule["annotations"]["action"] for rule in alerts)
