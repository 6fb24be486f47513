"""The site as one of Great Expectations' `data_docs_sites`: `build_data_docs()` and `UpdateDataDocsAction` make it.

```yaml
data_docs_sites:
  prop_quality:
    class_name: PropQualitySiteBuilder
    module_name: prop_quality.site.gx_builder
    state_dir: .prop-quality        # default: the state directory of this installation
    site_dir: .prop-quality/site    # default: `site` in the state directory
    catalogue: prop_quality.api:catalogue   # the default
```
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from great_expectations.data_context.types.resource_identifiers import ValidationResultIdentifier

from prop_quality.errors import UsageError
from prop_quality.settings import Settings
from prop_quality.site.builder import build_site
from prop_quality.site.files import locked
from prop_quality.suite import Catalogue

CATALOGUE = "prop_quality.api:catalogue"


class PropQualitySiteBuilder:
    """Builds the site from the verdicts that are stored when Great Expectations asks for it.

    Great Expectations hands over identifiers of its own results; they are not read, since a verdict says more than
    they hold. So a verdict must be stored before the data docs are built, as the runner does; one that is not stored
    yet enters the site with the next build.
    """

    def __init__(
        self,
        data_context: Any,
        state_dir: str | None = None,
        site_dir: str | None = None,
        catalogue: str | Callable[[datetime], Catalogue] = CATALOGUE,
        site_name: str | None = None,
        runtime_environment: dict[str, Any] | None = None,
        **_: Any,
    ) -> None:
        """Great Expectations calls this with one entry of `data_docs_sites`.

        Args:
            data_context: the context; relative folders are taken from its root directory.
            state_dir: the state of this installation; default: `PROP_QUALITY_STATE_DIR`, or what `gx/` says.
            site_dir: where the site shall be.
            catalogue: `module:function` that gives the `Catalogue` as of a time, or the function itself.
            site_name: the entry's name.
            runtime_environment: not needed; the context gives it.
        """
        root = Path(getattr(data_context, "root_directory", None) or ".")
        self._state = root / state_dir if state_dir else Settings.load().state_dir
        self._site = root / site_dir if site_dir else self._state / "site"
        self._catalogue = catalogue
        self.site_name = site_name

    def build(
        self, resource_identifiers: Sequence[Any] | None = None, build_index: bool = True
    ) -> tuple[str, dict[str, Any]]:
        """Bring the site up to date; what is there already is left as it is, so both arguments change nothing.

        Returns:
            The address of the front page, and an empty mapping where Great Expectations keeps its index.

        Raises:
            DeliveryError: the site could not be written.
        """
        now = datetime.now(UTC)
        build_site(self._state, self._site, self._load_catalogue(now), now=now)
        return self._address("index.html"), {}

    def get_resource_url(self, resource_identifier: Any = None, only_if_exists: bool = True) -> str | None:
        """The `file://` address of the front page, also for a single result: it leads to the newest run first."""
        if isinstance(resource_identifier, ValidationResultIdentifier) or resource_identifier is None:
            exists = (self._site / "index.html").is_file()
            return self._address("index.html") if exists or not only_if_exists else None
        return self._address("suites.html") if (self._site / "suites.html").is_file() or not only_if_exists else None

    def clean_site(self) -> None:
        """Remove every file of the site; the verdicts stay, and the next build makes all pages again."""
        with locked(self._site):
            for path in sorted(self._site.rglob("*"), reverse=True):
                if path.is_dir() and not path.is_symlink():
                    path.rmdir() if not any(path.iterdir()) else None
                elif path.name != ".publish.lock":
                    path.unlink()

    def _address(self, page: str) -> str:
        return (self._site / page).resolve().as_uri()

    def _load_catalogue(self, now: datetime) -> Catalogue:
        if not isinstance(self._catalogue, str):
            return self._catalogue(now)
        module, _, name = self._catalogue.partition(":")
        try:
            found = getattr(importlib.import_module(module), name)(now)
        except (ImportError, AttributeError, TypeError, ValueError) as error:
            raise UsageError(f"catalogue of the data docs site is {self._catalogue!r}: {error}.") from error
        if not isinstance(found, Catalogue):
            raise UsageError(f"catalogue of the data docs site: {self._catalogue} gives no Catalogue.")
        return found
