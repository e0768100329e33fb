"""Overlap: every pair of random and of AWS's policies, compared with sets and `compare`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policybook.analysis.compare import Covering, compare
from policybook.analysis.effective_actions import effective_names
from policybook.analysis.overlap import Line, Overlap, current_documents, overlaps
from policybook.analysis.overlap_pairs import related
from policybook.catalogue.catalogue import Catalogue
from policybook.iam.terms import term_covers
from policybook.model.book import Book
from policybook.model.documents import Document, Term

from tests.support import oracle
from tests.support.books import small_catalogue
from tests.support.chance import chance
from tests.support.properties import examples

Statement = dict[str, Any]


def of(*statements: Statement, version: str = "2012-10-17") -> Document:
    """A document of these statements."""
    return oracle.document({"Version": version, "Statement": list(statements)})


def allow(action: Any, resource: Any = "*", **more: Any) -> Statement:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: Any, resource: Any = "*", **more: Any) -> Statement:
    return {**allow(action, resource, **more), "Effect": "Deny"}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """Twelve actions of three services."""
    return small_catalogue()


def found(catalogue: Catalogue, **documents: Document) -> dict[str, Overlap]:
    """The overlaps of a book of these documents."""
    return overlaps(related(documents, catalogue))


# --- pair by pair ---------------------------------------------------------------------------------


class Slowly:
    """A book of which every pair is compared separately; only expansions are cached."""

    def __init__(self, documents: Mapping[str, Document], catalogue: Catalogue) -> None:
        self.documents = documents
        self.catalogue = catalogue
        self.every = set(catalogue.named_by("*"))
        self.names = {n: effective_names(d, catalogue) for n, d in documents.items()}
        self._found: dict[tuple[str, str], tuple[set[str], set[str]]] = {}

    def kind(self, name: str) -> str:
        """Whether the policy grants nothing, everything, or some."""
        whole = any(
            s.effect == "Allow" and not s.actions.negated and {"*", "*:*"} & {*s.actions.patterns}
            for s in self.documents[name].statements
        )
        if whole and self.names[name] >= self.every:
            return "everything"
        return "some" if self.names[name] else "none"

    def lacking(self, one: str, other: str) -> int:
        """The number of effective actions that the other lacks; uncatalogued ones by their text."""
        return sum(
            name in self.every or not by_text(self.documents[other], name)
            for name in self.names[one] - self.names[other]
        )

    def near(self, one: str, other: str) -> bool:
        """Whether four fifths of the actions of either are actions of both."""
        names, others = self.names[one], self.names[other]
        return len(names & others) >= 0.8 * len(names | others)

    def compared(self, one: str, other: str) -> tuple[set[str], set[str]]:
        """Whether the other covers the one, and the one the other, according to `compare`.

        Each pair is compared once: swapping the documents swaps what is gained and lost.
        """
        if (one, other) not in self._found:
            change = compare(self.documents[one], self.documents[other], self.catalogue)
            open_ = {"yes", "undetermined"} if change.verdict == "undetermined" else {"yes"}
            covers, covered = {"no"} if change.lost else open_, {"no"} if change.gained else open_
            self._found[one, other] = covers, covered
            self._found[other, one] = covered, covers
        return self._found[one, other]

    def agrees(self, overlap: Overlap, name: str, most: int = 9999) -> None:
        """Assert that the overlap is what looking at every other policy gives.

        Of those that are not listed, so many at most are compared by grants.
        """
        assert overlap.kind == self.kind(name)
        listed = {}
        for to in ("contained_in", "contains", "equal", "near"):
            lines = getattr(overlap, to)
            assert list(lines) == sorted(lines, key=lambda line: (line.more + line.less, line.name))
            for line in lines:
                assert line.name not in listed
                listed[line.name] = to, line
        others = [other for other in self.documents if other != name]
        looked_at = chance(name).sample(others, min(most, len(others)))
        for other in others:
            self._agrees(listed.get(other), name, other, other in looked_at)

    def _agrees(
        self, listed: tuple[str, Line] | None, name: str, other: str, compares: bool
    ) -> None:
        if self.kind(name) != self.kind(other) or self.kind(name) == "none":
            assert not listed
            return
        unknown = {"no"}, {"no"}
        covers, covered = self.compared(name, other) if listed or compares else unknown
        more, less = self.lacking(other, name), self.lacking(name, other)
        inside, around = not less or covers != {"no"}, not more or covered != {"no"}
        to = LISTS.get((inside, around)) or ("near" if self.near(name, other) else None)
        assert (listed[0] if listed else None) == to, (name, other)
        if listed:
            line = listed[1]
            assert (line.more, line.less) == (more, less), (name, other)
            assert line.covers in covers, (name, other)
            assert line.covered in covered, (name, other)
            if "undetermined" in covers & covered:
                assert "undetermined" in (line.covers, line.covered)


LISTS = {(True, True): "equal", (True, False): "contained_in", (False, True): "contains"}


def by_text(document: Document, name: str) -> bool:
    """Whether a statement allows the pattern, and no Deny includes all of its resources."""

    def says(statement: Any) -> bool:
        plain = ("*" if p == "*:*" else p.lower() for p in statement.actions.patterns)
        return term_covers(Term(tuple(plain), statement.actions.negated), Term((name,)))

    said = [s for s in document.statements if says(s)]
    return any(
        s.effect == "Allow"
        and not any(
            d.effect == "Deny" and not d.condition and term_covers(d.resources, s.resources)
            for d in said
        )
        for s in said
    )


# --- random books ---------------------------------------------------------------------------------

PLAIN = [
    *("s3:GetObject", "s3:Get*", "s3:*", "S3:PutObject", "s3:Gone", "s3:Gone*", "sqs:SendMessage"),
    *("sqs:*", "iam:*", "nope:One", "nope:*", "*"),
]
ODD = [*PLAIN, "*:*", "n?pe:One", "s*:GetObject", "**", "none"]
RESOURCES = ["*", "arn:aws:s3:::a", "arn:aws:s3:::a*", "arn:aws:s3:::b", "${aws:username}"]
CONDITIONS: list[dict[str, Any]] = [
    {},
    {},
    {"StringEquals": {"aws:x": "1"}},
    {"StringLike": {"aws:x": "*"}},
    {"ForAnyValue:StringEquals": {"aws:x": "1"}},
]
versions = st.sampled_from(["2012-10-17", "2012-10-17", "2008-10-17"])


@st.composite
def statements(draw: st.DrawFn, *, odd: bool, denies: bool) -> Statement:
    """A statement of any form, or only of the usual forms."""
    actions, resources = st.sampled_from(ODD if odd else PLAIN), st.sampled_from(RESOURCES)
    condition = draw(st.sampled_from(CONDITIONS))
    form = {
        "Effect": draw(st.sampled_from(["Allow", "Allow", "Deny" if denies else "Allow"])),
        draw(st.sampled_from(["Action", "Action", "Action", "NotAction"])): draw(
            st.lists(actions, min_size=1, max_size=3)
        ),
        draw(st.sampled_from(["Resource", "Resource", "NotResource"])): draw(
            st.lists(resources, min_size=not odd, max_size=2)
        ),
    }
    return {**form, "Condition": condition} if condition else form


@st.composite
def books(draw: st.DrawFn) -> dict[str, Document]:
    """A few documents, often with common statements."""
    odd, denies = draw(st.sampled_from([False, False, True])), draw(st.booleans())
    any_form = statements(odd=odd, denies=denies)
    shared = draw(st.lists(any_form, min_size=1, max_size=4))
    some = st.lists(st.one_of(st.sampled_from(shared), any_form), max_size=4)
    return {
        f"P{number}": of(*draw(some), version=draw(versions))
        for number in range(draw(st.integers(2, 5)))
    }


@examples(1.5)
@given(book=books())
def test_every_pair_is_what_plain_sets_and_compare_say(
    catalogue: Catalogue, book: dict[str, Document]
) -> None:
    overlap = found(catalogue, **book)
    assert set(overlap) == set(book)
    slowly = Slowly(book, catalogue)
    for name in book:
        slowly.agrees(overlap[name], name)


@examples(0.6)
@given(book=books(), more=books(), data=st.data())
def test_what_an_earlier_run_found_never_decides(
    catalogue: Catalogue, book: dict[str, Document], more: dict[str, Document], data: st.DataObject
) -> None:
    """Changed, added and removed policies: the same with and without the earlier pairs."""

    def digests(documents: Mapping[str, Document]) -> dict[str, bytes]:
        return {name: repr(document.source).encode() for name, document in documents.items()}

    past = related(book, catalogue, digests(book))
    assert set(past.granted) == set(book)
    after = {**book, **{name: more[name] for name in data.draw(st.sets(st.sampled_from([*more])))}}
    for name in data.draw(st.sets(st.sampled_from([*book]))):
        after.pop(name, None)
    again = related(after, catalogue, digests(after), past)
    assert overlaps(again) == found(catalogue, **after)
    assert related(after, catalogue, digests(after), again) is again


def test_a_policy_that_changed_is_compared_with_larger_ones_and_smaller_ones(
    catalogue: Catalogue,
) -> None:
    """Whichever of two policies changes."""
    shared = [f"nope:{number}" for number in range(30)]
    book = {
        "Part": of(allow(["s3:GetObject", "sqs:SendMessage"])),
        "Small": of(allow([*shared, "iam:PassRole", "s3:GetObject"])),
        "Large": of(allow([*shared, "sqs:*", "s3:Get*"])),
        "Whole": of(allow([*shared, "sqs:*", "s3:*"])),
    }
    before = dict.fromkeys(book, b"1")
    cold = overlaps(related(book, catalogue, before))
    large = cold["Large"]
    assert [[line.name for line in of] for of in (large.contains, large.near)] == [
        ["Part"],
        ["Small"],
    ]
    assert [line.name for line in large.contained_in] == ["Whole"]
    for name in book:
        past = related({**book, name: of()}, catalogue, {**before, name: b"0"})
        assert overlaps(related(book, catalogue, before, past)) == cold


@examples(0.3)
@given(book=books())
def test_one_policy_can_be_asked_about_alone(
    catalogue: Catalogue, book: dict[str, Document]
) -> None:
    alone = overlaps(related(book, catalogue, about={"P1"}))
    assert alone["P1"] == found(catalogue, **book)["P1"]


@examples(0.4)
@given(book=books())
def test_contained_in_is_the_mirror_of_contains(
    catalogue: Catalogue, book: dict[str, Document]
) -> None:
    overlap = found(catalogue, **book)
    mirror = {"contained_in": "contains", "contains": "contained_in"}
    for name, own in overlap.items():
        for to in ("contained_in", "contains", "equal", "near"):
            for line in getattr(own, to):
                back = Line(name, line.less, line.more, line.covered, line.covers)
                assert back in getattr(overlap[line.name], mirror.get(to, to))


@examples(0.6)
@given(book=books())
def test_covering_by_grants_is_an_order_where_it_is_decided(book: dict[str, Document]) -> None:
    """Covering is reflexive and transitive."""
    covering = Covering(book)
    for a in book:
        assert covering.covers(a, a)
        for b in book:
            for c in book:
                if covering.covers(a, b) and covering.covers(b, c):
                    assert covering.covers(a, c) is not False


# --- cases ----------------------------------------------------------------------------------------


def summary(lines: tuple[Line, ...]) -> list[tuple[str, int, int, str, str]]:
    """Each line as a tuple."""
    return [(line.name, line.more, line.less, line.covers, line.covered) for line in lines]


def test_the_tightest_comes_first(catalogue: Catalogue) -> None:
    """Then by name; the grants of the other may have wider or narrower resources."""
    overlap = found(
        catalogue,
        One=of(allow("s3:GetObject", "arn:aws:s3:::a/*")),
        Read=of(allow("s3:Get*")),
        All=of(allow("s3:*", ["arn:aws:s3:::b", "arn:aws:s3:::b/*"])),
        Reader=of(allow("s3:Get*")),
    )
    assert summary(overlap["One"].contained_in) == [
        ("Read", 1, 0, "yes", "no"),
        ("Reader", 1, 0, "yes", "no"),
        ("All", 5, 0, "no", "no"),
    ]
    assert summary(overlap["Read"].equal) == [("Reader", 0, 0, "yes", "yes")]
    assert summary(overlap["All"].contains) == [
        ("Read", 0, 4, "no", "no"),
        ("Reader", 0, 4, "no", "no"),
        ("One", 0, 5, "no", "no"),
    ]


def test_nearly_the_same_is_four_fifths_of_all(catalogue: Catalogue) -> None:
    """Five actions each with four in common are four of six."""
    five = ["s3:GetObject", "s3:PutObject", "s3:ListBucket", "s3:GetObjectTagging"]
    nine = [*five, *(f"nope:{n}" for n in range(4))]
    overlap = found(
        catalogue,
        A=of(allow([*five, "sqs:SendMessage"])),
        B=of(allow([*five, "sqs:ListQueues"])),
        C=of(allow([*nine, "sqs:SendMessage"])),
        D=of(allow([*nine, "sqs:ListQueues"])),
    )
    assert summary(overlap["A"].near) == []
    assert summary(overlap["C"].near) == [("D", 1, 1, "no", "no")]


def test_what_grants_nothing_or_everything_is_not_compared_with_the_rest(
    catalogue: Catalogue,
) -> None:
    """Policies that grant everything are compared only with each other."""
    overlap = found(
        catalogue,
        Nothing=of(deny("*")),
        Denied=of(allow("s3:*"), deny("s3:*")),
        One=of(allow("s3:GetObject")),
        All=of(allow("*")),
        Sometimes=of(allow("*", Condition={"Bool": {"aws:x": "true"}})),
        Most=of({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}),
    )
    assert overlap["Nothing"] == overlap["Denied"] == Overlap("none")
    assert summary(overlap["One"].contained_in) == [("Most", 8, 0, "yes", "no")]
    assert overlap["All"].kind == overlap["Sometimes"].kind == "everything"
    assert overlap["All"] == Overlap("everything", equal=overlap["All"].equal)
    assert summary(overlap["All"].equal) == [("Sometimes", 0, 0, "no", "yes")]


def test_a_name_that_the_catalogue_lacks_is_held_by_what_covers_it(catalogue: Catalogue) -> None:
    """Unless a Deny removes it. A pattern that matches nothing is not compared."""
    overlap = found(
        catalogue,
        Named=of(allow(["s3:GetObject", "s3:Gone"])),
        Wide=of(allow("s3:*")),
        Denied=of(allow("s3:*"), deny("s3:Gone")),
        Pattern=of(allow("gone:*")),
        Both=of(allow(["gone:*", "gone:One"])),
    )
    assert summary(overlap["Named"].contained_in) == [("Wide", 6, 0, "yes", "no")]
    assert not overlap["Pattern"].equal
    assert not overlap["Pattern"].contained_in
    assert not overlap["Both"].contains


def test_two_denies_remove_together_what_one_removes(catalogue: Catalogue) -> None:
    """Each from its own resource."""
    places = ["arn:aws:s3:::a/*", "arn:aws:s3:::b/*"]
    overlap = found(
        catalogue,
        Apart=of(allow("s3:*", places), deny("s3:Put*", places[0]), deny("s3:Put*", places[1])),
        Together=of(allow("s3:*", places), deny("s3:Put*", places)),
    )
    assert summary(overlap["Apart"].equal) == [("Together", 0, 0, "yes", "yes")]


def test_a_policy_is_covered_where_its_own_denies_take_away_the_rest(catalogue: Catalogue) -> None:
    """By the condition of the Allow, or two Denies together, though the other lacks actions."""
    one = {"Condition": {"StringEquals": {"aws:x": "1"}}}
    overlap = found(
        catalogue,
        Narrow=of(allow("s3:GetObject"), allow("sqs:*", **one), deny("sqs:*", **one)),
        Wide=of(allow("s3:GetObject")),
    )
    assert summary(overlap["Narrow"].equal) == [("Wide", 0, 2, "yes", "no")]
    put, some = "s3:PutObject", "arn:aws:s3:::a*"
    rest = {"Effect": "Deny", "Action": put, "NotResource": some}
    overlap = found(
        catalogue,
        Narrow=of(allow(put), deny(put, some), rest),
        Wide=of(allow([put, "s3:GetObject"]), deny(put)),
    )
    assert summary(overlap["Narrow"].contained_in) == [("Wide", 1, 1, "yes", "no")]


def test_what_an_action_cannot_have_is_not_compared(catalogue: Catalogue) -> None:
    """A policy contains another if it has its effective actions, whatever else that names."""
    overlap = found(
        catalogue,
        Buckets=of(allow(["s3:ListBucket", "s3:GetObject"], "arn:aws:s3:::a")),
        Lists=of(allow("s3:ListBucket")),
        Users=of(allow("iam:PassRole", "arn:aws:iam::*:user/*")),
        Except=of({"Effect": "Allow", "Action": "iam:PassRole", "NotResource": "arn:aws:iam"}),
        China=of(allow("iam:PassRole", "arn:aws-cn:iam::*:role/x")),
    )
    assert summary(overlap["Buckets"].equal) == [("Lists", 0, 0, "no", "no")]
    assert overlap["Users"] == Overlap("none")
    assert overlap["Except"].kind == "none"


def test_a_new_denial_is_a_loss_by_grants(catalogue: Catalogue) -> None:
    """It does not affect the effective actions if it removes none."""
    overlap = found(
        catalogue,
        Plain=of(allow("s3:GetObject")),
        Denies=of(allow("s3:GetObject"), deny("sqs:*")),
    )
    assert summary(overlap["Plain"].equal) == [("Denies", 0, 0, "no", "yes")]


def test_what_cannot_be_decided_is_said_to_be_so(catalogue: Catalogue) -> None:
    one = {"Condition": {"StringEquals": {"aws:x": "1"}}}
    any_of = {"Condition": {"ForAnyValue:StringEquals": {"aws:x": "1"}}}
    overlap = found(catalogue, A=of(allow("s3:Get*", **one)), B=of(allow("s3:*", **any_of)), C=of())
    assert summary(overlap["A"].contained_in) == [("B", 5, 0, "undetermined", "no")]


def test_a_loss_counts_more_than_a_doubt(catalogue: Catalogue) -> None:
    """Also if the doubt is found first."""
    one = {"Condition": {"StringEquals": {"aws:x": "1"}}}
    any_of = {"Condition": {"ForAnyValue:StringEquals": {"aws:x": "1"}}}
    overlap = found(
        catalogue,
        A=of(allow("s3:Get*", **one), allow("sqs:*")),
        B=of(allow("s3:*", **any_of), allow("sqs:*", ["arn:aws:sqs:*:*:a", "*"], **one)),
    )
    assert summary(overlap["A"].contained_in) == [("B", 5, 0, "no", "no")]


# --- all of AWS -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def aws(aws_book: Book) -> dict[str, Document]:
    """The current documents of all policies."""
    return current_documents(aws_book)


@pytest.fixture(scope="module")
def aws_overlap(aws: dict[str, Document]) -> Mapping[str, Overlap]:
    """The overlap of each."""
    return overlaps(related(aws, Catalogue()))


@pytest.mark.sampled
def test_real_policies_overlap_as_plain_sets_and_compare_say(
    aws: dict[str, Document], aws_overlap: Mapping[str, Overlap]
) -> None:
    """Some policies compared with all others, and by grants with the listed ones and some more."""
    slowly = Slowly(aws, Catalogue())
    for name in chance(11).sample(sorted(aws), 40):
        slowly.agrees(aws_overlap[name], name, most=20)


def test_real_policies_that_deny_overlap_as_compare_says(aws: dict[str, Document]) -> None:
    """Each compared with each."""
    catalogue = Catalogue()
    denying = {n: d for n, d in aws.items() if any(s.effect == "Deny" for s in d.statements)}
    overlap, slowly = overlaps(related(denying, catalogue)), Slowly(denying, catalogue)
    for name in denying:
        slowly.agrees(overlap[name], name)


def test_covering_real_policies_is_an_order(
    aws: dict[str, Document], aws_overlap: Mapping[str, Overlap]
) -> None:
    wider = {
        name: {line.name for line in (*found.contained_in, *found.equal) if line.covers == "yes"}
        for name, found in aws_overlap.items()
    }
    covering = Covering(aws)
    for name in chance(12).sample(sorted(aws), 300):
        for middle in wider[name]:
            for wide in wider[middle] - wider[name] - {name}:
                assert covering.covers(wide, name) is not False, (name, middle, wide)
