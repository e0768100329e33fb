"""The sentence that says what a policy document does, in words made from its `Reach`.

Every number in it is exact for AWS's action list. Names are listed only if they are few, and are in
backticks, as in all prose of a book.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from policybook.analysis.reach import Limit, Reach
from policybook.book.limits import BRIEF_CHARACTERS, BRIEF_LIST_CHARACTERS, BRIEF_NAMES
from policybook.catalogue.catalogue import UNCATALOGUED
from policybook.wording import all_of, number, words

UNKNOWN = "No document of this policy is known, so it is unknown what it allows."

_LIMITS: Mapping[Limit, str] = {
    "none": "on every resource",
    "not resource": "through NotResource",
    "resource": "on ARN patterns",
    "deny": "limited by a Deny",
    "condition": "under conditions",
}
_LIST = "AWS's action list"

# The access levels that share a clause, in the order of the clauses.
_TOGETHER = (("Read", "List"), ("Write",), ("Permissions management",), ("Tagging",))

Spell = Callable[[str], str]
"""Returns the full name of an action as AWS spells it, from the name in lower case."""


def policy_sentence(reach: Reach, spell: Spell) -> str:
    """Say in one sentence what a document allows and denies, and what limits that.

    Args:
        reach: What the document allows and denies.
        spell: How AWS spells an action.
    """
    by_level: dict[str, list[str]] = defaultdict(list)
    for name, level in reach.levels.items():
        by_level[level].append(name)
    text = ""
    for most in BRIEF_NAMES:
        text = "; ".join(_Clauses(reach, by_level, spell, most).all())
        if len(plain(text)) < BRIEF_CHARACTERS:
            break
    return f"{text[0].upper()}{text[1:]}."


def as_limit(sentence: str) -> str:
    """The sentence about a policy that grants nothing: what it says is the most that it allows."""
    return f"Grants nothing, only limits: {sentence[0].lower()}{sentence[1:]}"


def plain(sentence: str) -> str:
    """The sentence without the backticks around names, for readers of plain text."""
    return sentence.replace("`", "")


class _Clauses:
    """The clauses of the sentence, with at most so many names in each list."""

    def __init__(
        self, reach: Reach, by_level: Mapping[str, Sequence[str]], spell: Spell, most: int
    ) -> None:
        self._reach = reach
        self._by_level = by_level
        self._spell = spell
        self._most = most

    def all(self) -> Iterator[str]:
        """Yield what is allowed, what limits that, and what is denied."""
        yield from self._allowed()
        yield from self._limits()
        yield from self._denied()

    # --- what is allowed ---

    def _allowed(self) -> Iterator[str]:
        levels, unlisted = self._reach.levels, self._of(UNCATALOGUED)
        if not levels:
            yield from self._nothing()
        elif names := self._actions(levels):
            yield f"allows only {names}"
        elif self._reach.everything:
            yield from self._of_all_services(len(levels) - len(unlisted))
        else:
            yield from self._of_some_services()
        if unlisted:
            yield f"{words(len(unlisted), 'action is', 'actions are')} not in {_LIST}"

    def _of(self, *levels: str) -> Sequence[str]:
        return [name for level in levels for name in self._by_level.get(level, ())]

    def _nothing(self) -> Iterator[str]:
        if not self._reach.allows:
            yield "allows nothing"
            return
        yield "has no effective actions"
        if count := self._reach.unmatched:
            yield f"{words(count, 'pattern matches', 'patterns match')} no action in {_LIST}"

    def _of_all_services(self, count: int) -> Iterator[str]:
        listed = self._reach.listed
        if count == listed:
            yield f"allows every action in {_LIST}"
            return
        patterns = self._reach.not_action
        left_out = self._list(patterns) or words(len(patterns), "pattern")
        through = f" (NotAction: {left_out})" if patterns else ""
        yield f"allows {number(count)} of the {number(listed)} actions in {_LIST}{through}"
        yield from self._passing(self._of("Write"))
        if managing := self._of("Permissions management"):
            services = self._services(_prefixes(managing))
            yield from self._of_levels("Permissions management", managing, services)

    def _of_some_services(self) -> Iterator[str]:
        before: set[str] = set()
        for levels in _TOGETHER:
            if actions := self._of(*levels):
                services = _prefixes(actions)
                named = "" if services == before else self._services(services)
                yield from self._of_levels(levels[0], actions, named)
                before = services

    def _of_levels(self, level: str, actions: Collection[str], services: str) -> Iterator[str]:
        """The clause about actions of a level; `services` is "" if they are those just named."""
        if level == "Read":
            yield f"{self._reading()} {services}"
        elif level == "Tagging":
            yield f"tags {services or 'resources'}"
        else:
            verb = "writes" if level == "Write" else "manages permissions with"
            yield from self._changing(verb, actions, services)

    def _reading(self) -> str:
        read, listed = _prefixes(self._of("Read")), _prefixes(self._of("List"))
        if read and listed:
            return "reads and lists" if read == listed else "reads or lists"
        return "reads" if read else "lists"

    def _changing(self, verb: str, actions: Collection[str], services: str) -> Iterator[str]:
        names = self._actions(actions)
        of = f": {names}" if names else f" of {services}" if services else ""
        yield f"{verb} {words(len(actions), 'action')}{of}"
        if not names:
            yield from self._passing(actions)

    def _passing(self, actions: Collection[str]) -> Iterator[str]:
        if "iam:passrole" in actions:
            yield "passes roles"

    # --- what limits that, and what is denied ---

    def _limits(self) -> Iterator[str]:
        total = len(self._reach.levels)
        if total and not self._reach.conditions:
            yield "no conditions"
        found = [(count, _LIMITS[limit]) for limit, count in self._reach.limits.items() if count]
        if len(found) > 1:
            parts = ", ".join(f"{number(count)} {limit}" for count, limit in found)
            yield f"of {number(total)} actions, {parts}"
        elif found:
            yield f"all {found[0][1]}" if total > 1 else found[0][1]

    def _denied(self) -> Iterator[str]:
        denied, others = self._reach.denied, self._reach.other_denies
        if denied:
            listed = sum(level != UNCATALOGUED for level in denied.values())
            every = f"every action in {_LIST}" if listed == self._reach.listed else ""
            what = every or self._actions(denied) or words(len(denied), "action")
            yield f"denies {what} on every resource"
        if others:
            yield f"{words(others, 'Deny applies', 'Denies apply')} in some cases"

    # --- lists of names ---

    def _actions(self, names: Collection[str]) -> str:
        """The actions as AWS spells them; "" if they are too many or too long."""
        few = len(names) <= self._most
        return self._list([self._spell(name) for name in sorted(names)]) if few else ""

    def _services(self, prefixes: Collection[str]) -> str:
        """The service prefixes, or their number."""
        return self._list(sorted(prefixes)) or words(len(prefixes), "service")

    def _list(self, names: Sequence[str]) -> str:
        if len(names) > self._most or any("`" in name for name in names):
            return ""
        text = all_of([f"`{name}`" for name in names])
        return text if len(plain(text)) <= BRIEF_LIST_CHARACTERS else ""


def _prefixes(actions: Iterable[str]) -> set[str]:
    return {name.partition(":")[0] for name in actions}
