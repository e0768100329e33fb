"""Derived facts: computed once per key, including empty results, and kept on request."""

from __future__ import annotations

import msgspec
from msgspec import Struct
from policybook.book.derived import Facts, derived


class Point(Struct, frozen=True):
    x: int
    y: int


class Numbers(Facts):
    """Facts that count how often they are computed."""

    def __init__(self) -> None:
        super().__init__()
        self.computed_for: list[object] = []

    @derived
    def nothing(self, key: str) -> None:
        self.computed_for.append(key)

    @derived
    def no_words(self, key: str) -> tuple[str, ...]:
        self.computed_for.append(key)
        return ()

    @derived(kept="policy")
    def point(self, policy: str) -> Point:
        self.computed_for.append(policy)
        return Point(len(policy), 0)

    @derived(kept="policy", key=lambda policy, words: (policy, " ".join(words)))
    def lengths(self, policy: str, words: list[str]) -> tuple[int, ...]:
        self.computed_for.append((policy, *words))
        return tuple(map(len, words))

    @derived(kept="catalogue")
    def of_catalogue(self, key: str) -> frozenset[str]:
        return frozenset(key)


def stored(facts: Numbers) -> dict[str, dict[str, dict[str, msgspec.Raw]]]:
    """The facts to keep, by owner and name, after a round trip through bytes."""
    found: dict[str, dict[str, dict[str, msgspec.Raw]]] = {}
    for owner, name, answers in facts.computed("policy"):
        raw = msgspec.msgpack.encode(answers)
        found.setdefault(owner, {})[name] = msgspec.msgpack.decode(raw, type=dict[str, msgspec.Raw])
    return found


def test_a_fact_is_computed_once_per_key() -> None:
    facts = Numbers()
    assert [facts.point("ab"), facts.point("ab"), facts.point("abc")] == [
        *(Point(2, 0), Point(2, 0)),
        Point(3, 0),
    ]
    assert facts.computed_for == ["ab", "abc"]


def test_an_empty_result_is_cached() -> None:
    """None and an empty tuple are not computed again."""
    facts = Numbers()
    for _ in range(3):
        facts.nothing("a")
        facts.no_words("b")
    assert facts.computed_for == ["a", "b"]


def test_objects_do_not_share_results() -> None:
    one, other = Numbers(), Numbers()
    one.point("ab")
    other.point("ab")
    assert other.computed_for == ["ab"]


def test_a_key_can_be_computed_from_unhashable_arguments() -> None:
    facts = Numbers()
    assert facts.lengths("p", ["a", "bc"]) == facts.lengths("p", ["a", "bc"]) == (1, 2)
    assert facts.lengths("p", ["a"]) == (1,)
    assert facts.computed_for == [("p", "a", "bc"), ("p", "a")]


def test_a_kept_fact_is_restored_with_its_type_and_not_computed_again() -> None:
    before, after = Numbers(), Numbers()
    before.point("ab")
    before.lengths("ab", ["x", "yz"])
    for owner, found in stored(before).items():
        after.restore(owner, found)
    assert after.point("ab") == Point(2, 0)
    assert after.lengths("ab", ["x", "yz"]) == (1, 2)
    assert after.computed_for == []


def test_what_another_process_computed_is_kept_as_if_it_was_computed_here() -> None:
    """Results from before the other process began come from this one alone."""
    here, there = Numbers(), Numbers()
    for facts in (here, there):
        facts.lengths("ab", ["a"])
    there.forget_new()
    there.lengths("ab", ["b", "c"])
    there.point("xyz")
    new = {(owner, name): found for owner, name, found in there.new()}
    assert {key: set(found) for key, found in new.items()} == {
        ("ab", "lengths"): {"b c"},
        ("xyz", "point"): {""},
    }
    for (owner, name), found in new.items():
        here.merge(owner, name, found)
    assert {owner: set(found) for owner, found in stored(here).items()} == {
        "ab": {"lengths"},
        "xyz": {"point"},
    }
    assert set(stored(here)["ab"]["lengths"]) == {"a", "b c"}
    assert here.point("xyz") == Point(3, 0)
    assert here.computed_for == [("ab", "a")]


def test_only_owners_with_new_facts_are_stored_with_all_their_facts() -> None:
    """Restored facts that were not needed are kept together with new ones."""
    before, after = Numbers(), Numbers()
    before.lengths("one", ["a"])
    before.lengths("other", ["a"])
    for owner, found in stored(before).items():
        after.restore(owner, found)
    after.lengths("one", ["a"])
    assert stored(after) == {}
    after.lengths("other", ["b", "c"])
    assert {owner: set(found["lengths"]) for owner, found in stored(after).items()} == {
        "other": {"a", "b c"}
    }


def test_facts_that_are_not_kept_are_not_stored() -> None:
    facts = Numbers()
    facts.no_words("a")
    facts.of_catalogue("a")
    assert stored(facts) == {}


def test_what_an_older_program_kept_under_another_name_is_ignored() -> None:
    facts = Numbers()
    facts.restore("ab", {"gone": {"": msgspec.Raw(b"\x01")}})
    assert facts.point("ab") == Point(2, 0)
