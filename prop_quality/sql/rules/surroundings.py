"""What a rule may know beside the statement."""

from __future__ import annotations

from dataclasses import dataclass, field

from prop_quality.sql.catalogue import Catalogue, Table
from prop_quality.sql.estate import Estate
from prop_quality.sql.readers import Readers


@dataclass(frozen=True)
class Surroundings:
    """The estate that the statement belongs to, and what holds beside it.

    `contract` is the catalogue as it was before, `readers` are those of its columns, and `ours` is our own part of it:
    what the checks read, and the views that watch the predictions.
    """

    estate: Estate
    contract: Catalogue
    readers: Readers = field(default_factory=Readers)
    ours: Catalogue = field(default_factory=Catalogue)

    def reliance(self, table: Table) -> str:
        """Who relies on a table or view as a whole, as the end of a sentence; "" when nobody does."""
        readers = self.readers.of_whole(table.name)
        ours = self.ours.table(table.name)
        if ours is not None and ours.kind != "table":
            watches = "it is one of the views that watch the predictions"
            return f"{watches}, and is read by {readers}" if readers else watches
        return f"it is read by {readers}" if readers else ""
