"""Choices of policies of all of AWS: beside a brute force, a simulator, and the page.

The simulator is `@cloud-copilot/iam-simulate`; `make test-all` installs it in `tests/oracle`.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import re
import subprocess
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pytest
from msgspec import structs
from policybook.analysis.asked_actions import asked_actions
from policybook.analysis.chosen import Switches, chosen
from policybook.analysis.covers import Attached, covers_of
from policybook.analysis.risks import Rulebook
from policybook.book.context import BookContext
from policybook.book.facts.membership import MembershipFacts
from policybook.catalogue.catalogue import Catalogue
from policybook.data.asked_text import asked_text
from policybook.iam.denies import GRANTED
from policybook.model.documents import Document
from policybook.output.search_index import finder

from tests.support.books import REPOSITORY
from tests.support.brute_choices import BruteForce
from tests.support.choose_questions import (
    command_answer,
    comparable,
    page_answers,
    random_questions,
)
from tests.support.plain_iam import Format, PlainIam, arn_of, on

ORACLE = REPOSITORY / "tests/oracle"
# Services about which the simulator is not asked, with the reason.
NOT_ASKED: Mapping[str, str] = {
    "kms": "it also wants a key's own policy, which we know nothing of",
    "wafv2": "it does not match `arn:aws:wafv2:*:*:*/webacl/*/*` with ARNs of web ACLs",
}


def documented(aws: BookContext) -> list[str]:
    """The policies with a document."""
    return [n for n, p in aws.book.policies.items() if p.current and p.current.document]


def document(aws: BookContext, name: str) -> Document:
    """The current document of a policy."""
    current = aws.book.policies[name].current
    assert current
    assert current.document
    return current.document


def test_the_file_of_what_policies_grant_is_small(aws: BookContext) -> None:
    """At most 130 kB compressed."""
    family = next(f for f in finder.FILES if f.path == finder.MEMBERSHIP)
    (file,) = family.files(aws)
    content = file.render()
    assert len(gzip.compress(content, 6)) <= 130_000
    assert len(json.loads(content)["grants"]) == len(aws.book.policies)


def test_two_hundred_questions_have_the_same_answers_on_the_page(aws: BookContext) -> None:
    questions = random_questions(aws, random.Random(1), 200)
    answers = page_answers(aws, questions)
    assert sum(bool(answer["choices"]) for answer in answers) > 50
    for question, answer in zip(questions, answers, strict=True):
        assert comparable(answer) == command_answer(aws, question), question


def test_sixty_questions_are_answered_as_by_brute_force(aws: BookContext) -> None:
    """Among 24 policies, six of them with Denies, each question of two to four actions."""
    chance, catalogue = random.Random(15), aws.catalogue
    small = [n for n in documented(aws) if len(aws.membership.granted(n).in_full) < 600]
    denying = [n for n in small if n in aws.membership.denied()]
    names = sorted({*chance.sample(small, 18), *chance.sample(denying, 6)})
    policies = {name: aws.book.policies[name] for name in aws.book.policies if name in names}
    book = structs.replace(aws.book, policies=policies)
    brute = BruteForce(book, list(policies), catalogue)
    membership = MembershipFacts(book, catalogue, partial(Rulebook, book.rules, catalogue)).all()
    listed = [name for name in membership.names if catalogue.action(name)]
    for number in range(60):
        needed = chance.sample(listed, chance.choice((2, 3, 4)))
        switches = Switches(number % 3 == 0, False, False, False, True, 100_000)
        answer = chosen(membership, policies, needed, switches)
        rest = [name for name in needed if name not in answer.uncovered]
        expected = brute.choices(rest, switches.in_full) if rest else []
        found = [(c.score, c.policies, frozenset(c.in_part)) for c in answer.choices]
        assert found == [tuple(choice) for choice in expected], needed


def test_sixty_questions_about_coverage_agree_with_trying_requests(aws: BookContext) -> None:
    """One to three policies, each question of six actions, half of them granted by one of them."""
    chance, plain = random.Random(16), PlainIam(aws.catalogue)
    names, every = documented(aws), sorted(aws.membership.all().names)
    for _ in range(60):
        some = chance.sample(names, chance.choice((1, 2, 3)))
        own = sorted({n for name in some for n in aws.membership.granted(name).in_part})
        asked = asked_actions(
            asked_text(" ".join((*chance.sample(own, min(3, len(own))), *chance.sample(every, 3)))),
            aws.catalogue,
            {},
        )
        documents = [document(aws, name) for name in some]
        attached = [Attached(*pair) for pair in zip(some, documents, strict=True)]
        for cover in covers_of(asked.actions, attached, aws.catalogue):
            assert cover.state == plain.state(documents, cover.action.name), (some, cover.action)


# --- beside a simulator ---------------------------------------------------------------------------


class Requests:
    """Requests for the simulator: documents, an action, an ARN, and whether it is to be allowed."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._documents: dict[str, int] = {}
        self.asked: list[dict[str, Any]] = []
        self.about: list[tuple[str, str]] = []

    def add(self, what: str, sources: Sequence[Any], action: str, arns: Sequence[str]) -> None:
        """Ask for an action on each ARN; `what` is what we say of it."""
        texts = [json.dumps(source) for source in sources]
        places = [self._documents.setdefault(text, len(self._documents)) for text in texts]
        for arn in arns:
            spelled = self._catalogue.spelled(action)
            self.asked.append({"documents": places, "action": spelled, "resource": arn})
            self.about.append((what, f"{spelled} on {arn}"))

    def answers(self) -> list[str]:
        """What the simulator says to each."""
        given = {"documents": list(map(json.loads, self._documents)), "requests": self.asked}
        ran = subprocess.run(
            ["node", str(ORACLE / "simulate.js")],
            input=json.dumps(given),
            capture_output=True,
            text=True,
            check=True,
        )
        found: list[str] = json.loads(ran.stdout)
        return found


def fresh_arns(catalogue: Catalogue, action: str) -> list[str]:
    """ARNs that the action can have, of no special name."""
    known = catalogue.formats(action)
    if known is None:
        return []
    arns = [_placed(Format(form.text, form.never).filled("q")) for form in known]
    return arns or ["*"]


def made_arns(catalogue: Catalogue, action: str, documents: Sequence[Document]) -> list[str]:
    """ARNs that the action can have and that patterns of the documents name."""
    patterns = {
        pattern
        for one in documents
        for statement in one.statements
        for pattern in statement.resources.patterns
        if pattern.startswith("arn:")
    }
    found = (
        arn_of(ended, Format(form.text, form.never))
        for form in catalogue.formats(action) or ()
        for pattern in patterns
        for ended in (_placed(pattern, "*"), re.sub(r"\*$", "q", _placed(pattern, "*")))
    )
    return sorted({_placed(arn) for arn in found if arn})


def _placed(arn: str, nowhere: str = "q") -> str:
    """The ARN with an account and a Region that exist, where it has only any."""
    fields = arn.split(":", 5)
    if len(fields) == 6:
        for place, real in ((1, "aws"), (3, "us-east-1"), (4, "123456789012")):
            fields[place] = real if fields[place] == nowhere else fields[place]
    return ":".join(fields)


def generous(source: Any) -> Any:
    """The document if every condition of an Allow holds, and none of a Deny does.

    Policy variables have any value.
    """
    source = json.loads(re.sub(r"\$\{[^}\"]*\}", "*", json.dumps(source)))
    listed = source["Statement"] if isinstance(source["Statement"], list) else [source["Statement"]]
    kept = [s for s in listed if s["Effect"] == "Allow" or not s.get("Condition")]
    return {**source, "Statement": [{k: v for k, v in s.items() if k != "Condition"} for s in kept]}


@pytest.fixture(scope="module")
def oracle() -> None:
    """The simulator. Without it these tests are skipped, and with CI=true they fail."""
    if not (ORACLE / "node_modules").is_dir():
        reason = "no simulator: `make test-all` installs it in tests/oracle"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)


@pytest.mark.usefixtures("oracle")
def test_a_simulator_allows_what_is_granted_and_denies_what_is_lacking(aws: BookContext) -> None:
    """Sixty questions of `choose`, and sixty of `covers`, each action on several ARNs."""
    chance, requests = random.Random(17), Requests(aws.catalogue)
    membership = aws.membership.all()
    listed = [name for name in membership.names if aws.catalogue.action(name)]
    names = documented(aws)
    sets: list[tuple[Sequence[str], Sequence[str]]] = []
    for _ in range(60):
        service = chance.choice(listed).partition(":")[0]
        pool = [name for name in listed if name.startswith(f"{service}:")]
        needed: Sequence[str] = chance.sample(pool, min(len(pool), 3))
        answer = chosen(membership, names, needed, Switches(most=2))
        sets += [(choice.policies, needed) for choice in answer.choices]
        own = chance.choice([n for n in names if aws.membership.granted(n).in_part])
        some = chance.sample(aws.membership.granted(own).in_part, 1)
        sets.append(((own, chance.choice(names)), [*some, *chance.sample(listed, 4)]))
    for policies, needed in sets:
        _add(aws, requests, policies, needed)
    found = requests.answers()
    pairs = list(zip(requests.about, found, strict=True))
    taken = [pair for pair in pairs if pair[1] != "error"]  # it knows fewer actions and ARNs
    assert Counter(what.split()[0] for (what, _), _ in taken) > Counter(has=150, lacks=150)
    wrong = {
        about
        for (what, about), said in taken
        if (what == "has" and said != "Allowed") or (what == "lacks" and said == "Allowed")
    }
    assert wrong == set()
    conditional: dict[str, bool] = {}
    for (what, _), said in taken:
        if what.startswith("conditional"):
            conditional[what] = conditional.get(what, False) or said == "Allowed"
    assert len(conditional) > 40
    assert [what for what, allowed in conditional.items() if not allowed] == []


def _add(
    aws: BookContext, requests: Requests, policies: Sequence[str], needed: Sequence[str]
) -> None:
    """What policies grant of some actions together: each is asked on ARNs that fit what we say."""
    documents = [document(aws, name) for name in policies]
    sources = [one.source for one in documents]
    attached = [Attached(*pair) for pair in zip(policies, documents, strict=True)]
    asked = asked_actions(asked_text(" ".join(needed)), aws.catalogue, {})
    for cover in covers_of(asked.actions, attached, aws.catalogue):
        action = cover.action.name
        if action.partition(":")[0] in NOT_ASKED:
            continue
        fresh, made = fresh_arns(aws.catalogue, action), made_arns(aws.catalogue, action, documents)
        match cover.state:
            case "has":
                requests.add("has", sources, action, fresh)
            case "lacks":
                requests.add("lacks", list(map(generous, sources)), action, [*fresh, *made])
            case "conditional":
                what = f"conditional {'+'.join(policies)} {action}"
                resources = [
                    h.answer.resource for h in cover.grants if h.answer.certainty in GRANTED
                ]
                fitting = [arn for arn in (*fresh, *made) if any(on(r, arn) for r in resources)]
                requests.add(what, list(map(generous, sources)), action, fitting)
