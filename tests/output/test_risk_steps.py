"""`engine/risk-steps.json`: which steps each policy grants and denies, and what scripts make of it.

`UPDATE_GOLDEN=1 pytest tests/output/test_risk_steps.py` rewrites the cases of the script.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
import pytest
from policybook.analysis.index import index
from policybook.analysis.joint_paths import together
from policybook.analysis.step_denies import step_actions, step_denies
from policybook.book.context import BookContext
from policybook.model.book import Book, BookFile
from policybook.model.documents import Document, union
from policybook.model.policies import Policy, PolicyFacts, Version, VersionFacts
from policybook.output.json.flag_results import flag_result
from policybook.output.risk_steps import LIMITS_OF_STEP, risk_steps

from tests.support.books import same_as_golden, small_catalogue
from tests.support.case_tables import CASES
from tests.support.chance import SEED, chance
from tests.support.documents import allow, bare_document, deny
from tests.support.joint_paths import IF, ROLE, RULES, random_statements

POLICIES, QUESTIONS = 60, 100


def policy(name: str, document: Document) -> Policy:
    """A policy with one version."""
    version = Version("v1", VersionFacts(id="v1"), document)
    return Policy(PolicyFacts(name=name, arn=None, type="aws-managed"), (version,))


@cache
def context() -> BookContext:
    """A book of random policies."""
    documents = {f"P{n}": bare_document(*random_statements(f"p{n}")) for n in range(POLICIES)}
    policies = {name: policy(name, document) for name, document in documents.items()}
    book = Book(BookFile(title="B", introduction=()), policies, rules=RULES)
    return BookContext(book, index(book), small_catalogue())


def document(name: str) -> Document:
    """The document of a policy."""
    current = context().book.policies[name].current
    assert current
    assert current.document
    return current.document


def test_each_step_has_its_limits() -> None:
    """Those of the policy's page; a policy that grants no step is left out."""
    steps, book = risk_steps(context()), context().book
    assert set(steps.grants) == {name for name in book.policies if context().risks.steps(name)}
    for name, packed in steps.grants.items():
        expected = [
            limits
            for rule in RULES
            for limits in context().risks.steps(name).get(rule, (None,) * len(RULES[rule].steps))
        ]
        found = {n // LIMITS_OF_STEP: steps.limits[n % LIMITS_OF_STEP] for n in packed}
        assert found == {place: limits for place, limits in enumerate(expected) if limits}


@pytest.mark.parametrize(
    ("statements", "removed", "limited"),
    [
        ([deny("s3:*")], (0, 2, 4), ()),
        ([deny("*")], (0, 1, 2, 3, 4, 5), ()),
        ([deny("iam:PassRole", ROLE)], (), (1, 3)),
        ([deny("iam:PassRole", **IF)], (), (1, 3)),
        ([deny("iam:*", ROLE), deny("iam:Pass*")], (1, 3), ()),
        ([{"Effect": "Deny", "NotAction": "s3:*", "Resource": "*"}], (1, 3, 5), ()),
        ([{"Effect": "Deny", "Action": "sqs:*", "NotResource": "arn:aws:s3:::b"}], (), (5,)),
        ([{"Effect": "Deny", "Action": "sqs:*", "NotResource": "*"}], (), ()),
        ([allow("*")], (), ()),
    ],
)
def test_what_a_deny_takes_from_others(
    statements: list[dict[str, Any]], removed: tuple[int, ...], limited: tuple[int, ...]
) -> None:
    """All of a step only if every action is denied on every resource, without a condition."""
    catalogue = small_catalogue()
    found = step_denies(
        bare_document(*statements), step_actions(RULES.values(), catalogue), catalogue
    )
    assert (found.removed, found.limited) == (removed, limited)


# --- the cases of the script ----------------------------------------------------------------------


def answer(names: Sequence[str]) -> Mapping[str, Any]:
    """What Python says of policies together."""
    found = together({name: document(name) for name in names}, context().risks.rulebook())
    return {
        "paths": [
            {
                "rule": path.rule,
                "gain": path.gain,
                "mitigation": path.mitigation,
                "steps": [{"mitigation": s.mitigation, "by": s.names} for s in path.steps],
                "sets": path.sets,
                "alone": path.alone,
            }
            for path in found.paths
        ],
        "prevented": found.prevented,
    }


def matched(found: Document) -> list[Mapping[str, Any]]:
    """The rules that a document matches, as `policybook risks` has them, in short."""
    flags = context().risks.rulebook().flags(found)
    results = [msgspec.to_builtins(flag_result(RULES[flag.rule], flag)) for flag in flags]
    for result in results:
        for step in result["steps"]:
            kept = ("statement", "mitigation")
            step["grants"] = [{key: grant[key] for key in kept} for grant in step["grants"]]
    return results


def question(number: int) -> Mapping[str, Any]:
    """Two or three policies, the rules that each and all of them match, and the answer."""
    r = chance(f"question {number}")
    names = r.sample(list(context().book.policies), r.choice([2, 2, 3]))
    documents = [document(name) for name in names]
    return {
        "documents": [
            {"name": name, "statements": len(found.statements), "risks": matched(found)}
            for name, found in zip(names, documents, strict=True)
        ],
        "joint": matched(union(documents)),
        "answer": answer(names),
    }


@pytest.mark.skipif(bool(SEED), reason="the cases are those of the tests without a seed")
def test_the_cases_of_the_script_are_what_python_says() -> None:
    """So that both give the same answers."""
    questions = [question(number) for number in range(QUESTIONS)]
    gains = {path["gain"] for one in questions for path in one["answer"]["paths"]}
    assert gains == {"new", "opened"}
    assert any(one["answer"]["prevented"] for one in questions)
    file = msgspec.to_builtins(risk_steps(context()))
    lines = ",\n".join(json.dumps(one, separators=(",", ":")) for one in questions)
    text = f'{{"file": {json.dumps(file)},\n"questions": [\n{lines}\n]}}\n'
    same_as_golden("joint-paths.json", text, CASES)
