"""Writes the golden pages anew: `python -m tests.prop_quality.site.golden_pages`; then read the difference."""

from __future__ import annotations

import tempfile
from pathlib import Path

from prop_quality.site import build_site
from tests.prop_quality.site.conftest import store_demo
from tests.prop_quality.site.nights import NOW, catalogue
from tests.prop_quality.site.test_site_grows import GOLDEN, without_hashes


def main() -> None:
    """The same nights as the fixture `demo`."""
    with tempfile.TemporaryDirectory() as folder:
        state, site = Path(folder) / "state", Path(folder) / "site"
        run = Path(store_demo(state)["run"]).stem
        build_site(state, site, catalogue(), now=NOW)
        GOLDEN.mkdir(exist_ok=True)
        for path in (
            f"runs/2026-01/{run}.html", "dates/2026-01/2026-01-09.html", "suites.html", "waivers.html",
            "checks/rows_fresh.html", "feed.atom", "status.json",
        ):  # fmt: skip
            (GOLDEN / path.replace("/", "_")).write_text(without_hashes((site / path).read_text()))


if __name__ == "__main__":
    main()
