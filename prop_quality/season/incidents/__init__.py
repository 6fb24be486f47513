"""The failures on record, each as a night that can be built."""

from prop_quality.season.incidents import batches, keys, values
from prop_quality.season.incidents.incident import Incident

__all__ = ["INCIDENTS", "Incident", "incident"]

INCIDENTS: tuple[Incident, ...] = (*batches.INCIDENTS, *values.INCIDENTS, *keys.INCIDENTS)
_BY_ID = {one.id: one for one in INCIDENTS}


def incident(incident_id: str) -> Incident:
    """The incident of that id.

    Raises:
        KeyError: there is none.
    """
    return _BY_ID[incident_id]
