"""What one document grants beside another: gained, lost, and the verdict.

The terms are the book's own: a grant is covered by a document when one of its grants names at
least as much under no stricter condition, and no Deny that was not there before takes from it.
Deny statements count by themselves too, since they also cut what other policies of a principal
allow: one that is new is a loss, one that is gone is a gain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from generator.conditions import no_stricter
from generator.grants import grants
from generator.model import (
    Change,
    Document,
    Evidence,
    EvidenceKind,
    Grant,
    Policy,
    Statement,
    Term,
    Verdict,
    Version,
)
from generator.patterns import has_wildcard, term_covers


class Transition(Struct, frozen=True):
    """A known version of a policy beside the known one before it, and what lies between.

    `before` and `change` are None for the first known version and for one known by its date only.
    `missing` holds the version numbers below this one that the data does not list, up to the next
    lower one that it does.
    """

    policy: str
    version: Version
    before: Version | None
    change: Change | None
    missing: tuple[int, ...] = ()

    @property
    def gap(self) -> int:
        """How many version ids nobody has observed between this version and the one before."""
        return len(self.missing)


def transitions(policy: Policy) -> tuple[Transition, ...]:
    """One transition for each listed version, newest first."""
    found: list[Transition] = []
    last: Version | None = None
    listed: Version | None = None
    for version in reversed(policy.versions):
        missing = _missing_numbers(listed, version)
        listed = version
        if version.document is None:
            found.append(Transition(policy.name, version, None, None, missing))
            continue
        change = compare(last.document, version.document) if last and last.document else None
        found.append(Transition(policy.name, version, last, change, missing))
        last = version
    return tuple(reversed(found))


def _missing_numbers(older: Version | None, newer: Version) -> tuple[int, ...]:
    if newer.number is None or (older and older.number is None):
        return ()
    return tuple(range((older.number or 0) + 1 if older else 1, newer.number))


def unlisted(policy: Policy) -> tuple[int, ...]:
    """Every version number between listed ids that the data does not list, in order.

    Beside a version without an id nothing is counted, as it may be one of them.
    """
    return tuple(n for t in reversed(transitions(policy)) for n in t.missing)


def compare(old: Document, new: Document) -> Change:
    """The change from `old` to `new`.

    Swapping the two swaps gained and lost. Both lists are in the order of the document in which
    the grant stands; denials come after what is allowed.
    """
    if old.source == new.source:
        return Change("identical")
    before, after = _Side(old), _Side(new)
    lost, doubts = _missing(before, after)
    gained, more = _missing(after, before)
    undecided = tuple(dict.fromkeys((*_foreign(old, new), *doubts, *more)))
    return Change(_verdict(gained, lost, undecided), gained, lost, undecided)


def _verdict(
    gained: tuple[Evidence, ...], lost: tuple[Evidence, ...], undecided: tuple[str, ...]
) -> Verdict:
    if gained and lost:
        return "mixed"
    if undecided:
        return "undetermined"
    return "widened" if gained else "narrowed" if lost else "equivalent"


def _foreign(old: Document, new: Document) -> Iterator[str]:
    """What the documents hold that grants cannot be compared by."""
    statements = (*old.statements, *new.statements)
    if any(s.has_principal for s in statements):
        yield "Principal, which a managed policy does not have"
    if old.source.get("Version") != new.source.get("Version") and any(
        "${" in text for s in statements for text in _texts(s)
    ):
        yield "Version, which decides whether ${…} is a variable"


def _texts(statement: Statement) -> tuple[str, ...]:
    values = (value for clause in statement.condition for value in clause.values)
    return (*statement.resources.patterns, *values)


def _missing(here: _Side, there: _Side) -> tuple[tuple[Evidence, ...], tuple[str, ...]]:
    """What `there` lacks of `here`: grants no longer allowed, and denials that are new there."""
    found: list[Evidence] = []
    doubts: list[str] = []
    for grant, key in here.allowed:
        kind, doubt = there.lacks("Allow", grant, key)
        if kind:
            found.append(Evidence(kind, grant))
        doubts += [doubt] if doubt else []
    for grant, key in there.denied:
        kind, doubt = here.lacks("Deny", grant, key)
        if kind:
            found.append(Evidence("deny", grant))
        doubts += [doubt] if doubt else []
    return tuple(found), tuple(doubts)


_Key = tuple[object, ...]


class _Side:
    """A document's grants, arranged for asking whether another grant is covered by one of them."""

    def __init__(self, document: Document) -> None:
        distinct = {(g.effect, _key(g)): g for g in reversed(grants(document))}
        ordered = list(reversed(distinct.items()))
        self.allowed = [(g, key) for (effect, key), g in ordered if effect == "Allow"]
        self.denied = [(g, key) for (effect, key), g in ordered if effect == "Deny"]
        self.keys = set(distinct)
        self.literal: dict[tuple[str, str], list[Grant]] = {}
        self.wild: dict[str, list[Grant]] = {"Allow": [], "Deny": []}
        for (effect, _), grant in ordered:
            first = grant.action.patterns[0] if grant.action.patterns else ""
            if grant.action.negated or has_wildcard(first):
                self.wild[effect].append(grant)
            else:
                self.literal.setdefault((effect, first.lower()), []).append(grant)

    def lacks(self, effect: str, grant: Grant, key: _Key) -> tuple[EvidenceKind | None, str]:
        """What keeps the grant from being covered by one of this side's of the same effect.

        Returns the kind and "" where it is not covered, None and "" where it is, and None and the
        reason where that cannot be decided.
        """
        if (effect, key) in self.keys:
            return None, ""
        kind: EvidenceKind = "action"
        doubt = ""
        for other in self._candidates(effect, grant.action):
            if not term_covers(_plain(other.action), _plain(grant.action)):
                continue
            if not term_covers(other.resource, grant.resource):
                kind = "resource" if kind == "action" else kind
                continue
            answer, why = no_stricter(other.condition, grant.condition)
            if answer:
                return None, ""
            doubt = doubt or why
            kind = "condition"
        return (None, doubt) if doubt else (kind, "")

    def _candidates(self, effect: str, action: Term) -> Iterable[Grant]:
        first = action.patterns[0].lower() if action.patterns else ""
        return (*self.literal.get((effect, first), ()), *self.wild[effect])


def _plain(action: Term) -> Term:
    """The action patterns as they are compared: without case, and `*:*` as the `*` that it is."""
    plain = (p.lower() for p in action.patterns)
    return Term(tuple("*" if p == "*:*" else p for p in plain), action.negated)


def _key(grant: Grant) -> _Key:
    """Equal for grants that name the same with other case, order or repetition."""
    return (
        frozenset(p.lower() for p in grant.action.patterns),
        grant.action.negated,
        frozenset(grant.resource.patterns),
        grant.resource.negated,
        frozenset(
            (c.operator.lower(), c.key.lower(), frozenset(c.values)) for c in grant.condition
        ),
    )
