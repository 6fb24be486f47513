"""CONTRIBUTING's walk through a new check works as written: its file, its line, its cases."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
import yaml

import checkpoints
import expectations
from checkpoints import after_batch
from prop_quality.catalogue import read_catalogue
from prop_quality.checkpoint import Checkpoint, Request, Run
from prop_quality.embedded import EmbeddedWarehouse
from prop_quality.event import read_event
from prop_quality.season import Fault, Night, NightShape, clean_night
from prop_quality.season.faults import identity
from prop_quality.settings import Settings
from prop_quality.suite import Check, Severity, Suite
from prop_quality.verdict import CheckResult
from tests.expectations.case import Case
from tests.expectations.edit import nights_of
from tests.prop_quality.season import judge
from tests.warehouse import load_night

TEXT = (Path(__file__).parents[1] / "CONTRIBUTING.md").read_text(encoding="utf-8")
CODE = re.findall(r"^```python\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)[0]
FAULT = re.findall(r"^```\n(Fault.*?),\n```", TEXT, re.MULTILINE | re.DOTALL)[0]
ORACLE = re.findall(r"^```\n(def version_positive.*?)^```", TEXT, re.MULTILINE | re.DOTALL)[0]
LINE = re.findall(r"^```\n(Check.*?)^```", TEXT, re.MULTILINE | re.DOTALL)[0]
CASES: dict[str, dict[str, object]] = yaml.safe_load(re.findall(r"^```yaml\n(.*?)^```", TEXT, re.M | re.S)[0])


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Suite:
    """The suite with the line, its file beside the other expectations."""
    folder = tmp_path_factory.mktemp("expectations")
    (folder / "version_positive.py").write_text(CODE, encoding="utf-8")
    expectations.__path__.append(str(folder))
    found = re.fullmatch(r'Check\("(\w+)", CRITICAL, \{"(\w+)": (\d+)\}\),\n', LINE)
    assert found is not None
    return Suite("new", "A new suite.", (Check(found[1], Severity.CRITICAL, {found[2]: int(found[3])}),))


def judged(suite: Suite, night: Night, loaded: Settings) -> CheckResult:
    """What the one check of the suite says of a night."""
    event = read_event(night.event, table=loaded.table, now=night.now)
    request = after_batch.request(Request(dates=(night.game_date,), now=night.now, event=event))
    checkpoint = Checkpoint("after_batch", (suite,), expectations.load, checkpoints.REGISTRY)
    (result,) = Run(checkpoint, request, loaded).verdict().checks
    return result


@pytest.mark.parametrize("name", CASES)
def test_the_cases_shown_are_what_the_check_says(
    name: str, suite: Suite, warehouse: EmbeddedWarehouse, settings: Settings
) -> None:
    case = Case.read("version_positive", name, CASES[name])
    (night,) = nights_of(case)
    result = judged(suite, night, load_night(warehouse, settings, night))
    assert (result.outcome, result.failing_rows) == (case.expect.outcome, case.expect.failing_rows)


def test_the_fault_shown_is_found(suite: Suite, warehouse: EmbeddedWarehouse, settings: Settings) -> None:
    fault: Fault = eval(FAULT, dict(vars(identity)))
    night = fault.build()
    result = judged(suite, night, load_night(warehouse, settings, night))
    assert (result.id, result.outcome, str(result.severity)) == (*fault.checks, "failed", fault.severity)


def test_the_oracle_shown_finds_the_fault_and_nothing_in_a_clean_night() -> None:
    known = dict(vars(judge))
    exec(ORACLE, known)
    fault: Fault = eval(FAULT, dict(vars(identity)))
    faulty = fault.build()
    clean = clean_night(NightShape(seed=1, game_date=faulty.game_date))
    found = [known["version_positive"](judge.Facts(night)) for night in (faulty, clean)]
    assert found == [fault.severity, None]


def test_its_docstring_is_a_whole_page(suite: Suite) -> None:
    (check,) = suite.checks
    assert isinstance(check, Check)
    module = sys.modules[type(expectations.load(check)).__module__]
    assert module.__file__ is not None
    from datetime import UTC, datetime

    catalogue = read_catalogue((suite,), Path(module.__file__).parent, (), datetime.now(UTC))
    page = catalogue.suites[0].checks[0]
    wanted = {"For the operator", "Example that fails", "Incident", "Limits", "What to do"}
    assert wanted <= {title for title, _ in page.sections}
