"""Everything that can go wrong, as one tree.

PropQualityError            the base; a message says what happened, to which thing, and what to do next
├── UsageError              the caller's words or files are wrong; exit 2, nothing was asked of the warehouse
│   ├── SettingsError       a setting is unknown or malformed
│   └── EventError          a completion event cannot be trusted to say which batch to check
├── WarehouseError          the warehouse did not answer; the run is inconclusive, exit 3
│   ├── Unreachable         nothing answered at the address, or no credentials were found
│   ├── PermissionRefused   the warehouse answered that this identity may not
│   ├── NotFound            a table or dataset is not there
│   ├── TimedOut            no answer within the deadline
│   ├── OverBudget          the job would bill more bytes than the cap allows
│   └── QueryRefused        the warehouse refused the statement itself
└── DeliveryError           the verdict stands but could not be stored, published or announced; exit 4
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prop_quality.verdict import Verdict


class PropQualityError(Exception):
    """The base of every error that this library raises on purpose."""


class UsageError(PropQualityError):
    """The caller's words or files are wrong."""


class SettingsError(UsageError):
    """A setting is unknown or malformed; the message names the variable."""


class EventError(UsageError):
    """A completion event is not one, contradicts itself, or belongs to another table; the message names the field."""


class WarehouseError(PropQualityError):
    """The warehouse could not be asked or did not answer: the run is inconclusive, never failed."""


class Unreachable(WarehouseError):
    """Nothing answered at the warehouse's address, or no credentials were found."""


class PermissionRefused(WarehouseError):
    """The warehouse answered that this identity may not do what was asked."""


class NotFound(WarehouseError):
    """A table or dataset that the run needs is not there."""


class TimedOut(WarehouseError):
    """No answer came within the deadline; a query that had been sent is cancelled."""


class OverBudget(WarehouseError):
    """The job would bill more bytes than `PROP_QUALITY_MAX_BYTES_BILLED` allows; nothing was billed."""


class QueryRefused(WarehouseError):
    """The warehouse refused the statement itself: a defect of ours, or a table that changed its shape."""


class DeliveryError(PropQualityError):
    """The verdict stands, but it could not be stored, published or announced; `verdict` is it, where it is known."""

    verdict: Verdict | None = None
