import re
from pathlib import Path

import pytest

from prop_quality.cli import run
from prop_quality.sql import pages
from prop_quality.sql.cli import FORMATS, check
from prop_quality.sql.codes import CODES, Code
from prop_quality.sql.formats import RENDERERS

FOLDER = pages.folder()
_LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("code", CODES.values(), ids=lambda code: code.name)
def test_every_code_has_a_page_with_its_sentence_an_example_the_mend_and_its_limits(code: Code) -> None:
    page = pages.text(code)
    assert page.startswith(f"# {code.name}\n\n{code.sentence}\n\nSeverity: {code.severity}.\n\n## What it means\n\n")
    assert re.findall("^## (.*)", page, re.MULTILINE) == ["What it means", "Found", "The mend", "Not found"]
    for part in page.split("\n## ")[2:4]:
        assert "```" in part, "an example"
    assert page.split("## Not found\n\n")[1].startswith("- ")


def test_every_page_is_of_a_code() -> None:
    names = {path.stem for path in FOLDER.glob("*.md")} - {"README", "differences"}
    assert names == CODES.keys()


def test_the_index_lists_every_code_and_every_format() -> None:
    index = (FOLDER / "README.md").read_text(encoding="utf-8")
    rows = [f"| [`{code.name}`]({code.name}.md) | {code.severity} | {code.sentence} |" for code in CODES.values()]
    assert "\n".join(rows) in index
    assert re.findall(r"^\| `(\w+)` \|", index, re.MULTILINE) == list(RENDERERS)
    assert list(FORMATS) == list(RENDERERS)


def test_the_index_lists_every_option_of_the_command() -> None:
    index = (FOLDER / "README.md").read_text(encoding="utf-8")
    names = {
        name for option in check.params for name in (*option.opts, *option.secondary_opts) if name.startswith("--")
    }
    assert {name for name in names if f"`{name}" not in index} == set()


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.md")), ids=lambda path: path.name)
def test_links_between_pages_lead_somewhere(path: Path) -> None:
    for target in _LINK.findall(path.read_text(encoding="utf-8")):
        assert (FOLDER / target).is_file(), target


def test_the_command_lists_the_codes_and_prints_a_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sql", "explain"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(CODES)
    assert run(["sql", "explain", "utc-today"]) == 0
    assert capsys.readouterr().out == pages.text(CODES["utc-today"])
    assert run(["sql", "explain", "utc-tody"]) == 2
    assert "did you mean utc-today?" in capsys.readouterr().err
