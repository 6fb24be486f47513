"""The published site: static pages made from stored verdicts alone. Nothing here but `gx_builder` knows about GX.

Nothing is imported until it is named: the help of the commands needs no templates.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from prop_quality.site.builder import Published, build_site
    from prop_quality.site.serve import show

__all__ = ["Published", "build_site", "show"]

_HOMES = {"Published": "builder", "build_site": "builder", "show": "serve"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'prop_quality.site' has no attribute {name!r}")
    return getattr(importlib.import_module(f"prop_quality.site.{_HOMES[name]}"), name)
