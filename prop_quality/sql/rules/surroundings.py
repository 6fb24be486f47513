"""What a rule may know beside the statement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from prop_quality.sql.catalogue import Catalogue
from prop_quality.sql.estate import Estate


@dataclass(frozen=True)
class Surroundings:
    """The estate that the statement belongs to, and our contract.

    `readers` maps a column of the predictions table to the checks that read it, as (check id, suite).
    """

    estate: Estate
    contract: Catalogue
    readers: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
