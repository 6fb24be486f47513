"""Reports whose every text was written by somebody who wants to break out of the format."""

from __future__ import annotations

from hypothesis import strategies as st

from prop_quality.sql.codes import CODES
from prop_quality.sql.finding import Change, Finding, Level, Report
from prop_quality.verdict import Outcome

_TRICKS = (
    "`", "```", "\n```\n@octocat", "</details>", "<script>", "<!--", "-->", "]]>", "&amp;", '"', "'", "|", "%0A", "%",
    "\n::error::", "::add-mask::", "##[error]", "##vso[task]", ",line=1", ":", "\x1b[31m", "\x1b]8;;http://x\x07",
    "\x00", "\r", "\n", "\t", "\u202e", "\u2028", "\x85", "\ufffe", "\ud800", "漢字", "e\u0301", "👩‍💻", "\x7f", "\xa0",
)  # fmt: skip

TEXTS = st.lists(st.one_of(st.sampled_from(_TRICKS), st.text(st.characters(), max_size=8)), max_size=5).map("".join)
NUMBERS = st.integers(1, 5)
FINDINGS = st.builds(
    Finding,
    code=st.one_of(st.sampled_from(sorted(CODES)), TEXTS),
    severity=st.sampled_from(Level),
    file=st.one_of(st.just("a.sql"), TEXTS),
    line=NUMBERS,
    column=st.integers(1, 30),
    object=TEXTS,
    message=TEXTS,
    help=TEXTS,
)
COMPARISONS = st.one_of(
    st.none(),
    st.dictionaries(st.one_of(st.sampled_from(["columns", "rows", "incidents"]), TEXTS), st.one_of(TEXTS, NUMBERS)),
    st.builds(lambda name: {"incidents": [{"incident": name, "before": True, "after": False}]}, TEXTS),
)
CHANGES = st.builds(
    Change,
    object=TEXTS,
    columns=st.lists(TEXTS, max_size=2).map(tuple),
    checks=st.lists(TEXTS, max_size=2).map(tuple),
    comparison=COMPARISONS,
)
REPORTS = st.builds(
    Report,
    verdict=st.sampled_from([Outcome.PASSED, Outcome.FAILED, Outcome.INCONCLUSIVE]),
    files=st.integers(0, 3),
    statements=st.integers(0, 3),
    seconds=st.floats(0, 100),
    findings=st.lists(FINDINGS, max_size=4).map(tuple),
    changes=st.lists(CHANGES, max_size=2).map(tuple),
    sources=st.fixed_dictionaries({"a.sql": st.lists(TEXTS, max_size=4).map(tuple)}),
)
