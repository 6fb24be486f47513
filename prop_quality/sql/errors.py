"""What can go wrong in the SQL gate, as one tree.

PropQualityError
├── AnalyzerMissing     the extra `sql` is not installed; exit 3, nothing was checked
├── Refused             the analyzer refused a statement; it becomes a finding
└── AnalyzerFailed      the analyzer itself failed on a statement; it becomes a finding, and the next one is checked
"""

from __future__ import annotations

import re

from prop_quality.errors import PropQualityError

_PLACE = re.compile(r"\s*\[at (\d+):(\d+)\]\s*$")
_CODE = re.compile(r"^Code: \d+, Message: ")


class AnalyzerMissing(PropQualityError):
    """The analyzer is not installed on this machine."""


class AnalyzerFailed(PropQualityError):
    """The analyzer trapped or overran its time on one statement; the message says why."""


class Refused(PropQualityError):
    """The analyzer refused a statement; `line` and `column` count from 1, within the text that was sent.

    Columns are those of the analyzer, which counts a tab up to the next multiple of eight. `placed` is False when the
    answer names no place.
    """

    def __init__(self, answer: str) -> None:
        text = _CODE.sub("", answer, count=1)
        place = _PLACE.search(text)
        self.placed = place is not None
        self.line, self.column = (int(place[1]), int(place[2])) if place else (1, 1)
        self.message = _PLACE.sub("", text).strip()
        super().__init__(self.message)
