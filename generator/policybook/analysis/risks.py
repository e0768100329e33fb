"""Risk flags: which rules match a document, through which statements, and what limits each.

An Allow statement matches a step of a rule if it grants an action of the step
on a resource that the action can have, and no Deny removes it.
Each match says what limits the grant: `scoped` if the resource is narrower than all resources of a
type, `conditional` if the statement has a condition or a Deny may apply. Any one of several grants
is enough for a step; a rule is as limited as all of its steps together. Wildcards are expanded with
today's catalogue, for old versions too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate, product
from typing import Literal

from msgspec import Struct, json

from policybook.catalogue.catalogue import Catalogue
from policybook.catalogue.services import Action
from policybook.iam.arn_formats import is_open, supported
from policybook.iam.denies import GRANTED, Certainty, certainty_with
from policybook.iam.grants import single_terms
from policybook.iam.mitigation import Mitigation, all_of, any_of, is_only_on, may_hold, mitigated
from policybook.iam.patterns import covers
from policybook.model.documents import Clause, Document, Statement, Term
from policybook.model.policies import Policy
from policybook.model.risk_rules import Rule, Step

ChangeKind = Literal["first", "brought", "removed", "opened", "tightened", "changed"]


class StepGrant(Struct, frozen=True):
    """An Allow statement, by its number, that matches a step, and what limits it.

    `patterns` are those that match actions of the step, none for NotAction; `actions` are full
    names in the catalogue's spelling. `mitigation` is that of any of these on any of the resources.
    `denials` are the numbers of Deny statements that remove or may limit it. `scopable` is false if
    none of the actions supports resource-level permissions. `limiting` are the keys of the
    condition that the rule lists as limiting the risk.
    """

    statement: int
    patterns: tuple[str, ...]
    actions: tuple[str, ...]
    resources: Term
    condition: tuple[Clause, ...]
    mitigation: Mitigation
    denials: tuple[int, ...] = ()
    scopable: bool = True
    limiting: tuple[str, ...] = ()


class Flag(Struct, frozen=True):
    """A rule, by its id, that matches a document: for each step its grants, in order of statement.

    `steps` has the mitigation of each step, where any grant is enough, `mitigation` that of all.
    """

    rule: str
    grants: tuple[tuple[StepGrant, ...], ...]
    steps: tuple[Mitigation, ...]
    mitigation: Mitigation


class RiskChange(Struct, frozen=True):
    """How a version changed a flag, compared with the previous known document.

    `first` is a flag of the first known document. `brought` and `removed` are a flag that appears
    and one that disappears; `opened` and `tightened` one that is less and more limited, `changed`
    one that is limited differently. `before` or `after` is None without the flag.
    """

    rule: str
    kind: ChangeKind
    before: Mitigation | None
    after: Mitigation | None


class VersionRisks(Struct, frozen=True):
    """The flags of a version in the order of the rules, and how they changed with it."""

    flags: tuple[Flag, ...]
    changes: tuple[RiskChange, ...]


def flags(document: Document, rules: Mapping[str, Rule], catalogue: Catalogue) -> tuple[Flag, ...]:
    """A flag for each rule that the document meets, in the order of the rules."""
    return Rulebook(rules, catalogue).flags(document)


class Rulebook:
    """Rules prepared for a catalogue; the matches of statements and patterns are cached.

    Args:
        rules: The rules by id, in the order of their file.
        catalogue: Expands wildcards.
    """

    def __init__(self, rules: Mapping[str, Rule], catalogue: Catalogue) -> None:
        self.rules = rules
        self._catalogue = catalogue
        self._steps = [step for rule in rules.values() for step in rule.steps]
        self._listed: dict[str, list[int]] = {}  # action: the positions of the steps that list it
        for place, step in enumerate(self._steps):
            for name in step_names(step, catalogue):
                self._listed.setdefault(name, []).append(place)
        self._leveled = [(p, s) for p, s in enumerate(self._steps) if not s.actions]
        self._hits: dict[str, Mapping[int, tuple[str, ...]]] = {}
        self._plain: dict[Statement, Sequence[tuple[int, StepGrant]]] = {}

    @cached_property
    def digest(self) -> bytes:
        """The digest of the rules, which tells whether they changed."""
        rules = json.encode(tuple(self.rules.values()))
        return hashlib.blake2b(rules, digest_size=16).digest()

    def flags(self, document: Document) -> tuple[Flag, ...]:
        """A flag for each rule that the document meets, in the order of the rules."""
        return tuple(self._flags(self.met(document)))

    def steps(self, document: Document) -> Mapping[int, Mitigation]:
        """The steps that the document allows, by their place among the steps of all rules."""
        return {p: any_of(g.mitigation for g in found) for p, found in self.met(document).items()}

    @cached_property
    def places(self) -> Mapping[str, range]:
        """For each rule the places of its steps among the steps of all rules."""
        steps = {name: len(rule.steps) for name, rule in self.rules.items()}
        ends = zip(steps, accumulate(steps.values()), strict=True)
        return {name: range(end - steps[name], end) for name, end in ends}

    def met(self, document: Document) -> Mapping[int, Sequence[StepGrant]]:
        """The grants of each step that the document grants, by its position among all steps."""
        denying = [s for s in document.statements if s.effect == "Deny"]
        met: dict[int, list[StepGrant]] = {}
        for statement in document.statements:
            if statement.effect == "Allow":
                for place, grant in self._grants(statement, denying):
                    met.setdefault(place, []).append(grant)
        return met

    def _flags(self, met: Mapping[int, Sequence[StepGrant]]) -> Iterator[Flag]:
        for name, places in self.places.items():
            if places.start in met and all(place in met for place in places):
                found = tuple(tuple(met[place]) for place in places)
                steps = tuple(any_of(grant.mitigation for grant in grants) for grants in found)
                yield Flag(name, found, steps, all_of(steps))

    def _grants(
        self, statement: Statement, denying: Sequence[Statement]
    ) -> Sequence[tuple[int, StepGrant]]:
        if denying:
            return tuple(self._granted(statement, denying))
        if statement not in self._plain:
            self._plain[statement] = tuple(self._granted(statement, ()))
        return self._plain[statement]

    def _granted(
        self, statement: Statement, denying: Sequence[Statement]
    ) -> Iterator[tuple[int, StepGrant]]:
        for place, (patterns, names) in sorted(self._named(statement.actions).items()):
            step = self._steps[place]
            if may_hold(statement.condition, step.context):
                found = self._grant(step, statement, tuple(names), tuple(patterns), denying)
                if found:
                    yield place, found

    def _named(self, actions: Term) -> Mapping[int, tuple[dict[str, None], dict[str, None]]]:
        """The steps whose actions a statement names: the matching patterns, and the actions."""
        found: dict[int, tuple[dict[str, None], dict[str, None]]] = {}
        for pattern in ("",) if actions.negated else actions.patterns:
            for place, names in self._hit(pattern, actions).items():
                patterns, named = found.setdefault(place, ({}, {}))
                if pattern:
                    patterns[pattern] = None
                named.update(dict.fromkeys(names))
        return found

    def _hit(self, pattern: str, actions: Term) -> Mapping[int, tuple[str, ...]]:
        """The steps whose actions a pattern or NotAction names, with these actions."""
        key = pattern or "not " + " ".join(actions.patterns)
        if key not in self._hits:
            hits: dict[int, list[str]] = {}
            for name in self._catalogue.named(Term((key.lower(),)) if pattern else actions):
                for place in (*self._listed.get(name, ()), *self._of_level(name)):
                    hits.setdefault(place, []).append(name)
            self._hits[key] = {place: tuple(sorted(names)) for place, names in hits.items()}
        return self._hits[key]

    def _of_level(self, name: str) -> Iterator[int]:
        """The positions of the steps about all actions of one of the action's levels."""
        action = self._catalogue.action(name)
        return (place for place, step in self._leveled if action and is_about(step, action))

    def _grant(
        self,
        step: Step,
        statement: Statement,
        names: tuple[str, ...],
        patterns: tuple[str, ...],
        denying: Sequence[Statement],
    ) -> StepGrant | None:
        """The grant of a step by a statement; None if a Deny or the step itself excludes it."""
        naming = _naming(self._catalogue, names, denying)
        alone: Certainty = "conditional" if statement.condition else "yes"
        kept: set[str] = set()
        denials: set[int] = set()
        found: set[Mitigation] = set()
        for term, name in product(single_terms(statement.resources), names):
            formats = self._catalogue.formats(name)
            own = alone if supported(term, formats) else "unsupported"
            certainty, limiting = certainty_with(naming[name], term, own, formats)
            own_only = step.own and is_only_on(Term(step.own), term, naming[name])
            if certainty not in GRANTED or own_only:
                continue
            wide = is_open(term, formats or ())
            if wide or not step.open:
                kept.add(name)
                denials.update(limiting)
                found.add(mitigated(not wide, certainty == "conditional"))
        if not kept:
            return None
        keys = {key.lower() for key in step.limited_by}
        return StepGrant(
            statement.number,
            tuple(p for p in patterns if not kept.isdisjoint(self._all_hits(p))),
            tuple(self._catalogue.spelled(name) or name for name in sorted(kept)),
            statement.resources,
            statement.condition,
            any_of(found),
            tuple(sorted(denials)),
            any(map(self._takes_resources, kept)),
            tuple(dict.fromkeys(c.key for c in statement.condition if c.key.lower() in keys)),
        )

    def _takes_resources(self, name: str) -> bool:
        action = self._catalogue.action(name)
        return action is not None and bool(action.resource_types)

    def _all_hits(self, pattern: str) -> Iterator[str]:
        for names in self._hit(pattern, Term((pattern,))).values():
            yield from names


def _naming(
    catalogue: Catalogue, names: Iterable[str], denying: Iterable[Statement]
) -> Mapping[str, Sequence[Statement]]:
    """For each of the catalogued actions, the Deny statements that name it."""
    denies = [(deny, catalogue.denied(deny.actions)) for deny in denying]
    return {name: [deny for deny, actions in denies if actions.names(name, "")] for name in names}


def step_names(step: Step, catalogue: Catalogue) -> set[str]:
    """The full names, in lower case, of the catalogued actions that a step lists."""
    named = {name for pattern in step.actions for name in catalogue.named_by(pattern)}
    known = {name: action for name in named if (action := catalogue.action(name))}
    return {name for name, action in known.items() if is_about(step, action)}


def is_about(step: Step, action: Action) -> bool:
    """Whether the action has the level of the step, if any, and is not excluded by its name."""
    if step.level is not None and step.level not in action.levels:
        return False
    return not any(covers(pattern.lower(), action.name.lower()) for pattern in step.but)


def risks(policy: Policy, rulebook: Rulebook) -> Mapping[str, VersionRisks]:
    """The flags and their changes for each version with a document, by its key; oldest first."""
    found: dict[str, VersionRisks] = {}
    before: tuple[Flag, ...] | None = None
    for version in reversed(policy.sequence):
        if version.document:
            now = rulebook.flags(version.document)
            found[version.key] = VersionRisks(now, tuple(risk_changes(rulebook.rules, before, now)))
            before = now
    return found


def risk_changes(
    rules: Iterable[str], before: Iterable[Flag] | None, now: Iterable[Flag]
) -> Iterator[RiskChange]:
    """Yield how flags changed, in the order of the rules; `before` is None for a first document."""
    old = {flag.rule: flag.mitigation for flag in before or ()}
    new = {flag.rule: flag.mitigation for flag in now}
    for rule in rules:
        was, is_ = old.get(rule), new.get(rule)
        if was != is_:
            yield RiskChange(rule, "first" if before is None else _kind(was, is_), was, is_)


def _kind(was: Mitigation | None, now: Mitigation | None) -> ChangeKind:
    if was is None or now is None:
        return "removed" if now is None else "brought"
    both = all_of((was, now))
    return "tightened" if both == now else "opened" if both == was else "changed"
