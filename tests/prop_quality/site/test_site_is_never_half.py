"""A build that dies, a disk that is full, two builders at once: nothing is lost and no page is half."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from prop_quality.site import build_site
from prop_quality.site.builder import Published
from tests.prop_quality.site.nights import NOW, catalogue, incident, store

ROOT = Path(__file__).parents[3]
# Charts are left out here (as where their libraries are not installed): they say nothing about crashes and take time.
BUILD = """
import sys
sys.modules["altair"] = None
from pathlib import Path
from prop_quality.site import build_site
from tests.prop_quality.site.nights import NOW, catalogue
def build():
    return build_site(Path(sys.argv[1]), Path(sys.argv[2]), catalogue(), now=NOW)
"""
# Dies at each file in turn, on a copy; then says what a reader of it finds, and what the next try makes of it.
EVERY_POINT = """
import json, os, shutil
from prop_quality.site.publish import publish
from tests.prop_quality.site.test_site_is_never_half import broken_links, fingerprint
state, site, work = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
public = sys.argv[4] if len(sys.argv) > 4 else None
def deliver(copy):
    publish(copy, read(copy)) if public else build_site(state, copy, catalogue(), now=NOW)
def read(copy):
    return work / f"public-{copy.name}" if public else copy
def crash_at(number, copy):
    child = os.fork()
    if child == 0:
        left = number
        def hook(event, args):
            nonlocal left
            if event == "os.rename":
                left -= 1
                if left < 0:
                    os._exit(9)
        sys.addaudithook(hook)
        try:
            deliver(copy)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
found = []
for number in range(1000):
    copy = work / str(number)
    shutil.copytree(site, copy)
    if public:
        shutil.copytree(public, read(copy))
    code = crash_at(number, copy)
    between = broken_links(read(copy), ["index.html"])
    deliver(copy)
    found.append([code, between, fingerprint(read(copy)), broken_links(read(copy))])
    shutil.rmtree(copy)
    if code == 0:
        break
print(json.dumps(found))
"""


class Links(HTMLParser):
    """The links and ids of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src") and value:
                self.links.append(value)
            elif name == "id" and value:
                self.ids.add(value)


def broken_links(site: Path, pages: list[str] | None = None) -> list[str]:
    """Links from `pages` (default: all of the site) that lead nowhere, or outside."""
    known: dict[Path, Links] = {}

    def parsed(path: Path) -> Links:
        if path not in known:
            known[path] = Links()
            known[path].feed(path.read_text(encoding="utf-8"))
        return known[path]

    broken = []
    for page in [site / p for p in pages] if pages else sorted(site.rglob("*.html")):
        for link in parsed(page).links:
            target, _, fragment = link.partition("#")
            path = (page.parent / target).resolve() if target else page
            inside = path.is_relative_to(site.resolve()) and ":" not in target and not target.startswith("/")
            lost = fragment and path.suffix == ".html" and path.is_file() and fragment not in parsed(path).ids
            if not inside or not path.is_file() or lost:
                broken.append(f"{page.relative_to(site)} -> {link}")
    return broken


def fingerprint(site: Path) -> str:
    """One text for all that a reader of `site` can see."""
    digest = hashlib.sha256()
    for path in sorted(p for p in site.rglob("*") if p.is_file()):
        relative = path.relative_to(site)
        if not any(part.startswith(".") for part in relative.parts) and relative.name != "listed.json":
            digest.update(f"{relative}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def run(script: str, *arguments: object, check: bool = True) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", BUILD + script, *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    if check:
        assert done.returncode == 0, done.stderr
    return done


def test_a_crash_at_any_file_leaves_a_readable_site_and_the_next_build_repairs_it(tmp_path: Path) -> None:
    state, site = tmp_path / "state", tmp_path / "site"
    store(state, *incident()[8:11])
    run("build()", state, site)
    before = fingerprint(site)
    store(state, incident()[-1])
    found = json.loads(run(EVERY_POINT, state, site, tmp_path).stdout)
    assert len(found) > 15, "too few points to die at"
    assert [code for code, *_ in found] == [9] * (len(found) - 1) + [0]
    assert [between for _, between, *_ in found if between] == []
    assert [broken for *_, broken in found if broken] == []
    assert {after for _, _, after, _ in found} == {found[-1][2]}
    assert found[-1][2] != before


def test_a_crash_at_any_file_of_a_delivery_leaves_a_readable_copy_and_the_next_one_completes_it(tmp_path: Path) -> None:
    state, site, public = tmp_path / "state", tmp_path / "site", tmp_path / "public"
    store(state, *incident()[8:10])
    run(
        "build(); from prop_quality.site.publish import publish; publish(Path(sys.argv[2]), sys.argv[3])",
        state,
        site,
        public,
    )
    store(state, incident()[-1])
    run("build()", state, site)
    found = json.loads(run(EVERY_POINT, state, site, tmp_path, public).stdout)
    assert len(found) > 15, "too few points to die at"
    assert [code for code, *_ in found] == [9] * (len(found) - 1) + [0]
    assert [between for _, between, *_ in found if between] == []
    assert [broken for *_, broken in found if broken] == []
    assert {after for _, _, after, _ in found} == {fingerprint(site)}


def test_the_front_page_is_the_last_page_that_a_build_writes(tmp_path: Path) -> None:
    store(tmp_path / "state", *incident()[:2])
    build_site(tmp_path / "state", tmp_path / "site", catalogue(), now=NOW)
    journal = (tmp_path / "site/.journal/00000001").read_text().split()
    pages = [path for path in journal if path.endswith(".html")]
    assert pages[-1] == "index.html"
    assert journal.index("data/runs/2026-01.json") > max(i for i, p in enumerate(journal) if p.startswith("runs/"))


def test_a_full_disk_is_a_delivery_error_and_the_next_build_delivers_what_was_missed(tmp_path: Path) -> None:
    state, site = tmp_path / "state", tmp_path / "site"
    store(state, *incident()[:2])
    stored = {path: path.read_bytes() for path in (state / "results").rglob("*.json")}
    full = """
import resource
from prop_quality.errors import DeliveryError
resource.setrlimit(resource.RLIMIT_FSIZE, (9000, resource.RLIM_INFINITY))
try:
    build()
except DeliveryError as error:
    sys.exit(f"{type(error).__name__}: {error}")
"""
    refused = run(full, state, site, check=False)
    assert refused.returncode == 1
    assert "DeliveryError: The site could not be written: File too large" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert stored == {path: path.read_bytes() for path in (state / "results").rglob("*.json")}
    run("print(build().runs_added)", state, site)
    assert broken_links(site) == []
    assert len(list((site / "runs/2026-01").glob("2026*.html"))) == 2


def test_two_builders_at_once_lose_no_run(tmp_path: Path) -> None:
    state, site = tmp_path / "state", tmp_path / "site"
    nights = incident()
    store(state, *nights[:3])
    command = [sys.executable, "-c", BUILD + "for _ in range(4): build()", str(state), str(site)]
    builders = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) for _ in range(2)]
    for night in nights[3:]:
        store(state, night)
    for builder in builders:
        _, said = builder.communicate(timeout=100)
        assert builder.returncode == 0, said
    run("build()", state, site)
    shard = json.loads((site / "data/runs/2026-01.json").read_text())
    assert len(shard["runs"]) == len(nights)
    assert len(list((site / "runs/2026-01").glob("2026*.html"))) == len(nights)
    assert broken_links(site) == []


@pytest.mark.parametrize(
    "lost", ["data", "data/runs/2026-01.json", "data/dates/2026-01.json", "data/known.json", "data/listed.json"]
)
@pytest.mark.parametrize("how", ["removed", "damaged"])
def test_lost_memory_is_derived_again(tmp_path: Path, lost: str, how: str) -> None:
    state, site = tmp_path / "state", tmp_path / "site"
    store(state, *incident()[:3])
    build_site(state, site, catalogue(), now=NOW)
    path = site / lost
    for file in [path] if path.is_file() else [p for p in path.rglob("*") if p.is_file()]:
        file.unlink() if how == "removed" else file.write_text('{"format": 1, "runs": [{"key": ')
    store(state, incident()[3])
    build_site(state, site, catalogue(), now=NOW)
    fresh = tmp_path / "fresh"
    build_site(state, fresh, catalogue(), now=NOW)
    assert fingerprint(site) == fingerprint(fresh)


def test_a_result_that_is_no_verdict_is_named_and_stops_nothing(tmp_path: Path) -> None:
    state, site = tmp_path / "state", tmp_path / "site"
    verdicts = store(state, *incident()[:2])
    broken = state / f"results/2026-01/{verdicts[0].run_id}.json"
    whole = broken.read_bytes()
    broken.write_bytes(whole[:300])
    done = build_site(state, site, catalogue(), now=NOW)
    assert done.runs_added == 1
    assert done.unreadable == (broken.name,)
    broken.write_bytes(whole)
    assert build_site(state, site, catalogue(), now=NOW).runs_added == 1


def test_a_run_that_arrives_late_takes_its_place_in_time(tmp_path: Path) -> None:
    nights = incident()
    late, straight = tmp_path / "late", tmp_path / "straight"
    for night in (nights[3], nights[4], nights[2]):
        store(tmp_path / "state", night)
        build_site(tmp_path / "state", late, catalogue(), now=NOW)
    build_site(tmp_path / "state", straight, catalogue(), now=NOW)
    assert fingerprint(late) == fingerprint(straight)


def test_nothing_new_writes_nothing(tmp_path: Path) -> None:
    store(tmp_path / "state", *incident()[:3])
    build_site(tmp_path / "state", tmp_path / "site", catalogue(), now=NOW)
    again = build_site(tmp_path / "state", tmp_path / "site", catalogue(), now=NOW)
    assert again == Published(0, 0, 0, tmp_path / "site/index.html")
