"""Changed views before and after, over nights on record: what differs, and whether an incident is no longer shown.

`compare_views` is all that others need. It runs in a process of its own with an embedded warehouse that sees no file
and no network: the statements are strangers', and one that never ends is ended.
"""

from prop_quality.sql.compare.comparison import ChangedView, Comparison, Sight
from prop_quality.sql.compare.difference import Difference
from prop_quality.sql.compare.findings import findings_of
from prop_quality.sql.compare.process import ComparisonProcess, compare_views

__all__ = ["ChangedView", "Comparison", "ComparisonProcess", "Difference", "Sight", "compare_views", "findings_of"]
