"""The site builder inside the real Great Expectations: `build_data_docs` and a checkpoint's action make the pages."""

from __future__ import annotations

import shutil
import warnings
from pathlib import Path
from typing import Any

import pytest

from prop_quality.errors import UsageError

with warnings.catch_warnings():
    # Great Expectations imports a module that Python has deprecated; our own warnings stay errors.
    warnings.simplefilter("ignore", DeprecationWarning)
    import great_expectations as gx

from prop_quality.site.gx_builder import PropQualitySiteBuilder
from tests.prop_quality.site.nights import incident, store

SITE = {
    "class_name": "PropQualitySiteBuilder",
    "module_name": "prop_quality.site.gx_builder",
    "catalogue": "tests.prop_quality.site.nights:catalogue",
}


@pytest.fixture
def context(tmp_path: Path) -> Any:
    store(tmp_path / "state", *incident()[:2])
    made = gx.get_context(mode="ephemeral")
    made.variables.progress_bars = {"globally": False}  # type: ignore[assignment]
    for name in list(made.get_site_names()):
        made.delete_data_docs_site(name)
    made.add_data_docs_site("prop_quality", SITE | {"state_dir": str(tmp_path / "state")})  # type: ignore[arg-type]
    return made


def test_build_data_docs_makes_the_site(context: Any, tmp_path: Path) -> None:
    built = context.build_data_docs()
    index = tmp_path / "state/site/index.html"
    assert built == {"prop_quality": index.as_uri()}
    assert len(list((tmp_path / "state/site/runs/2026-01").glob("2026*.html"))) == 2
    assert context.get_docs_sites_urls() == [{"site_name": "prop_quality", "site_url": index.as_uri()}]


def test_clean_data_docs_removes_it_and_the_next_build_makes_it_again(context: Any, tmp_path: Path) -> None:
    context.build_data_docs()
    assert context.clean_data_docs("prop_quality")
    assert not list((tmp_path / "state/site").rglob("*.html"))
    assert context.build_data_docs(dry_run=True)
    assert not (tmp_path / "state/site/index.html").exists()
    context.build_data_docs()
    assert (tmp_path / "state/site/index.html").is_file()


def run_checkpoint(context: Any) -> None:
    """An ordinary checkpoint of Great Expectations, followed by its own action that updates data docs."""
    import pandas  # type: ignore[import-untyped]

    batch = (
        context.data_sources.add_pandas("memory").add_dataframe_asset("rows").add_batch_definition_whole_dataframe("b")
    )
    suite = context.suites.add(gx.ExpectationSuite("s"))
    suite.add_expectation(gx.expectations.ExpectColumnValuesToNotBeNull(column="line"))
    validation = context.validation_definitions.add(gx.ValidationDefinition(name="v", data=batch, suite=suite))
    action = gx.checkpoint.UpdateDataDocsAction(name="docs", site_names=["prop_quality"])
    checkpoint = context.checkpoints.add(gx.Checkpoint(name="c", validation_definitions=[validation], actions=[action]))
    result = checkpoint.run(batch_parameters={"dataframe": pandas.DataFrame({"line": [20.0]})})
    assert result.success


def test_the_action_of_a_checkpoint_makes_the_site(context: Any, tmp_path: Path) -> None:
    run_checkpoint(context)
    assert (tmp_path / "state/site/index.html").is_file()


def test_a_catalogue_that_is_none_is_refused_by_name(tmp_path: Path) -> None:
    for name in ("no.such.module:catalogue", "json:dumps_", "builtins:dict"):
        builder = PropQualitySiteBuilder(None, str(tmp_path), catalogue=name)
        with pytest.raises(UsageError, match=name.split(":")[0]):
            builder.build()


def test_the_configuration_that_travels_with_the_project_makes_the_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(Path(__file__).parents[3] / "gx", tmp_path / "gx")
    monkeypatch.setenv("PROP_QUALITY_STATE_DIR", str(tmp_path / "state"))
    store(tmp_path / "state", *incident()[:2])
    made = gx.get_context(mode="file", project_root_dir=tmp_path)
    assert made.build_data_docs() == {"prop_quality": (tmp_path / "state/site/index.html").as_uri()}
    page = (tmp_path / "state/site/suites.html").read_text()
    assert "line_not_placeholder" in page, "the real catalogue describes the checks"
    later = store(tmp_path / "state", incident()[2])[0]
    run_checkpoint(made)
    assert (tmp_path / f"state/site/runs/2026-01/{later.run_id}.html").is_file(), "the action of a checkpoint adds it"
