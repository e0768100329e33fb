"""Compares two documents: the grants gained and lost, and the verdict.

A document covers a grant if one of its own grants names at least as much under no stricter
condition, and no Deny that is new limits it. Deny statements are compared by themselves too, since
they also limit what the other policies of a principal allow: a new one is a loss, one that is
removed is a gain.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from msgspec import structs

from policybook.analysis.compared_actions import ActionsCache
from policybook.analysis.compared_documents import ComparedDocument, SingleStatements
from policybook.analysis.kept_parts import meaning, with_kept_parts
from policybook.iam.aws_reference import NO_REFERENCE, AwsReference
from policybook.iam.coverage import Box
from policybook.iam.denies import removing
from policybook.iam.grants import grants, prefixes
from policybook.model.changes import Change, Evidence, EvidenceKind, Verdict
from policybook.model.documents import Document, Grant, Statement, Term


def compare(old: Document, new: Document, reference: AwsReference = NO_REFERENCE) -> Change:
    """The change from one document to another.

    Swapping the two swaps gained and lost. Both lists are in the order of the document that has the
    grant; Denies come after Allows.

    Args:
        old: The document before the change.
        new: The document after it.
        reference: What AWS's lists say about condition keys and ARNs.
    """
    return Comparison(reference).of(old, new)


class Comparison:
    """Compares many similar documents, such as the versions of a policy.

    The documents and their prepared forms are cached.

    Args:
        reference: What AWS's lists say about condition keys and ARNs.
    """

    def __init__(self, reference: AwsReference = NO_REFERENCE) -> None:
        self._reference = _Watched(reference)
        self._sides: dict[int, ComparedDocument] = {}
        self._parts: ActionsCache = {}

    def of(self, old: Document, new: Document) -> Change:
        """The change from `old` to `new`; see `compare`."""
        sides = self._side(old), self._side(new)
        self._reference.apart_used = False
        change, doubts = _compare(*sides)
        if self._reference.apart_used:
            with self._reference.without_formats():
                by_text, _ = _compare(*sides)
            if change != by_text:
                change = structs.replace(change, formats_date=self._reference.date)
        lost, gained = with_kept_parts(change.lost, change.gained, doubts, *sides)
        return structs.replace(change, lost=lost, gained=gained)

    def holds(self, part: Document, whole: Document) -> bool | None:
        """Whether `whole` covers every grant of `part`.

        Allows are compared with Allows and Denies with Denies. What a Deny removes from an Allow is
        ignored.

        Args:
            part: The document whose grants must be covered.
            whole: The document that must cover them.

        Returns:
            The answer; None if it cannot be decided.
        """
        here, there = self._side(part), self._side(whole)
        doubtful = any(_foreign(part, whole))
        for statement in part.statements:
            if not there.has(statement):
                for kind, doubt, _ in _beside(statement, here, there, ()):
                    if kind:
                        return False
                    doubtful = doubtful or bool(doubt)
        return None if doubtful else True

    def _side(self, document: Document) -> ComparedDocument:
        if id(document) not in self._sides:
            self._sides[id(document)] = ComparedDocument(document, self._parts, self._reference)
        return self._sides[id(document)]


class _Watched:
    """A reference that says whether its ARN formats told two patterns apart, and can ignore them.

    Args:
        reference: What AWS's lists say about condition keys and ARNs.
    """

    def __init__(self, reference: AwsReference) -> None:
        self.date = reference.date
        self.is_array = reference.is_array
        self.apart_used = False
        self._reference = reference
        self._formats = True

    def apart(self, one: str, other: str) -> bool:
        """Whether two resource patterns match ARNs of known formats, but none in common."""
        found = self._formats and self._reference.apart(one, other)
        self.apart_used = self.apart_used or found
        return found

    @contextmanager
    def without_formats(self) -> Iterator[None]:
        """Compares patterns by their texts only."""
        self._formats = False
        try:
            yield
        finally:
            self._formats = True


class Covering:
    """Tells for many pairs of documents, by their names, whether one covers the other.

    Args:
        documents: The documents by name.
        reference: What AWS's lists say about condition keys and ARNs.
    """

    def __init__(
        self, documents: Mapping[str, Document], reference: AwsReference = NO_REFERENCE
    ) -> None:
        self._reference = reference
        self._documents = documents
        self._sides: dict[str, ComparedDocument] = {}
        self._parts: ActionsCache = {}

    def covers(self, wide: str, narrow: str) -> bool | None:
        """Whether `compare(narrow, wide)` loses nothing.

        The first loss ends the search, even after grants that cannot be decided.

        Args:
            wide: The name of the document that must cover the other.
            narrow: The name of the other document.

        Returns:
            The answer; None if it cannot be decided.
        """
        here, there = self._side(narrow), self._side(wide)
        if here.document.source == there.document.source:
            return True
        doubtful = False
        for evidence, _, _ in _lacks(here, there):
            if evidence:
                return False
            doubtful = True
        return None if doubtful or any(_foreign(here.document, there.document)) else True

    def grants(self, name: str, action: str) -> bool:
        """Whether one statement of a document allows all actions that a pattern names.

        A statement does not count if a Deny removes these actions on all of its resources.

        Args:
            name: The name of the document.
            action: The action pattern, in lower case.
        """
        side, wanted = self._side(name), Term((action,))
        denies = tuple(side.allowing("Deny", wanted))
        return any(
            not removing(denies, statement.resources)
            for statement in side.allowing("Allow", wanted)
        )

    def _side(self, name: str) -> ComparedDocument:
        if name not in self._sides:
            self._sides[name] = ComparedDocument(
                self._documents[name], self._parts, self._reference
            )
        return self._sides[name]


def _compare(before: ComparedDocument, after: ComparedDocument) -> tuple[Change, tuple[Grant, ...]]:
    """The change, without what is kept of its evidence, and the grants that are undecided."""
    old, new = before.document, after.document
    if old.source == new.source:
        return Change("identical"), ()
    lost, doubts = _missing(before, after)
    gained, more = _missing(after, before)
    foreign = tuple(_foreign(old, new))
    undecided = tuple(dict.fromkeys((*foreign, *(doubt for doubt, _ in (*doubts, *more)))))
    unsure = {prefix for _, grant in (*doubts, *more) for prefix in prefixes(grant)}
    if foreign:
        unsure.update(prefix for side in (old, new) for g in grants(side) for prefix in prefixes(g))
    verdict = verdict_of(bool(gained), bool(lost), bool(undecided))
    change = Change(verdict, gained, lost, undecided, tuple(sorted(unsure)))
    return change, tuple(grant for _, grant in (*doubts, *more))


def verdict_of(gained: bool, lost: bool, undecided: bool) -> Verdict:
    """The verdict on two documents that differ.

    Args:
        gained: Whether grants were gained.
        lost: Whether grants were lost.
        undecided: Whether some grants could not be compared.
    """
    if gained and lost:
        return "mixed"
    if undecided:
        return "undetermined"
    return "widened" if gained else "narrowed" if lost else "equivalent"


def reverse_of(verdict: Verdict) -> Verdict:
    """The verdict on the change back."""
    turned: Mapping[Verdict, Verdict] = {"widened": "narrowed", "narrowed": "widened"}
    return turned.get(verdict, verdict)


def _foreign(old: Document, new: Document) -> Iterator[str]:
    """The elements of the documents that prevent comparing their grants.

    Statements of resource control policies are all for everybody, which tells nothing apart.
    """
    every = (*old.statements, *new.statements)
    if any(s.has_principal for s in every) and not all(s.for_everybody for s in every):
        yield "Principal, which a managed policy does not have"


_Doubt = tuple[str, Grant]


def _missing(
    here: ComparedDocument, there: ComparedDocument
) -> tuple[tuple[Evidence, ...], tuple[_Doubt, ...]]:
    """What `there` lacks of `here`: Allows that are not covered, and Denies that are new."""
    found: list[Evidence] = []
    doubts: list[_Doubt] = []
    for evidence, doubt, grant in _lacks(here, there):
        if evidence:
            found.append(evidence)
        else:
            doubts.append((doubt, grant))
    return tuple({meaning(e.grant): e for e in reversed(found)}.values())[::-1], tuple(doubts)


def _lacks(
    here: ComparedDocument, there: ComparedDocument
) -> Iterator[tuple[Evidence | None, str, Grant]]:
    """Each lack with its grant; None and the reason if a grant cannot be decided."""
    removing = tuple(s for s in here.document.statements if s.effect == "Deny")
    for effect, own, other in (("Allow", here, there), ("Deny", there, here)):
        for statement in own.document.statements:
            if statement.effect == effect and not other.has(statement):
                denies = removing if effect == "Allow" else ()
                for kind, doubt, grant in _beside(statement, own, other, denies):
                    if kind:
                        yield (
                            Evidence("deny" if effect == "Deny" else kind, grant, grant),
                            "",
                            grant,
                        )
                    elif doubt:
                        yield None, doubt, grant


def _beside(
    statement: Statement,
    own: ComparedDocument,
    other: ComparedDocument,
    denies: tuple[Statement, ...],
) -> Iterator[tuple[EvidenceKind | None, str, Grant]]:
    """The grants of a statement, without most of those that `other` has literally.

    Each comes with why the grants of `other` do not cover what the `denies` leave of it: the kind
    and "" if they do not, None and "" if they do, and None and the reason if that cannot be
    decided.
    """
    single = SingleStatements(statement, own.reference)
    for written, plain in other.without(own.part(statement), statement):
        allowing = list(other.allowing(statement.effect, plain))
        for place, resource in enumerate(single.resources):
            kind, doubt = single.lack(allowing, place)
            if kind or doubt:
                box = Box(plain, resource, statement.condition)
                whole, doubt = other.covers(statement.effect, box, denies)
                kind = kind or "condition" if whole is False else None
            condition = statement.condition
            yield (
                kind,
                doubt,
                Grant(statement.effect, written, resource, condition, statement.number),
            )
