"""The registry of systems: which ones are expected on a game date, and how much of the roster each must cover."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, astuple, dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from prop_quality.data_file import Entry, read_yaml
from prop_quality.errors import UsageError

END_OF_TIME = date(9999, 12, 31)


@dataclass(frozen=True)
class Floor:
    """Shares of the expected players (0 to 1): below one a system's coverage is critical, below the other a warning."""

    critical_below: float
    warning_below: float


@dataclass(frozen=True)
class Era:
    """The systems expected for game dates from `from_date` up to, not including, `until_date`."""

    from_date: date
    until_date: date
    systems: tuple[str, ...]

    @property
    def last_date(self) -> date:
        """The last game date of the era."""
        return self.until_date - timedelta(days=1)


@dataclass(frozen=True)
class Break:
    """Dates without games that the league announced, both ends included."""

    first_date: date
    last_date: date
    because: str


@dataclass(frozen=True)
class Registry:
    """What is expected of which system on which date."""

    min_minutes: float
    eras: tuple[Era, ...]
    default_floor: Floor
    floors: Mapping[str, Floor]
    rows_per_pair: tuple[tuple[date, int], ...]
    all_eras: tuple[Era, ...] = ()
    breaks: tuple[Break, ...] = ()

    def no_games(self, game_date: date) -> str | None:
        """Why `game_date` is known to have no games; None where the file does not say."""
        return next((b.because for b in self.breaks if b.first_date <= game_date <= b.last_date), None)

    def systems_on(self, game_date: date) -> tuple[str, ...]:
        """The systems expected on `game_date`, of those selected; empty before the first era."""
        return _systems(self.eras, game_date)

    def known_on(self, game_date: date) -> tuple[str, ...]:
        """The systems expected on `game_date`, selected or not."""
        return _systems(self.all_eras or self.eras, game_date)

    def floor(self, system_id: str) -> Floor:
        """How much of the roster `system_id` must cover."""
        return self.floors.get(system_id, self.default_floor)

    def max_rows_per_pair(self, game_date: date) -> int:
        """How many rows one player and system may legally have on `game_date`."""
        return [
            limit for since, limit in self.rows_per_pair if since <= game_date or since == self.rows_per_pair[0][0]
        ][-1]

    @property
    def coverage_limits(self) -> dict[str, Any]:
        """The floors as limits of a check; `floors` are those of single systems: both levels, or one for both."""
        own: dict[str, Any] = {
            name: floor.critical_below if floor.critical_below == floor.warning_below else astuple(floor)
            for name, floor in self.floors.items()
        }
        return {**asdict(self.default_floor), **({"floors": own} if own else {})}

    @property
    def known_systems(self) -> frozenset[str]:
        """Every system of any era."""
        return frozenset(system for era in self.eras for system in era.systems)

    def only(self, systems: Iterable[str]) -> Registry:
        """The same registry, expecting no system but `systems`.

        Raises:
            UsageError: a system that no era knows.
        """
        wanted = tuple(systems)
        for system in wanted:
            if system not in self.known_systems:
                raise UsageError(
                    f"{system!r} is no system of the registry; it knows {', '.join(sorted(self.known_systems))}."
                )
        eras = tuple(replace(era, systems=tuple(s for s in era.systems if s in wanted)) for era in self.eras)
        return replace(self, eras=eras, all_eras=self.all_eras or self.eras)


def load_registry(path: Path) -> Registry:
    """Read and validate a registry file.

    Raises:
        UsageError: the file cannot be read, or a value in it is not what it should be; the message names it.
    """
    required = ("min_minutes", "coverage", "rows_per_player_and_system", "eras")
    file = Entry(read_yaml(path), path.name, required, ("no_games",))
    coverage = file.entry("coverage", ("critical_below", "warning_below", "systems"))
    eras = _eras(file)
    return Registry(
        min_minutes=file.number("min_minutes", 0, 48),
        eras=eras,
        default_floor=_floor(coverage),
        floors=_floors(coverage, {system for era in eras for system in era.systems}),
        rows_per_pair=_rows_per_pair(file),
        breaks=tuple(_break(one) for one in file.optional_entries("no_games", ("from", "to", "because"))),
    )


def _systems(eras: Iterable[Era], game_date: date) -> tuple[str, ...]:
    return next((era.systems for era in eras if era.from_date <= game_date < era.until_date), ())


def _eras(file: Entry) -> tuple[Era, ...]:
    found = [(era.day("from"), era.texts("systems")) for era in file.entries("eras", ("from", "systems"))]
    starts = [start for start, _ in found]
    if starts != sorted(set(starts)):
        raise file.error("the eras must be in order of their dates, each beginning once")
    ends = [*starts[1:], END_OF_TIME]
    return tuple(Era(start, end, systems) for (start, systems), end in zip(found, ends, strict=True))


def _floors(coverage: Entry, known: Collection[str]) -> dict[str, Floor]:
    """The floors of the systems that have one of their own."""
    names = coverage.names("systems")
    for name in names:
        if name not in known:
            raise coverage.error(f"systems names {name!r:.80}, which no era knows")
    systems = coverage.entry("systems", names)
    return {name: _floor(systems.entry(name, ("critical_below", "warning_below"))) for name in names}


def _floor(entry: Entry) -> Floor:
    floor = Floor(entry.number("critical_below", 0, 1), entry.number("warning_below", 0, 1))
    if floor.critical_below > floor.warning_below:
        raise entry.error("critical_below is larger than warning_below")
    return floor


def _rows_per_pair(file: Entry) -> tuple[tuple[date, int], ...]:
    limits = file.entries("rows_per_player_and_system", ("from", "max"))
    found = [(limit.day("from"), limit.count("max", 1, 100)) for limit in limits]
    if len({start for start, _ in found}) < len(found):
        raise file.error("rows_per_player_and_system has two limits from one date")
    return tuple(sorted(found))


def _break(entry: Entry) -> Break:
    found = Break(entry.day("from"), entry.day("to"), entry.text("because"))
    if found.last_date < found.first_date:
        raise entry.error(f"it ends on {found.last_date}, before it begins")
    return found
