"""What the README says is so: commands, options, settings, exit codes, links, make targets, measured numbers."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import click
import pytest

from prop_quality.cli import root
from prop_quality.settings import SETTINGS
from prop_quality.verdict import ExitCode

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("sql/*.md"), *ROOT.glob("tests/**/*.md")]


def blocks(language: str, text: str = README) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def shown_commands() -> list[str]:
    """Every call of the command in the README's shell blocks, from its name to the end of that call."""
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    return [match[0].strip() for line in lines for match in re.finditer(r"prop-quality (?=[a-z])[^#&|']*", line)]


def leaves(command: click.Command = root, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, by its path."""
    if not isinstance(command, click.Group):
        yield " ".join(path), command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        sub = command.get_command(context, name)
        assert sub is not None
        yield from leaves(sub, (*path, name))


LEAVES = dict(leaves())


def test_the_readme_shows_commands() -> None:
    assert len(shown_commands()) >= 10


@pytest.mark.parametrize("line", shown_commands())
def test_a_shown_command_exists_with_its_options(line: str) -> None:
    words = shlex.split(line)[1:]
    path = next(" ".join(words[:n]) for n in (2, 1) if " ".join(words[:n]) in LEAVES)
    known = {option for parameter in LEAVES[path].params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known


def test_every_command_is_in_the_readme() -> None:
    missing = [path for path in LEAVES if f"prop-quality {path}" not in README and f"make {path}" not in README]
    assert missing == []


def test_options_named_in_the_text_exist() -> None:
    known = {option for command in LEAVES.values() for parameter in command.params for option in parameter.opts}
    prose = re.sub(r"^```.*?^```", "", README, flags=re.MULTILINE | re.DOTALL)
    assert set(re.findall(r"`(--[a-z-]+)`", prose)) <= known


def test_the_table_of_settings_is_that_of_the_code() -> None:
    rows = re.findall(r"^\| `(PROP_QUALITY_\w+)` \| (.*?) \| (.*?) \|$", README, re.MULTILINE)
    expected = [(s.variable, f"`{s.default}`" if s.default else "unset", s.meaning) for s in SETTINGS]
    assert rows == expected


def test_the_table_of_exit_codes_is_that_of_the_code() -> None:
    rows = re.findall(r"^\| (\d) \| (.*?) \|$", README, re.MULTILINE)
    assert rows == [(str(int(code)), code.meaning) for code in ExitCode]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_of_a_page_resolve(page: Path) -> None:
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    targets = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'(?:src|srcset)="([^"]+)"', text)
    local = [target.split("#")[0] for target in targets if not re.match(r"[a-z]+:", target)]
    assert [target for target in local if target and not (page.parent / target).exists()] == []


def test_make_targets_named_in_the_pages_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    pages = README + (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = set(re.findall(r"(?:`|^)make ([a-z]+)", pages, re.MULTILINE))
    assert {"demo", "test", "check"} <= named <= targets


def test_the_picture_of_the_terminal_shows_what_the_text_says_and_fetches_nothing() -> None:
    svg = (ROOT / "docs/images/checkpoint.svg").read_text(encoding="utf-8")
    shown = unescape(re.sub(r"<[^>]+>", " ", svg)).split()
    text = re.search(r"<!-- printed by: (.*?) -->\n```text\n(.*?)```", README, re.DOTALL)
    assert text is not None
    assert set(text[1].split()) <= set(shown)
    assert set(text[2].split()) <= set(shown)
    assert set(re.findall(r"(?:href|src|xmlns)=\"(http[^\"]*)|url\((?!#)", svg)) == {"http://www.w3.org/2000/svg"}


def test_measured_numbers_are_as_the_benchmarks_printed_them() -> None:
    measured = README[README.index("## Measured") : README.index("## What this proves")]
    printed = [path.read_text(encoding="utf-8") for path in (ROOT / "docs/benchmarks").glob("*.txt")]
    quoted = blocks("text", measured)
    assert len(quoted) >= 2
    for block in quoted:
        assert block.strip()
        assert any(block.strip() in text for text in printed), block
