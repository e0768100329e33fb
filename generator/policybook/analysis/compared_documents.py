"""Documents prepared for comparison: which statements of one cover an action of another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from policybook.analysis.compared_actions import ActionsCache, ComparedActions, only_prefix
from policybook.iam.aws_reference import AwsReference
from policybook.iam.conditions import exclude, no_stricter
from policybook.iam.coverage import Box, covered, may_cover
from policybook.iam.grants import compared_term, single_terms
from policybook.iam.term_kinds import typical_action, typical_resource
from policybook.iam.terms import term_covers, term_overlaps
from policybook.iam.variable_values import has_variables
from policybook.model.changes import EvidenceKind
from policybook.model.documents import Clause, Document, Grant, Statement, Term
from policybook.model.fields import Effect

_Meaning = tuple[Effect, Term, Term, tuple[Clause, ...]]


class ComparedDocument:
    """A document, prepared for checking whether it covers the grants of another one.

    Args:
        document: The document.
        parts: A cache of actions that documents have in common.
        reference: What AWS's lists say about condition keys and ARNs.
    """

    def __init__(self, document: Document, parts: ActionsCache, reference: AwsReference) -> None:
        self.document = document
        self.reference = reference
        self._parts = parts
        self._whole = {_meaning(statement) for statement in document.statements}
        # By identity: a digest of long lists of actions would take longer than what is kept.
        self._own = {id(s): self._shared(s.actions) for s in document.statements}
        self._near: dict[tuple[Effect, str], list[tuple[Statement, ComparedActions]]] = {}

    def part(self, statement: Statement) -> ComparedActions:
        """The statement's actions, normalised for comparison."""
        return self._own.get(id(statement)) or self._shared(statement.actions)

    def _shared(self, actions: Term) -> ComparedActions:
        if actions not in self._parts:
            self._parts[actions] = ComparedActions(actions)
        return self._parts[actions]

    def has(self, statement: Statement) -> bool:
        """Whether the document has a statement with the same elements, literally."""
        return _meaning(statement) in self._whole

    def without(self, part: ComparedActions, statement: Statement) -> Iterator[tuple[Term, Term]]:
        """The actions without those of statements with equal effect, resources and condition."""
        left = part.named.difference(
            *(
                self.part(same).named
                for same in self.document.statements
                if same.effect == statement.effect
                and same.resources == statement.resources
                and same.condition == statement.condition
            )
        )
        return part.terms(left)

    def allowing(self, effect: Effect, action: Term) -> Iterator[Statement]:
        """The statements with the given effect and an action term that covers the given one.

        A statement comes once for each of its terms.
        """
        if not action.negated:
            for statement, part in self._about(effect, action):
                if action.patterns[0] in part.named:
                    yield statement
        for prefix in dict.fromkeys((only_prefix(action), "")):
            for wide, statement in self._wide.get((effect, prefix), ()):
                if term_covers(wide, action):
                    yield statement

    def meeting(self, grant: Grant) -> Iterator[Grant]:
        """The grants of equal effect that may be about a request that the given one is about.

        A grant of NotAction is compared with grants of NotAction, if there are any.
        """
        for actions, statement in self._meeting(grant.effect, compared_term(grant.action)):
            near = [
                resource
                for resource in single_terms(statement.resources)
                if term_overlaps(resource, grant.resource)
            ]
            if near and not exclude(grant.condition, statement.condition, self.reference):
                for resource in near:
                    if not self._apart(resource, grant.resource):
                        yield Grant(
                            grant.effect, actions, resource, statement.condition, statement.number
                        )

    def _apart(self, one: Term, other: Term) -> bool:
        """Whether the ARN formats tell two terms of one pattern each apart."""
        return not (one.negated or other.negated) and self.reference.apart(
            one.patterns[0], other.patterns[0]
        )

    def _meeting(self, effect: Effect, action: Term) -> Iterator[tuple[Term, Statement]]:
        """The action terms, as written, that may name one of some actions, and their statements."""
        near = self._about(effect, action)
        negated = [(part.actions, s) for s, part in near if part.term.negated]
        if action.negated:
            if negated:
                yield from negated
            else:
                for s, part in near:
                    for term in single_terms(part.actions):
                        if term_overlaps(compared_term(term), action):
                            yield term, s
            return
        yield from (found for found in negated if term_overlaps(compared_term(found[0]), action))
        for statement, part in near:
            for written in part.meeting(action.patterns[0]):
                yield Term((written,)), statement

    def covers(
        self, effect: Effect, box: Box, denies: Sequence[Statement]
    ) -> tuple[bool | None, str]:
        """Whether the statements with an effect cover what some Denies leave of a box, together.

        Args:
            effect: The effect of the statements that count.
            box: The box that has to be covered.
            denies: Deny statements that remove a part of it.

        Returns:
            The answer and, if it is None, what could not be compared.
        """
        action, resource = typical_action(box.actions), typical_resource(box.resources)
        if action and resource:
            name, arn = Term((action,)), Term((resource,))
            naming = (
                *self.allowing(effect, name),
                *(s for s in denies if term_covers(self.part(s).term, name)),
            )
            near = [s.condition for s in naming if term_covers(s.resources, arn)]
            may = may_cover(box.condition, near, self.reference) if near or box.condition else False
            if not may and not any(has_variables(s.resources, ()) for s in naming):
                return False, ""  # this action on this resource is not covered
        parts = (*self._about(effect, box.actions), *((s, self.part(s)) for s in denies))
        others = (
            Box(actions, s.resources, s.condition)
            for s, part in parts
            if (actions := part.about(box.actions))
        )
        return covered(box, others, self.reference)

    def _about(self, effect: Effect, action: Term) -> list[tuple[Statement, ComparedActions]]:
        """The statements with an effect that may name one of some actions, by service prefixes."""
        key = effect, only_prefix(action)
        if key not in self._near:
            own = self._of[effect]
            self._near[key] = (
                [found for found in own if found[1].may_name(key[1])] if key[1] else own
            )
        return self._near[key]

    @cached_property
    def _of(self) -> Mapping[Effect, list[tuple[Statement, ComparedActions]]]:
        found: dict[Effect, list[tuple[Statement, ComparedActions]]] = {"Allow": [], "Deny": []}
        for statement in self.document.statements:
            found[statement.effect].append((statement, self.part(statement)))
        return found

    @cached_property
    def _wide(self) -> Mapping[tuple[Effect, str], list[tuple[Term, Statement]]]:
        """The statements with wide actions, by their only service prefix, or by ""."""
        found: dict[tuple[Effect, str], list[tuple[Term, Statement]]] = {}
        for effect, statements in self._of.items():
            for statement, part in statements:
                for prefix, term in part.wide:
                    found.setdefault((effect, prefix), []).append((term, statement))
        return found


class SingleStatements:
    """Tells whether one statement alone covers a part of another one.

    Args:
        statement: The statement that has to be covered, split by its `resources`.
        reference: What AWS's lists say about condition keys and ARNs.
    """

    def __init__(self, statement: Statement, reference: AwsReference) -> None:
        self.resources = single_terms(statement.resources)
        self._condition = statement.condition
        self._reference = reference
        self._reach: dict[int, tuple[bool, ...]] = {}
        self._strict: dict[int, tuple[bool | None, str]] = {}

    def lack(self, allowing: Iterable[Statement], place: int) -> tuple[EvidenceKind | None, str]:
        """What the nearest statement lacks; None if one covers the part, or that is in doubt.

        Args:
            allowing: The statements that name the actions of the part.
            place: The position of its resource.

        Returns:
            The kind, and the reason for the doubt or "".
        """
        kind: EvidenceKind = "action"
        doubt = ""
        for there in allowing:
            number = there.number
            if number not in self._reach:
                self._reach[number] = tuple(
                    term_covers(there.resources, one) for one in self.resources
                )
            if not self._reach[number][place]:
                kind = "resource" if kind == "action" else kind
                continue
            if number not in self._strict:
                self._strict[number] = no_stricter(
                    there.condition, self._condition, self._reference
                )
            covered, why = self._strict[number]
            if covered:
                return None, ""
            doubt = doubt or why
            kind = "condition"
        return (None, doubt) if doubt else (kind, "")


def _meaning(statement: Statement) -> _Meaning:
    return statement.effect, statement.actions, statement.resources, statement.condition
