"""`prop-quality site build|serve|publish` as a user meets them: words, exit codes, nothing slow imported."""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from prop_quality.cli import run
from prop_quality.deliver import Outputs, deliver
from prop_quality.errors import DeliveryError, UsageError
from prop_quality.settings import Settings
from prop_quality.site import build_site
from prop_quality.site.serve import serve
from prop_quality.verdict import ExitCode
from tests.prop_quality.site.nights import NOW, catalogue, incident, store, verdict_of


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PROP_QUALITY_STATE_DIR", str(tmp_path / "state"))
    store(tmp_path / "state", incident()[0])
    return tmp_path / "state"


def test_publish_and_serve_say_what_to_do_when_there_is_no_site(
    state: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (["publish", "--to", str(tmp_path / "x")], ["serve"]):
        assert run(["site", *command]) == ExitCode.USAGE
        assert "prop-quality site build" in capsys.readouterr().err


def test_publish_sends_the_site_and_says_where_it_is(
    state: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build_site(state, state / "site", catalogue(), now=NOW)
    assert run(["site", "publish", "--to", str(tmp_path / "public")]) == 0
    assert str(tmp_path / "public" / "index.html") in capsys.readouterr().out


def test_publish_to_a_place_that_refuses_is_exit_4(
    state: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build_site(state, state / "site", catalogue(), now=NOW)
    (tmp_path / "file").write_text("")
    assert run(["site", "publish", "--to", str(tmp_path / "file" / "below")]) == ExitCode.NOT_DELIVERED
    said = capsys.readouterr().err
    assert said.startswith("Error: The site could not be copied")
    assert "Traceback" not in said


def test_a_verdict_whose_site_cannot_be_written_is_exit_4_and_the_next_run_delivers_it(
    state: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    settings, good = Settings.load(), verdict_of(incident()[1])
    assert good.exit_code is ExitCode.PASSED
    assert deliver(good, settings, Outputs(site=tmp_path / "file" / "site")) is ExitCode.NOT_DELIVERED
    assert "The site folder" in capsys.readouterr().err
    stored = next((state / "results").rglob(f"{good.run_id}.json"))
    assert json.loads(stored.read_text()) == good.to_json()
    assert deliver(verdict_of(incident()[2]), settings, Outputs(site=tmp_path / "site")) is ExitCode.PASSED
    assert (tmp_path / f"site/runs/2026-01/{good.run_id}.html").is_file()


DELIVER = """
import resource, sys
from pathlib import Path
from prop_quality.deliver import Outputs, deliver
from prop_quality.settings import Settings
from tests.prop_quality.site.nights import incident, verdict_of
if sys.argv[3]:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
outputs = Outputs(json_file=Path(sys.argv[1]), site=Path(sys.argv[2]))
sys.exit(deliver(verdict_of(incident()[1]), Settings.load(), outputs))
"""


@pytest.mark.parametrize(
    ("site", "most_bytes", "cause"),
    [
        ("site", 12_000, "File too large"),  # the verdict fits, a page of the site does not
        ("/sys/prop-quality", "", "not permitted|Read-only|Permission denied"),  # refused to everyone, root too
    ],
)
def test_where_the_site_cannot_be_written_the_verdict_is_printed_and_stored_before_exit_4(
    state: Path, tmp_path: Path, site: str, most_bytes: object, cause: str
) -> None:
    arguments = [str(tmp_path / "verdict.json"), str(tmp_path / site), str(most_bytes)]
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", DELIVER, *arguments], cwd=root, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == ExitCode.NOT_DELIVERED, done.stderr
    assert re.fullmatch(rf"Error: The site .*({cause}).*\n", done.stderr), done.stderr
    verdict = verdict_of(incident()[1])
    assert "PASSED" in done.stdout
    stored = next((state / "results").rglob(f"{verdict.run_id}.json"))
    for path in (stored, tmp_path / "verdict.json"):
        assert json.loads(path.read_text()) == verdict.to_json()


def test_a_failed_verdict_stays_failed_when_its_site_cannot_be_written(state: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    failed = verdict_of(incident()[-1])
    assert deliver(failed, Settings.load(), Outputs(site=tmp_path / "file" / "site")) is ExitCode.FAILED


def test_every_command_has_help_with_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("build", "serve", "publish"):
        assert run(["site", name, "--help"]) == 0
        assert f"prop-quality site {name}" in capsys.readouterr().out


def test_site_build_makes_the_site_and_imports_neither_great_expectations_nor_bigquery(state: Path) -> None:
    script = (
        "import sys\n"
        "from prop_quality.cli import main\n"
        "try:\n"
        "    code = main(['site', 'build', '--now', '2026-01-17T04:40:00Z'])\n"
        "except SystemExit as end:\n"
        "    code = end.code\n"
        "slow = [m for m in sys.modules if m.split('.')[0] in ('great_expectations', 'google', 'sqlalchemy')]\n"
        "print(code or 0, slow)\n"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines()[-1] == "0 []", done.stdout + done.stderr
    assert done.stdout.startswith("Added 1 run, wrote ")
    assert "line_not_placeholder" in (state / "site/suites.html").read_text(), "the real catalogue is read"


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
    assert page.count('<details class="after" open>') == 1
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
        ("/index.html", "evil.example", 404),
        ("/index.html", "localhost", 200),  # so a browser says it on port 80
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
