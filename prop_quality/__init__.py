"""prop-quality: data quality for one important table, that can never pass on nothing.

`check_batch` and `check_dates` do what the command does, in-process; nothing is imported for them until they are named.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from prop_quality.api import check_batch, check_dates
    from prop_quality.verdict import Verdict

    __version__: str

__all__ = ["Verdict", "__version__", "check_batch", "check_dates"]

_HOMES = {"check_batch": "api", "check_dates": "api", "Verdict": "verdict"}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        # Its import takes longer than that of click, and the help waits for nothing that it does not show.
        from importlib.metadata import version

        return version("prop-quality")
    if name not in _HOMES:
        raise AttributeError(f"module 'prop_quality' has no attribute {name!r}")
    return getattr(importlib.import_module(f"prop_quality.{_HOMES[name]}"), name)
