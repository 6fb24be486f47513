"""What a change leaves nobody to define: gone, or hidden in a file that cannot be read as SQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from prop_quality.sql.catalogue import Catalogue
from prop_quality.sql.changes import Changed, definer, is_view, makes_view
from prop_quality.sql.codes import CODES
from prop_quality.sql.compare import ChangedView
from prop_quality.sql.estate import Estate
from prop_quality.sql.finding import Finding
from prop_quality.sql.removals import is_made_again, removal
from prop_quality.sql.rules import Surroundings
from prop_quality.sql.selection import defined
from prop_quality.sql.units import ParsedFile, Unit

_KEEP = "Keep it, or put a DROP statement in its place, with a suppression that says why and until when."
_LOOK = "Write it as SQL that can be analysed, or look at both forms and say so in a suppression with an end date."


@dataclass(frozen=True)
class Loss:
    """The statement that defined something, and the one to blame: a DROP, another definition, or itself."""

    was: Unit
    blamed: Unit


@dataclass(frozen=True)
class Losses:
    """By name: what is `gone`, and what is `hidden`, with the finding that says why its new form is not known."""

    gone: Mapping[str, Loss]
    hidden: Mapping[str, Finding]

    @classmethod
    def of(cls, change: Changed, old: Estate, new: Estate, ours: Catalogue, closed: Mapping[str, Finding]) -> Losses:
        """What a change loses; `closed` are the changed files that cannot be read as SQL, with what is said of them."""
        words = {one.file.name: _unread(one) for one in new.files if one.file.name in closed}
        hidden = {table.name: said for table in ours for said in _hiding(table.name, closed, words)}
        gone: dict[str, Loss] = {}
        for name, (was, now) in change.objects.items():
            if was is None or (now is not None and (makes_view(now) or not is_view(was))):
                continue
            said = closed.get(was.file.name) or next(_hiding(name, closed, words), None)
            if now is not None:
                gone[name] = Loss(was, now)
            elif said is not None:
                hidden[name] = said
            else:
                gone[name] = Loss(was, was)
        gone |= {loss.was.object: loss for loss in _dropped(change, old, new)}
        return cls(gone, hidden)

    def views(self, views: list[ChangedView]) -> list[ChangedView]:
        """The views to be compared, among them those that are gone, and without those of which nothing is known."""
        found = {one.name: one for one in views if one.name not in self.hidden}
        found |= {
            name: ChangedView(name, loss.was.statement.text, None)
            for name, loss in self.gone.items()
            if is_view(loss.was)
        }
        return list(found.values())

    def known_before(self, catalogue: Catalogue) -> Catalogue:
        """What was defined before, without what is hidden: of that nobody can say that it is taken away."""
        left = catalogue.copy()
        for name in self.hidden:
            left.remove(name)
        return left

    def findings(self, change: Changed, surroundings: Surroundings, files: Collection[str]) -> Iterator[Finding]:
        """What is to be said of losses that no statement stands for; `files` are those that are there now."""
        for name, loss in self.gone.items():
            table = surroundings.contract.table(name)
            if loss.blamed is loss.was and table is not None and surroundings.ours.table(name) is not None:
                message = f"{name} is defined by no file any more; {surroundings.reliance(table)}."
                place = (1, 1) if loss.was.file.name in files else loss.was.place(0)
                yield CODES["contract"].at(loss.was.file.name, *place, message, _KEEP, name)
        for name, said in self.hidden.items():
            message = f"The new form of {name} cannot be read ({said.code}), so nothing is known of what changes."
            yield CODES["not-compared"].at(said.file, said.line, said.column, message, _LOOK, name)
        views = Counter(unit.object for unit in change.units if is_view(unit))
        for unit in change.units:
            if is_view(unit) and views[unit.object] > 1:
                message = (
                    f"This change defines {unit.object} {views[unit.object]} times; the last one that runs counts."
                )
                at = (unit.file.name, *unit.place(0))
                yield CODES["not-compared"].at(*at, message, "Define it once.", unit.object)


def _unread(file: ParsedFile) -> frozenset[str]:
    """The last words of the names that a file seems to define, alter or drop in statements that cannot be read."""
    return defined(file.file.text) - {unit.object.rpartition(".")[2].lower() for unit in file.units}


def _hiding(name: str, closed: Mapping[str, Finding], words: Mapping[str, frozenset[str]]) -> Iterator[Finding]:
    """What is said of the files that seem to define, alter or drop `name`, as far as their words tell."""
    last = name.rpartition(".")[2].lower()
    return (closed[file] for file, found in words.items() if last in found)


def _dropped(change: Changed, old: Estate, new: Estate) -> Iterator[Loss]:
    for unit in change.units:
        taken = removal(unit)
        for table in old.catalogue if taken is not None and taken.gone else ():
            was = definer(old, table.name) if taken is not None and taken.means(table) else None
            if was is not None and not is_made_again(unit, table, new.units):
                yield Loss(was, unit)
