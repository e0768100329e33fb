"""The best choices of policies, beside all that there are; and what the search does not do."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pytest
from policybook.analysis import choices as module
from policybook.analysis.asked_actions import asked_actions
from policybook.analysis.attached import Member, Scale
from policybook.analysis.choices import Question, choices
from policybook.analysis.chosen import Switches, chosen
from policybook.analysis.risks import Rulebook
from policybook.book.facts.membership import MembershipFacts
from policybook.catalogue.catalogue import Catalogue
from policybook.data.asked_text import asked_text
from policybook.data.loader import load
from policybook.model.book import Book, BookFile
from policybook.model.deprecation import DeprecationFacts
from policybook.model.policies import Policy, PolicyFacts, Version, VersionFacts
from policybook.model.risk_rules import Rule

from tests.support.books import DATA, small_catalogue
from tests.support.brute_choices import BruteForce
from tests.support.documents import allow, deny, document_of


def book_of(rules: Mapping[str, Rule] = {}, **policies: Sequence[dict[str, Any]]) -> Book:
    """A book of policies with these statements."""
    made = {
        name: Policy(
            PolicyFacts(name=name, arn=None, type="aws-managed"),
            (Version("v1", VersionFacts(id="v1"), document_of(*statements)),),
        )
        for name, statements in policies.items()
    }
    return Book(BookFile(title="B", introduction=()), made, rules=rules)


def found(book: Book, catalogue: Catalogue, needed: Sequence[str], switches: Switches) -> Any:
    """The choices for some actions."""
    membership = MembershipFacts(book, catalogue, partial(Rulebook, book.rules, catalogue)).all()
    allowed = {name for name, policy in book.policies.items() if switches.allow(policy)}
    return chosen(membership, allowed, needed, switches)


def named(book: Book, catalogue: Catalogue, *needed: str, **switches: Any) -> list[tuple[str, ...]]:
    """The names of the policies of each choice, in order."""
    answer = found(book, catalogue, [n.lower() for n in needed], Switches(**switches))
    return [choice.policies for choice in answer.choices]


BOOK = book_of(
    Get=[allow("s3:GetObject")],
    GetAndPut=[allow(["s3:GetObject", "s3:PutObject"])],
    Put=[allow("s3:PutObject")],
    All=[allow("s3:*")],
    Part=[allow(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::b/*")],
    NoPut=[allow("s3:GetObject"), deny("s3:Put*")],
)


def test_the_least_excess_comes_first_and_no_policy_is_superfluous() -> None:
    """Of equal choices the one with fewer policies, and then the first of the book."""
    assert named(BOOK, small_catalogue(), "s3:GetObject", "s3:PutObject") == [
        ("GetAndPut",),
        ("Part",),
        ("Get", "Put"),
        ("All",),
    ]


def test_a_deny_of_one_policy_takes_a_choice_away() -> None:
    """`NoPut` grants one of the actions, and denies the other one to all."""
    for policies in named(BOOK, small_catalogue(), "s3:GetObject", "s3:PutObject"):
        assert "NoPut" not in policies


def test_choices_can_be_limited_to_full_grants_and_to_no_excess() -> None:
    actions = ("s3:GetObject", "s3:PutObject")
    assert ("Part",) not in named(BOOK, small_catalogue(), *actions, in_full=True)
    assert ("All",) not in named(BOOK, small_catalogue(), *actions, nothing_else=True)
    assert named(BOOK, small_catalogue(), *actions, most=1) == [("GetAndPut",), ("Get", "Put")]


def test_what_is_granted_in_part_is_said_and_so_is_the_excess() -> None:
    answer = found(BOOK, small_catalogue(), ["s3:getobject"], Switches())
    by_name = {choice.policies: choice for choice in answer.choices}
    assert by_name["Part",].in_part == ("s3:getobject",)
    assert by_name["Part",].excess == {"Write": ("s3:putobject",)}
    assert by_name["Get",].excess == {}
    assert by_name["Get",].score == 0


def test_an_action_that_no_policy_grants_is_left_out_and_named() -> None:
    answer = found(BOOK, small_catalogue(), ["s3:getobject", "sqs:sendmessage"], Switches())
    assert answer.uncovered == ("sqs:sendmessage",)
    assert answer.choices[0].policies == ("Get",)
    assert found(BOOK, small_catalogue(), [], Switches()).choices == ()


def test_steps_of_a_risk_count_when_different_policies_allow_them() -> None:
    """A pair can escalate that cannot one by one; limits of one step limit the whole."""
    rules = load(DATA).rules
    two = next(r for r in rules.values() if len(r.steps) == 2 and all(s.actions for s in r.steps))
    first, second = (step.actions[0] for step in two.steps)
    book = book_of({two.id: two}, First=[allow(first)], Second=[allow(second)])
    (choice,) = found(book, Catalogue(), [first.lower(), second.lower()], Switches()).choices
    assert (choice.policies, choice.risks, choice.score) == (
        ("First", "Second"),
        {two.id: True},
        100,
    )
    (alone,) = found(book, Catalogue(), [first.lower()], Switches()).choices
    assert alone.risks == {}
    limited = {"Condition": {"Bool": {"aws:SecureTransport": "true"}}}
    book = book_of({two.id: two}, First=[allow(first)], Second=[allow(second, **limited)])
    (choice,) = found(book, Catalogue(), [first.lower(), second.lower()], Switches()).choices
    assert (choice.risks, choice.score) == ({two.id: False}, 25)


@pytest.mark.parametrize(
    ("facts", "switch"),
    [
        ({"type": "service-linked-role"}, {"attachable": False}),
        ({"type": "aws-managed", "attachable": False}, {"attachable": False}),
        ({"type": "customer-managed"}, {"customer_managed": True}),
        ({"type": "aws-managed", "deprecated": DeprecationFacts()}, {"no_deprecated": False}),
    ],
)
def test_a_switch_takes_further_policies(facts: Any, switch: Any) -> None:
    policy = Policy(PolicyFacts(name="P", arn=None, **facts), ())
    assert not Switches().allow(policy)
    assert Switches(**switch).allow(policy)


def test_the_search_says_when_it_ends_early(monkeypatch: pytest.MonkeyPatch) -> None:
    members = [Member(place, 1 << place % 3, 0) for place in range(30)]
    scale = Scale({"Read": 0b111}, {})
    assert choices(members, scale, Question(0b111)).complete
    monkeypatch.setattr(module, "MOST_STEPS", 20)
    assert not choices(members, scale, Question(0b111)).complete


# --- beside a brute force -------------------------------------------------------------------------


def assert_equal(book: Book, catalogue: Catalogue, questions: Sequence[Sequence[str]]) -> None:
    """Each question, for grants of any kind and for grants in full: all choices, in order."""
    names = [name for name, p in book.policies.items() if p.current and p.current.document]
    brute = BruteForce(book, names, catalogue)
    membership = MembershipFacts(book, catalogue, partial(Rulebook, book.rules, catalogue)).all()
    for needed in questions:
        for in_full in (False, True):
            switches = Switches(
                in_full, attachable=False, no_deprecated=False, customer_managed=True, most=1000
            )
            answer = chosen(membership, names, needed, switches)
            rest = [name for name in needed if name not in answer.uncovered]
            expected = brute.choices(rest, in_full) if rest else []
            assert answer.complete
            assert [(c.score, c.policies, frozenset(c.in_part)) for c in answer.choices] == [
                tuple(choice) for choice in expected
            ], needed


def test_sixty_questions_of_the_book_are_answered_as_by_brute_force() -> None:
    """Actions of one policy, or of several."""
    book, catalogue, chance = load(DATA), Catalogue(), random.Random(15)
    membership = MembershipFacts(book, catalogue, partial(Rulebook, book.rules, catalogue)).all()
    listed = [name for name in membership.names if catalogue.action(name)]
    questions = [chance.sample(listed, chance.choice((1, 2, 2, 3, 5))) for _ in range(60)]
    assert_equal(book, catalogue, questions)


ACTIONS = ("s3:GetObject", "s3:PutObject", "s3:Get*", "s3:*", "sqs:SendMessage", "sqs:*", "*")
PLACES = ("*", "arn:aws:s3:::*", "arn:aws:s3:::b/*", "arn:aws:s3:::b/c*", "arn:aws:sqs:*:*:q*")
IF = {"Bool": {"aws:SecureTransport": "true"}}


def random_statement(chance: random.Random) -> dict[str, Any]:
    """A statement of any kind: a third denies, and some have conditions."""
    make = deny if chance.random() < 0.3 else allow
    more = {"Condition": IF} if chance.random() < 0.2 else {}
    return make(chance.choice(ACTIONS), chance.choice(PLACES), **more)


@pytest.mark.parametrize("seed", range(24))
def test_random_books_with_denies_are_answered_as_by_brute_force(seed: int) -> None:
    """Seven policies of one to three statements."""
    chance, catalogue = random.Random(seed), small_catalogue()
    book = book_of(
        load(DATA).rules,
        **{
            f"P{number}": [random_statement(chance) for _ in range(chance.randint(1, 3))]
            for number in range(7)
        },
    )
    listed = ["s3:getobject", "s3:putobject", "s3:listbucket", "sqs:sendmessage"]
    assert_equal(book, catalogue, [listed[:1], listed[1:3], listed])


def test_questions_come_from_texts() -> None:
    """A pattern asks for all actions that it matches."""
    asked = asked_actions(asked_text("s3:GetObj* s3:Nope"), small_catalogue(), {})
    assert {action.name for action in asked.actions} >= {"s3:getobject"}
    assert [part.text for part in asked.unknown] == ["s3:Nope"]
