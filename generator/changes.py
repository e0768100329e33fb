"""What one document grants beside another: gained, lost, and the verdict.

The terms are the book's own: a grant is covered by a document when one of its grants names at
least as much under no stricter condition, and no Deny that was not there before takes from it.
Deny statements count by themselves too, since they also cut what other policies of a principal
allow: one that is new is a loss, one that is gone is a gain.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from generator.conditions import no_stricter
from generator.grants import single_terms
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
    side: _Side | None = None
    listed: Version | None = None
    for version in reversed(policy.versions):
        missing = _missing_numbers(listed, version)
        listed = version
        if version.document is None:
            found.append(Transition(policy.name, version, None, None, missing))
            continue
        before, side = side, _Side(version.document)
        change = _compare(before, side) if before else None
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
    return _compare(_Side(old), _Side(new))


def _compare(before: _Side, after: _Side) -> Change:
    old, new = before.document, after.document
    if old.source == new.source:
        return Change("identical")
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
    for effect, own, other in (("Allow", here, there), ("Deny", there, here)):
        for grant in own.grants_beside(effect, other):
            kind, doubt = other.lacks(grant)
            if kind:
                found.append(Evidence("deny" if effect == "Deny" else kind, grant))
            elif doubt:
                doubts.append(doubt)
    return tuple({_key(e.grant): e for e in reversed(found)}.values())[::-1], tuple(doubts)


class _Side:
    """A document, arranged for asking whether another's grants are covered by its own.

    Its statements are found by each action's text; those with a wildcard or NotAction also by the
    one service that they can name, or under "" where they can name several.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self._actions = [
            (
                statement,
                tuple((action, _plain(action)) for action in single_terms(statement.actions)),
            )
            for statement in document.statements
        ]
        self._whole = {_meaning(statement) for statement in document.statements}
        self._named: dict[tuple[str, str], list[Statement]] = {}
        self._wide: dict[tuple[str, str], list[tuple[Term, Statement]]] = {}
        for statement, actions in self._actions:
            for _, plain in actions:
                if not plain.negated:
                    at = (statement.effect, plain.patterns[0])
                    self._named.setdefault(at, []).append(statement)
                if plain.negated or has_wildcard(plain.patterns[0]):
                    at = (statement.effect, _only_prefix(plain))
                    self._wide.setdefault(at, []).append((plain, statement))

    def grants_beside(self, effect: str, other: _Side) -> Iterator[Grant]:
        """The grants of the effect, less most of those that `other` has to the letter."""
        for statement, actions in self._actions:
            if statement.effect != effect or _meaning(statement) in other._whole:
                continue
            for action, plain in actions:
                if not other._has(statement, plain):
                    for resource in single_terms(statement.resources):
                        yield Grant(
                            statement.effect,
                            action,
                            resource,
                            statement.condition,
                            statement.number,
                        )

    def _has(self, statement: Statement, action: Term) -> bool:
        """Whether a statement here has the action on the same resources, same condition."""
        if action.negated:
            return False
        return any(
            same.resources == statement.resources and same.condition == statement.condition
            for same in self._named.get((statement.effect, action.patterns[0]), ())
        )

    def lacks(self, grant: Grant) -> tuple[EvidenceKind | None, str]:
        """What keeps the grant from being covered by one of this document's of the same effect.

        Returns the kind and "" where it is not covered, None and "" where it is, and None and the
        reason where that cannot be decided.
        """
        kind: EvidenceKind = "action"
        doubt = ""
        for statement in self._allowing(grant.effect, _plain(grant.action)):
            if not term_covers(statement.resources, grant.resource):
                kind = "resource" if kind == "action" else kind
                continue
            answer, why = no_stricter(statement.condition, grant.condition)
            if answer:
                return None, ""
            doubt = doubt or why
            kind = "condition"
        return (None, doubt) if doubt else (kind, "")

    def _allowing(self, effect: str, action: Term) -> Iterator[Statement]:
        """The statements of the effect with an action term that covers the one given."""
        if not action.negated:
            yield from self._named.get((effect, action.patterns[0]), ())
        for prefix in dict.fromkeys((_only_prefix(action), "")):
            for wide, statement in self._wide.get((effect, prefix), ()):
                named = wide == action and not action.negated
                if not named and term_covers(wide, action):
                    yield statement


def _meaning(statement: Statement) -> tuple[object, ...]:
    return statement.effect, statement.actions, statement.resources, statement.condition


def _only_prefix(action: Term) -> str:
    """The one service that the action can name, or ""."""
    prefix, colon, _ = action.patterns[0].partition(":") if not action.negated else ("", "", "")
    return "" if not colon or "*" in prefix or "?" in prefix else prefix


def _plain(action: Term) -> Term:
    """The action patterns as they are compared: without case, and `*:*` as the `*` that it is."""
    plain = [p.lower() for p in action.patterns]
    return Term(tuple(["*" if p == "*:*" else p for p in plain]), action.negated)


def _key(grant: Grant) -> tuple[object, ...]:
    """Equal for grants that name the same with other case, order or repetition."""
    return (
        grant.effect,
        frozenset(p.lower() for p in grant.action.patterns),
        grant.action.negated,
        frozenset(grant.resource.patterns),
        grant.resource.negated,
        frozenset(
            (c.operator.lower(), c.key.lower(), frozenset(c.values)) for c in grant.condition
        ),
    )
