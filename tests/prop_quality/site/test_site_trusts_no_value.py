"""Hostile text in every field that reaches a page: nothing runs, nothing is asked for, and the text can be read."""

from __future__ import annotations

import dataclasses
import itertools
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser

from prop_quality.registry import END_OF_TIME, Era, Floor, Registry
from prop_quality.site import build_site
from prop_quality.site.digest import digest_run
from prop_quality.site.files import slug
from prop_quality.site.safe import cut, publishable, redact, visible
from prop_quality.site.svg import UnsafeDrawing, themed
from prop_quality.suite import Catalogue, CheckDoc, SuiteDoc, WaiverDoc
from prop_quality.verdict import Cleared, Failure, Provenance, Verdict
from tests.prop_quality.site.conftest import Watched, watch
from tests.prop_quality.site.nights import NOW, incident, store_verdict, verdict_of
from tests.prop_quality.site.test_site_grows import atom_troubles

MARKUP = (
    "<script>window.hurt=1;alert(1)</script>",
    "\"><img src=x onerror='window.hurt=1;alert(2)'>",
    "' onmouseover=alert(3) x='",
    "</title></style></textarea></pre><svg onload=alert(4)>",
    "javascript:alert(5)//{{7*7}}${7*7}<%=7*7%>",
    "<!--<iframe srcdoc='<script>alert(6)</script>'>-->]]>",
    "&lt;b&gt;&#x3c;script&#x3e;",
    "\u202egnp.exe\u2066\u2069 אבג العربية",
    "a\x00b\x08c\x1b[31md\x7fe\u2028f\ud800g\ufeffh",
    "../../../etc/passwd\\..%2f",
    "W" * 10_000,
    "\nleading and trailing\n",
)
KEY = "20260117T043716Z-after_batch-00000000"
HOSTILE = st.one_of(
    st.sampled_from(MARKUP),
    st.text(alphabet=st.one_of(st.sampled_from("<>\"'&/=`{}%\\"), st.characters()), min_size=1, max_size=60),
)


# What a page did, what it is made of, and its texts without what the style sheet adds or hides, in one question.
FOUND = """selectors => ({
  hurt: window.hurt ?? null,
  elements: document.querySelectorAll(
    'main img, main iframe, main script, main style, main [onerror], main [onload], main [onmouseover]').length,
  whole: document.body.innerHTML.includes('Prop quality'),
  texts: selectors.map((one) => [one, Array.from(document.querySelectorAll(one)).map((e) => e.textContent)]),
})"""


@dataclasses.dataclass(repr=False)
class Sandbox:
    """One browser page for all examples."""

    watched: Watched
    folder: Path
    count: int = 0


@pytest.fixture(scope="module")
def sandbox(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    context = browser.new_context()
    yield Sandbox(watch(context.new_page()), tmp_path_factory.mktemp("hostile"))
    context.close()


def poisoned(text: str) -> Verdict:
    """A verdict with `text` in every field that a page shows."""
    verdict = verdict_of(incident()[-1])
    failed = verdict.failed()[0]
    check = dataclasses.replace(
        failed,
        id=text,
        suite=text,
        reason=text,
        remedy=text,
        breakdown=({text: text, "system_id": text, "game_date": "2026-01-09", "failing_rows": 3},),
        sample=({"player_lookup": text, text: text},),
        cleared=(Cleared(text, 1, text, ({"player_lookup": text, text: text},)),),
    )
    return dataclasses.replace(
        verdict,
        run_id=text,
        checkpoint=text,
        summary=text,
        batch=dataclasses.replace(verdict.batch, batch_id=text, worker_revision=text),
        coverage=(dataclasses.replace(verdict.coverage[0], system_id=text, missing=(text,), missing_count=1),),
        checks=(check,),
        provenance=Provenance(text, text, text),
        error=Failure(text, text),
        notes=(text,),
        roster_source=text,
        claim={text: text, "status": text, "completed_players": text, "total_predictions": text},
        query=text,
        columns={text: text},
        dates=(dataclasses.replace(verdict.dates[0], failed_checks=(text,)),),
        table=text,
        systems=(text,),
    )


def leaves(value: Any) -> Iterator[str]:
    """Every text in JSON values, the names of fields left out but for mappings whose names are data."""
    if isinstance(value, dict):
        for item in value.values():
            yield from leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item)
    elif isinstance(value, str):
        yield value


def test_the_poison_is_in_every_text_of_a_verdict_that_is_not_a_time_or_one_of_a_few_words() -> None:
    kinds = re.compile(r"\d{4}-\d\d-\d\d(T[\d:.]+Z)?|passed|failed|inconclusive|skipped|critical|warning|info")
    said = poisoned("POISON").to_json()
    assert {text for text in leaves(said) if not kinds.fullmatch(text)} == {"POISON"}
    empty = [name for name, value in said.items() if value in (None, [], {}, "")]
    assert empty == [], "a field of a verdict that no hostile text has reached"


def numbered(value: Any, count: Iterator[int]) -> Any:
    """JSON values with each `POISON`, as value or as name, made one that is there only once."""
    if isinstance(value, dict):
        return {numbered(name, count): numbered(item, count) for name, item in value.items()}
    if isinstance(value, list):
        return [numbered(item, count) for item in value]
    return f"poison-{next(count):03d}" if value == "POISON" else value


def test_every_text_of_a_verdict_is_on_the_page_of_its_run(tmp_path: Path) -> None:
    count = itertools.count()
    verdict = Verdict.from_json(numbered(poisoned("POISON").to_json(), count))
    store_verdict(tmp_path / "state", verdict, KEY)
    build_site(tmp_path / "state", tmp_path / "site", Catalogue(()), now=NOW)
    page = (tmp_path / f"site/runs/2026-01/{KEY}.html").read_text()
    everything = {f"poison-{number:03d}" for number in range(next(count))}
    # A single date's failed checks stand under "Every check", where each says more.
    assert {text for text in everything if text not in page} == {*verdict.dates[0].failed_checks}


def poisoned_catalogue(text: str) -> Catalogue:
    """A catalogue whose every text is `text`."""
    check = CheckDoc(
        text,
        text,
        text,
        text,
        ((text, text), (text, f"    {text}")),
        {text: text, "until": {text: text}, "floors": {text: text}},
    )
    waiver = WaiverDoc(text, text, text, text, text, expired=False)
    suite = SuiteDoc(text, text, (check,))
    eras, since = (Era(date.min, END_OF_TIME, (text,)),), ((date.min, 5),)
    registry = Registry(15, eras, Floor(0.95, 1), {text: Floor(0.7, 0.9)}, since)
    return Catalogue((suite,), (waiver, dataclasses.replace(waiver, expired=True)), registry)


def shown(text: str) -> str:
    """What a reader shall see of `text`."""
    return str(visible(redact(text)))


def folded(text: str | None) -> str:
    return " ".join((text or "").split())


@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(HOSTILE)
@example(MARKUP[1])
@example(MARKUP[3])
@example(MARKUP[7])
@example(MARKUP[8])
@example(MARKUP[10])
def test_nothing_executes_and_the_text_is_shown(sandbox: Sandbox, text: str) -> None:
    sandbox.count += 1
    sandbox.watched.complaints.clear()
    sandbox.watched.requests.clear()
    base = sandbox.folder / str(sandbox.count)
    verdict = store_verdict(base / "state", poisoned(text), KEY)
    build_site(base / "state", base / "site", poisoned_catalogue(text), now=NOW)
    page, complaints = sandbox.watched.page, sandbox.watched.complaints
    clean = publishable(verdict)
    run = digest_run(clean, KEY, "2026-01").page
    check = f"checks/{slug(clean.checks[0].id)}.html"
    wanted: dict[str, tuple[str, ...]] = {
        run: (".lead", "pre code", ".notice", "main li", "td.names p bdi", "dl.facts code", ".facing th bdi",
              "article .reason", "article td bdi", "article th bdi", "table.plain th bdi"),
        check: ("h1",),
        "waivers.html": ("section:nth-of-type(1) td.said", "section:nth-of-type(2) td.said"),
    }  # fmt: skip
    others = (f"systems/{slug(clean.coverage[0].system_id)}.html", "index.html", "suites.html", "systems/index.html",
              "runs/2026-01/index.html", "dates/2026-01/index.html", "dates/2026-01/2026-01-09.html")  # fmt: skip
    for path in (*wanted, *others):
        page.goto((base / "site" / path).as_uri())
        found = page.evaluate(FOUND, wanted.get(path, ()))
        assert complaints == [], path
        assert (found["hurt"], found["elements"], found["whole"]) == (None, 0, True), path
        for selector, texts in found["texts"]:
            said = [folded(one) for one in texts]
            whole = folded(shown(text)) in said if path != run else any(folded(shown(text)) in one for one in said)
            assert whole, f"{path}: {selector}"
    assert [url for url in sandbox.watched.requests if not url.startswith("file:")] == []
    assert len((base / "site/index.html").read_bytes()) <= 200_000
    assert atom_troubles((base / "site/feed.atom").read_text()) == []
    assert ET.fromstring((base / "site/badge.svg").read_text()).tag == "{http://www.w3.org/2000/svg}svg"
    assert json.loads((base / "site/status.json").read_text())["state"] == "unknown"


def test_control_and_direction_characters_are_named() -> None:
    assert visible("a\x00\u202eb\ud800\n") == "a\u2400[U+202E]b[U+D800]\n"
    assert visible("Dončić, Jokić, 大谷, אבג") == "Dončić, Jokić, 大谷, אבג"
    assert cut("W" * 100, 10) == "W" * 9 + "…"


def test_connection_details_are_not_published(tmp_path: Path) -> None:
    leak = (
        "POST https://user:hunter2@bigquery.internal:9050/bigquery refused for robot@prop.iam.gserviceaccount.com, "
        "also 10.1.2.3:9050, token=ya29.secret, in /home/ana/work/.prop-quality/rest/20260117.txt of ~/data/x"
    )
    verdict = dataclasses.replace(
        verdict_of(incident()[-1]), error=Failure("Unreachable", leak), notes=(leak,), summary=leak, roster_source=leak
    )
    store_verdict(tmp_path / "state", verdict)
    build_site(tmp_path / "state", tmp_path / "site", Catalogue(()), now=NOW)
    for path in (p for p in (tmp_path / "site").rglob("*") if p.is_file()):
        content = path.read_text(encoding="utf-8")
        for secret in ("hunter2", "10.1.2.3", "gserviceaccount", "ya29", "bigquery.internal", "/home", "~/data"):
            assert secret not in content, path


def test_a_sample_shows_at_most_twenty_rows_and_no_field_that_is_not_of_a_verdict(tmp_path: Path) -> None:
    verdict = verdict_of(incident()[-1])
    rows = tuple({"player_lookup": f"player{i}"} for i in range(50))
    data: dict[str, Any] = dataclasses.replace(
        verdict, checks=(dataclasses.replace(verdict.failed()[0], sample=rows),)
    ).to_json()
    data["connection"] = "bigquery://somewhere"
    folder = tmp_path / "state/results/2026-01"
    folder.mkdir(parents=True)
    (folder / f"{verdict.run_id}.json").write_text(json.dumps(data))
    build_site(tmp_path / "state", tmp_path / "site", Catalogue(()), now=NOW)
    page = (tmp_path / f"site/runs/2026-01/{verdict.run_id}.html").read_text()
    published = json.loads((tmp_path / f"site/runs/2026-01/{verdict.run_id}.json").read_text())
    assert "player19" in page
    assert "player20" not in page
    assert len(published["checks"][0]["sample"]) == 20
    assert "connection" not in published


@given(st.text(max_size=80), st.text(max_size=80))
@settings(max_examples=200, deadline=None)
def test_two_ids_never_share_a_file_and_no_name_leaves_its_folder(one: str, other: str) -> None:
    assert (slug(one).lower() == slug(other).lower()) == (one == other)
    assert set(slug(one)) <= set("abcdefghijklmnopqrstuvwxyz0123456789_-.")
    assert not slug(one).startswith(".")


@pytest.mark.parametrize(
    "inner",
    [
        "<script>alert(1)</script>",
        "<a href='javascript:alert(1)'><text>x</text></a>",
        "<image href='http://elsewhere.example/x.png'/>",
        "<foreignObject><body onload='alert(1)'/></foreignObject>",
        "<rect onclick='alert(1)' style='x' fill='url(http://elsewhere.example)'/>",
        "<style>* { background: url(http://elsewhere.example) }</style>",
    ],
)
def test_a_drawing_keeps_only_shapes_and_words(inner: str) -> None:
    document = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'>{inner}<path d='M0,0' stroke='#000001'/></svg>"
    )
    drawn = themed(document, {"#000001": "ink"}, title="<b>", description="&", key="k")
    assert drawn.endswith('<path d="M0,0" class="s-ink"/></svg>')
    for word in ("alert", "elsewhere", "href", "style", "script"):
        assert word not in drawn


def test_a_drawing_that_declares_entities_is_refused() -> None:
    bomb = "<!DOCTYPE x [<!ENTITY a 'aaaa'>]><svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'>&a;</svg>"
    with pytest.raises(UnsafeDrawing):
        themed(bomb, {}, title="t", description="d", key="k")


def test_the_policy_forbids_everything_that_is_not_needed(tmp_path: Path) -> None:
    store_verdict(tmp_path / "state", verdict_of(incident()[0]))
    build_site(tmp_path / "state", tmp_path / "site", Catalogue(()), now=NOW)
    for path in (tmp_path / "site").rglob("*.html"):
        page = path.read_text()
        assert "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'" in page
        assert "<style" not in page
        assert " style=" not in page
        assert page.count("<script") == 1


@pytest.mark.parametrize(
    "text", ["POST /start with the date", "and/or 1/2/3", "../../../etc/passwd", "a // b / c", "SELECT a / (b / c)"]
)
def test_a_slash_that_is_no_folder_stays(text: str) -> None:
    assert redact(text) == text
