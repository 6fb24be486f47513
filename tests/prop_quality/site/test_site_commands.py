"""`prop-quality site build|serve|publish` as a user meets them: words, exit codes, nothing slow imported."""

from __future__ import annotations

import http.client
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from prop_quality.errors import DeliveryError, UsageError
from prop_quality.site import build_site, serve
from prop_quality.site.cli import site_group
from tests.prop_quality.site.nights import NOW, catalogue, incident, store


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PROP_QUALITY_STATE_DIR", str(tmp_path / "state"))
    store(tmp_path / "state", incident()[0])
    return tmp_path / "state"


def test_publish_and_serve_say_what_to_do_when_there_is_no_site(state: Path, tmp_path: Path) -> None:
    for command in (["publish", "--to", str(tmp_path / "x")], ["serve"]):
        result = CliRunner().invoke(site_group, command)
        assert result.exit_code == 2
        assert "prop-quality site build" in result.stderr


def test_publish_sends_the_site_and_says_where_it_is(state: Path, tmp_path: Path) -> None:
    build_site(state, state / "site", catalogue(), now=NOW)
    result = CliRunner().invoke(site_group, ["publish", "--to", str(tmp_path / "public")])
    assert result.exit_code == 0, result.output
    assert str(tmp_path / "public" / "index.html") in result.stdout


def test_publish_to_a_place_that_refuses_is_exit_4(state: Path, tmp_path: Path) -> None:
    build_site(state, state / "site", catalogue(), now=NOW)
    (tmp_path / "file").write_text("")
    result = CliRunner().invoke(site_group, ["publish", "--to", str(tmp_path / "file" / "below")])
    assert result.exit_code == 4
    assert result.stderr.startswith("Error: The site could not be copied")
    assert "Traceback" not in result.output


def test_a_clock_that_is_no_time_is_wrong_usage(state: Path) -> None:
    result = CliRunner().invoke(site_group, ["build", "--now", "yesterday"])
    assert result.exit_code == 2
    assert "2026-01-17T04:40:00Z" in result.stderr


def test_every_command_has_help_with_an_example() -> None:
    for name in ("build", "serve", "publish"):
        assert f"prop-quality site {name}" in CliRunner().invoke(site_group, [name, "--help"]).stdout


def test_building_imports_neither_great_expectations_nor_bigquery(state: Path) -> None:
    script = (
        "import sys; from pathlib import Path\n"
        "import prop_quality.site.cli\n"
        "from prop_quality.site import build_site\n"
        "from tests.prop_quality.site.nights import NOW, catalogue\n"
        "build_site(Path(sys.argv[1]), Path(sys.argv[1]) / 'site', catalogue(), now=NOW)\n"
        "print([m for m in sys.modules if m.split('.')[0] in ('great_expectations', 'google', 'sqlalchemy')])\n"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", script, str(state)], cwd=root, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.strip() == "[]", done.stderr


def test_without_the_charting_libraries_the_numbers_stand_alone(state: Path) -> None:
    store(state, *incident()[1:4])
    script = (
        "import sys; from pathlib import Path; sys.modules['vl_convert'] = None\n"
        "from prop_quality.site import build_site\n"
        "from tests.prop_quality.site.nights import NOW, catalogue\n"
        "build_site(Path(sys.argv[1]), Path(sys.argv[1]) / 'site', catalogue(), now=NOW)\n"
    )
    root = Path(__file__).parents[3]
    subprocess.run([sys.executable, "-c", script, str(state)], cwd=root, check=True, timeout=60)
    page = (state / "site/index.html").read_text()
    assert "<svg" not in page
    assert page.count("<details open>") == 6
    assert "prop-quality[site]" in page


@contextmanager
def connection(address: str) -> Iterator[http.client.HTTPConnection]:
    opened = http.client.HTTPConnection(urllib.parse.urlsplit(address).netloc, timeout=10)
    try:
        yield opened
    finally:
        opened.close()


@pytest.mark.parametrize(
    ("path", "host", "status"),
    [
        ("/index.html", None, 200),
        ("/runs/", None, 404),
        ("/.publish.lock", None, 404),
        ("/%2epublish.lock", None, 404),
        ("/../state/results", None, 404),
        ("/index.html", "evil.example:80", 404),
    ],
)
def test_serve_shows_pages_and_nothing_else(state: Path, path: str, host: str | None, status: int) -> None:
    build_site(state, state / "site", catalogue(), now=NOW)
    with serve(state / "site") as address, connection(address) as opened:
        opened.request("GET", path, headers={"Host": host} if host else {})
        response = opened.getresponse()
        response.read()
        assert response.status == status
        assert address.startswith("http://127.0.0.1:")


def test_a_port_that_is_taken_is_a_delivery_error_and_a_missing_site_wrong_usage(state: Path) -> None:
    build_site(state, state / "site", catalogue(), now=NOW)
    with serve(state / "site") as address:
        port = urllib.parse.urlsplit(address).port or 0
        with pytest.raises(DeliveryError, match="--port"), serve(state / "site", port):
            pass
    with pytest.raises(UsageError, match="site build"), serve(state / "nothing"):
        pass
