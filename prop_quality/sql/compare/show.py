"""Show changed views night after night in their old and their new form, and compare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from prop_quality.errors import TimedOut, WarehouseError
from prop_quality.sql.compare.comparison import ChangedView, Comparison, Sight
from prop_quality.sql.compare.difference import difference
from prop_quality.sql.compare.nights import Scene
from prop_quality.sql.compare.sight import ROWS, Seen, says_less, sights
from prop_quality.sql.compare.stage import Shown, Stage

# A night keeps one thread of the engine busy; the other core is free once the statements are analysed.
_AT_ONCE = 2

Showing = dict[str, Shown | str]


class Comparer:
    """Compares on a stage, and remembers what each form showed: the old one is asked for again and again."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._known: dict[tuple[str, frozenset[tuple[str, str]]], Showing | str] = {}

    def compare(self, changes: Sequence[ChangedView], others: Mapping[str, str]) -> Iterator[Comparison]:
        """Compare views; `others` are those that did not change, by name.

        All old forms are built together, then all new ones: views may read each other.
        """
        old = self.showings({c.name: c.old_sql for c in changes if c.old_sql is not None}, others)
        new = self.showings({c.name: c.new_sql for c in changes if c.new_sql is not None}, others)
        for change in changes:
            yield _compared(self.stage.scenes, change.name, old.get(change.name, {}), new.get(change.name, {}))

    def showings(self, forms: Mapping[str, str], others: Mapping[str, str]) -> dict[str, Showing | str]:
        """What each view shows of each night or why it failed on it, or why it cannot be built at all."""
        world = frozenset({**others, **forms}.items())
        if any((name, world) not in self._known for name in forms):
            with self.stage.views({**others, **forms}) as refused:
                for name in forms:
                    self._known[name, world] = refused[name] if name in refused else _showing(self.stage, name)
        return {name: self._known[name, world] for name in forms}


def _showing(stage: Stage, view: str) -> Showing | str:
    """What a view shows of each night, and why it fails on one; the reason alone when one takes too long."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        waiting = {scene.name: pool.submit(_shown, stage, scene, view) for scene in stage.scenes}
        try:
            return {name: one.result() for name, one in waiting.items()}
        except TimedOut as error:
            pool.shutdown(cancel_futures=True)
            return str(error)


def _shown(stage: Stage, scene: Scene, view: str) -> Shown | str:
    try:
        return stage.show(scene, view)
    except TimedOut:
        raise
    except WarehouseError as error:
        return str(error)


def _compared(scenes: Sequence[Scene], view: str, old: Showing | str, new: Showing | str) -> Comparison:
    for form in (old, new):
        if isinstance(form, str):
            return Comparison(view, refused=form)
    assert isinstance(old, dict)
    assert isinstance(new, dict)
    before, after = _columns(old), _columns(new)
    pairs = [(scene.name, old.get(scene.name), new.get(scene.name)) for scene in scenes]
    differences = [
        difference(name, was, now) for name, was, now in pairs if isinstance(was, Shown) and isinstance(now, Shown)
    ]
    seen_before, seen_after = _sights(scenes, old), _sights(scenes, new)
    return Comparison(
        view,
        added_columns=tuple(name for name in after if name not in before),
        removed_columns=tuple(name for name in before if name not in after),
        retyped_columns=tuple(name for name in before if name in after and before[name] != after[name]),
        compared=len(differences),
        nights=tuple(one for one in differences if not one.is_none),
        sights=tuple(
            _sight(scene.incident, seen_before.get(scene.incident, {}), seen_after.get(scene.incident, {}))
            for scene in scenes
            if scene.incident is not None
        ),
        fails=tuple((name, now) for name, was, now in pairs if isinstance(now, str) and not isinstance(was, str)),
        rows_before=sum(one.before for one in differences),
        rows_after=sum(one.after for one in differences),
        kept_columns=frozenset({name for name in before if name in after} | {ROWS}),
    )


def _columns(showing: Showing) -> Mapping[str, str]:
    return next((one.columns for one in showing.values() if isinstance(one, Shown)), {})


def _sight(incident: str, before: Seen, after: Seen) -> Sight:
    return Sight(incident, tuple(before), tuple(after), says_less(before, after))


def _sights(scenes: Sequence[Scene], showing: Showing) -> dict[str, Seen]:
    results = ((scene, showing.get(scene.name)) for scene in scenes)
    return sights((scene, result if isinstance(result, Shown) else None) for scene, result in results)
