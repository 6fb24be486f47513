"""What a rule may know beside the statement."""

from __future__ import annotations

from dataclasses import dataclass, field

from prop_quality.sql.catalogue import Catalogue
from prop_quality.sql.estate import Estate
from prop_quality.sql.readers import Readers


@dataclass(frozen=True)
class Surroundings:
    """The estate that the statement belongs to, our contract as it was before, and who reads its columns."""

    estate: Estate
    contract: Catalogue
    readers: Readers = field(default_factory=Readers)
