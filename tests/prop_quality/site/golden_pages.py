"""Writes the golden pages anew: `python -m tests.prop_quality.site.golden_pages`; then read the difference."""

from __future__ import annotations

import tempfile
from pathlib import Path

from prop_quality.site import build_site
from tests.prop_quality.site.conftest import store_demo
from tests.prop_quality.site.nights import NOW, catalogue
from tests.prop_quality.site.test_site_grows import GOLDEN, OTHERS, lasting


def main() -> None:
    """The same nights as the fixture `demo`."""
    with tempfile.TemporaryDirectory() as folder:
        state, site = Path(folder) / "state", Path(folder) / "site"
        pages = store_demo(state)
        build_site(state, site, catalogue(), now=NOW)
        GOLDEN.mkdir(exist_ok=True)
        for path in (*pages.values(), *OTHERS):
            (GOLDEN / path.replace("/", "_")).write_text(lasting((site / path).read_text()))


if __name__ == "__main__":
    main()
