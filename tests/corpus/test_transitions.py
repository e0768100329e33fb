"""The table of real transitions: comparisons made by hand, and those of the program.

The documents are read from the archive with git and as plain JSON, without the importer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import get_args

import msgspec
import pytest
from policybook.analysis.compare import compare
from policybook.analysis.timeline import transitions
from policybook.catalogue.catalogue import Catalogue
from policybook.data.strict_yaml import parsed_yaml
from policybook.model.changes import Verdict
from policybook.model.documents import Document
from policybook.model.policies import Policy, PolicyFacts, Version, VersionFacts

from tests.support.archive import Archive, History
from tests.support.books import GOLDEN
from tests.support.changes import in_full, in_sets, mirrored
from tests.support.oracle import document
from tests.support.transition_traits import traits

TRAITS = {
    *("case", "condition-only", "deny", "gap", "list-against-string", "no-op", "not-action"),
    *("not-resource", "repeats", "replaced-by-enumeration", "resource-only", "rollback"),
    *("service-removed", "spaces"),
}


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of `golden/transitions.yml`; the numbers of `gap` as the file writes them."""

    policy: str
    start: str = msgspec.field(name="from")
    to: str
    verdict: Verdict
    why: str
    gap: tuple[str, ...] = ()
    traits: tuple[str, ...] = ()
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.policy} {self.start} to {self.to}"


def table() -> tuple[Row, ...]:
    """The entries, read as the data itself is read."""
    text = (GOLDEN / "transitions.yml").read_text("utf-8")
    value, errors = parsed_yaml(text)
    assert not errors
    return msgspec.convert(value, tuple[Row, ...])


ROWS = table()
CATALOGUE = Catalogue()
each_row = pytest.mark.parametrize("row", ROWS, ids=str)


# --- The table by itself --------------------------------------------------------------------------


def test_the_table_has_every_verdict_and_every_trait_several_times() -> None:
    """Each transition is listed once, with a reason and traits in alphabetical order."""
    assert len({str(row) for row in ROWS}) == len(ROWS) >= 66
    verdicts = Counter(row.verdict for row in ROWS)
    assert set(verdicts) == set(get_args(Verdict))
    assert min(verdicts.values()) >= 4
    found = Counter(trait for row in ROWS for trait in row.traits)
    assert set(found) == TRAITS
    assert min(found.values()) >= 2
    for row in ROWS:
        assert row.why.endswith("."), row
        assert list(row.traits) == sorted(set(row.traits)), row


def test_the_table_has_every_kind_of_evidence_on_both_sides() -> None:
    """Actions, resources, conditions and denials, each gained and each lost."""
    for side in ("gained", "lost"):
        kinds = Counter(line.partition(":")[0] for row in ROWS for line in getattr(row, side))
        assert set(kinds) == {"action", "resource", "condition", "deny"}
        assert min(kinds.values()) >= 5


@each_row
def test_a_verdict_follows_from_the_evidence(row: Row) -> None:
    """No grant is both gained and lost; if grants are only undecided, it is undetermined."""
    sides = bool(row.gained), bool(row.lost)
    match row.verdict:
        case "identical" | "equivalent":
            assert (*sides, bool(row.undecided)) == (False, False, False)
        case "widened" | "narrowed":
            assert sides == (row.verdict == "widened", row.verdict == "narrowed")
            assert not row.undecided
        case "mixed":
            assert sides == (True, True)
        case "undetermined":
            assert row.undecided
            assert sides != (True, True)
    assert not set(row.gained) & set(row.lost)


# --- The table and the archive --------------------------------------------------------------------


@pytest.fixture(scope="module")
def histories(archive: Archive) -> Mapping[str, History]:
    """The history of each policy of the table."""
    return {found.name: found for found in archive.histories(sorted({r.policy for r in ROWS}))}


def sides(row: Row, history: History) -> tuple[Document, Document]:
    """The two documents."""
    return document(history.document(row.start)), document(history.document(row.to))


@each_row
def test_the_change_equals_the_comparison_by_hand(
    row: Row, histories: Mapping[str, History]
) -> None:
    """Verdict, ordered evidence with kinds, and reasons; and the reverse for the change back."""
    old, new = sides(row, histories[row.policy])
    change = compare(old, new, CATALOGUE)
    assert change.verdict == row.verdict
    assert in_full(change.gained) == row.gained
    assert in_full(change.lost) == row.lost
    assert change.undecided == row.undecided
    assert mirrored(compare(new, old, CATALOGUE)) == in_sets(change)


@each_row
def test_the_two_versions_are_consecutive(row: Row, histories: Mapping[str, History]) -> None:
    """By number, with the gap in the table; or as a rollback in the archive."""
    history = histories[row.policy]
    if "rollback" in row.traits:
        assert (row.start, row.to) in set(zip(history.seen, history.seen[1:], strict=False))
        assert int(row.to[1:]) < int(row.start[1:])
        assert not row.gap
        return
    through_time = transitions(listed(row, history), reference=CATALOGUE)
    found = next(t for t in through_time if t.version.key == row.to)
    assert found.before is not None
    assert found.change is not None
    assert (found.before.key, found.change.verdict) == (row.start, row.verdict)
    assert [str(number) for number in found.missing] == list(row.gap)
    between = range(int(row.start[1:]) + 1, int(row.to[1:]))
    assert list(between) == [int(number) for number in row.gap]


def listed(row: Row, history: History) -> Policy:
    """The policy with every version that the archive has; with documents, those of the row."""

    def version(key: str) -> Version:
        known = key in (row.start, row.to)
        facts = VersionFacts(id=key, published=date(2020, 1, 1))
        return Version(key, facts, document(history.document(key)) if known else None)

    facts = PolicyFacts(name=row.policy, arn=None, type="aws-managed")
    return Policy(facts, tuple(map(version, reversed(history.ids))))


@each_row
def test_the_traits_are_those_of_the_documents(row: Row, histories: Mapping[str, History]) -> None:
    """Exactly these."""
    history = histories[row.policy]
    found = traits(history.document(row.start), history.document(row.to))
    if row.gap:
        found.add("gap")
    if int(row.to[1:]) < int(row.start[1:]):
        found.add("rollback")
    assert found == set(row.traits)
