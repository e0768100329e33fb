"""The page that chooses policies and the command line give the same answers."""

from __future__ import annotations

import json
import random
import shutil
from typing import Any

import pytest
from policybook.analysis.joint_paths import together
from policybook.analysis.risks import Rulebook
from policybook.book.context import BookContext
from policybook.catalogue.catalogue import Catalogue
from policybook.data.loader import load

from tests.support.books import DATA
from tests.support.choose_questions import (
    Question,
    command_answer,
    comparable,
    page_answers,
    random_questions,
)
from tests.support.cli import run
from tests.support.contexts import context_of

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="no Node.js on the PATH")


@pytest.fixture(scope="module")
def context() -> BookContext:
    """The book of this repository."""
    return context_of(load(DATA), Catalogue())


def test_three_hundred_questions_have_the_same_answers(context: BookContext) -> None:
    """Choices in the same order, with the same excess, risks, and what is not understood."""
    questions = random_questions(context, random.Random(15), 300)
    answers = page_answers(context, questions)
    assert sum(bool(answer["choices"]) for answer in answers) > 150
    for question, answer in zip(questions, answers, strict=True):
        assert comparable(answer) == command_answer(context, question), question


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("s3:GetObject s3:List* sqs:SendMessage", []),
        ("s3:HeadObject dynamodb:TransactWriteItems s3:NoSuchOperation", []),
        ("iam:PassRole", ["--in-full", "--most", "3"]),
        ("sagemaker:CreateTrainingJob", ["--not-attachable-too", "--deprecated-too"]),
    ],
)
def test_the_command_itself_says_so(context: BookContext, text: str, options: list[str]) -> None:
    """With switches."""
    question = {
        "text": text,
        "insteadOf": [],
        "switches": {
            "inFull": "--in-full" in options,
            "nothingElse": False,
            "attachable": "--not-attachable-too" not in options,
            "noDeprecated": "--deprecated-too" not in options,
            "customerManaged": False,
            "most": 3 if "--most" in options else 10,
        },
    }
    (answer,) = page_answers(context, [question])
    ran = run("choose", *text.split(), *options, "--data", DATA, "--format", "json")
    assert comparable(json.loads(ran.stdout)) == comparable(answer)


def test_an_operation_of_cloudtrail_means_the_actions_that_it_needs(context: BookContext) -> None:
    """HeadObject needs `s3:GetObject`, and another action in a case that is said."""
    event = {"eventSource": "s3.amazonaws.com", "eventName": "HeadObject"}
    switches: dict[str, Any] = {"inFull": False, "nothingElse": False, "attachable": True}
    switches |= {"noDeprecated": True, "customerManaged": False, "most": 3}
    question = {"text": json.dumps(event), "insteadOf": [], "switches": switches}
    (answer,) = page_answers(context, [question])
    assert answer["actions"] == ["s3:GetObject"]
    (operation,) = answer["operations"]
    assert (operation["operation"], operation["actions"]) == ("s3:HeadObject", ["s3:GetObject"])
    assert "s3:ListBucket" in [case["action"] for case in operation["sometimes"]]
    assert comparable(answer) == command_answer(context, question)


def test_what_a_pair_or_triple_makes_possible_together_is_said(context: BookContext) -> None:
    """As `policybook risks` says it; where a Deny may limit it further, the page has no less."""
    rulebook = Rulebook(context.book.rules, context.catalogue)
    text = "iam:PassRole lambda:CreateFunction sagemaker:CreateNotebookInstance s3:PutObject"
    switches: dict[str, Any] = {"inFull": False, "nothingElse": False, "attachable": False}
    switches |= {"noDeprecated": False, "customerManaged": True, "most": 20}
    questions: list[Question] = [{"text": text, "insteadOf": [], "switches": switches}]
    questions += random_questions(context, random.Random(3), 40)
    exact = 0
    for answer in page_answers(context, questions):
        for choice in answer["choices"]:
            if len(choice["policies"]) == 1:
                assert choice["together"] is None
                continue
            current = {name: context.book.policies[name].current for name in choice["policies"]}
            documents = {name: v.document for name, v in current.items() if v and v.document}
            expected = {path.rule: path.mitigation for path in together(documents, rulebook).paths}
            found = choice["together"]["paths"]
            assert expected.keys() <= {path["rule"] for path in found}
            certain = {path["rule"]: path["mitigation"] for path in found if not path["unsure"]}
            assert certain.items() <= expected.items()
            exact += len(certain)
    assert exact
