"""Questions to the page that chooses policies and to the command: random ones, and both answers."""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from policybook.analysis.asked_actions import asked_actions
from policybook.analysis.chosen import Switches, chosen
from policybook.analysis.instead_of import unused_actions
from policybook.book.context import BookContext
from policybook.data.asked_text import asked_text
from policybook.model.documents import Document
from policybook.output.engine.engine_data import engine_catalogue, engine_operations
from policybook.output.json.choose_result import choose_result
from policybook.output.risk_steps import risk_steps
from policybook.output.search_index import finder

from tests.support.books import REPOSITORY

Question = Mapping[str, Any]
SCRIPT = REPOSITORY / "tests/support/choose_answers.js"
LETTERS = {
    "List": "l",
    "Read": "r",
    "Write": "w",
    "Tagging": "t",
    "Permissions management": "p",
    "Uncatalogued": "u",
}


def random_questions(context: BookContext, chance: random.Random, count: int) -> list[Question]:
    """Questions about actions that policies grant, and some about patterns and nonsense."""
    listed = [n for n in context.membership.all().names if context.catalogue.action(n)]
    by_service: dict[str, list[str]] = {}
    for name in listed:
        by_service.setdefault(name.partition(":")[0], []).append(name)
    return [_question(context, chance, by_service) for _ in range(count)]


def _question(
    context: BookContext, chance: random.Random, by_service: Mapping[str, Sequence[str]]
) -> Question:
    services = chance.sample(sorted(by_service), min(len(by_service), chance.choice((1, 1, 2, 3))))
    pool = [name for service in services for name in by_service[service]]
    words = chance.sample(pool, min(len(pool), chance.choice((1, 2, 3, 5, 10, 20, 50))))
    if chance.random() < 0.2:
        words.append(chance.choice((f"{services[0]}:List*", f"{services[0]}:*", "no:Such", "x")))
    operations = sorted(context.operations.all())
    words.extend(chance.sample(operations, min(len(operations), chance.choice((0, 0, 0, 1, 2)))))
    documented = [n for n, p in context.book.policies.items() if p.current and p.current.document]
    instead = chance.sample(documented, 2) if chance.random() < 0.2 else []
    return {
        "text": " ".join(words),
        "insteadOf": instead,
        "asDocuments": bool(instead) and chance.random() < 0.5,
        "switches": {
            "inFull": chance.random() < 0.3,
            "nothingElse": chance.random() < 0.1,
            "attachable": chance.random() < 0.5,
            "noDeprecated": chance.random() < 0.5,
            "customerManaged": chance.random() < 0.5,
            "most": chance.choice((1, 3, 10)),
        },
    }


def page_answers(context: BookContext, questions: Sequence[Question]) -> list[Any]:
    """What the page answers, computed in Node.

    Policies that are asked about `asDocuments` are given as the documents that somebody pasted.
    """
    named = {name for one in questions if one.get("asDocuments") for name in one["insteadOf"]}
    given = {
        "catalogue": msgspec.to_builtins(engine_catalogue(context.catalogue)),
        "documents": {name: _document(context, name).source for name in sorted(named)},
        "names": json.loads(_file(context, finder.NAMES)),
        "membership": json.loads(_file(context, finder.MEMBERSHIP)),
        "operations": msgspec.to_builtins(engine_operations(context.operations.all().values())),
        "steps": msgspec.to_builtins(risk_steps(context)),
        "questions": questions,
    }
    ran = subprocess.run(
        ["node", str(SCRIPT)], input=json.dumps(given), capture_output=True, text=True, check=True
    )
    found: list[Any] = json.loads(ran.stdout)
    return found


def _file(context: BookContext, path: str) -> bytes:
    for family in finder.FILES:
        if family.path == path:
            (file,) = family.files(context)
            return file.render()
    raise KeyError(path)


def command_answer(context: BookContext, question: Question) -> Any:
    """What `policybook choose --format json` answers, in a form that can be compared."""
    of = question["switches"]
    switches = Switches(
        of["inFull"],
        of["nothingElse"],
        of["attachable"],
        of["noDeprecated"],
        of["customerManaged"],
        of["most"],
    )
    known = context.operations.all()
    asked = asked_actions(asked_text(question["text"]), context.catalogue, known)
    needed = tuple(action.name for action in asked.actions)
    unused = None
    if question["insteadOf"]:
        documents = [_document(context, name) for name in question["insteadOf"]]
        unused = unused_actions(documents, needed, context.catalogue)
        needed = unused.used
    allowed = {name for name, policy in context.book.policies.items() if switches.allow(policy)}
    found = chosen(context.membership.all(), allowed, needed, switches)
    result = choose_result(
        asked, needed, found, unused, lambda name: context.catalogue.spelled(name) or name
    )
    return comparable(json.loads(msgspec.json.encode(result)))


def _document(context: BookContext, name: str) -> Document:
    current = context.book.policies[name].current
    assert current is not None
    assert current.document is not None
    return current.document


def comparable(answer: Any) -> Any:
    """An answer of the page or of the command: names in lower case, sets sorted."""
    instead = answer["insteadOf"] if "insteadOf" in answer else answer["instead_of"]
    left = instead and (
        instead["notGranted"] if "notGranted" in instead else instead["not_granted"]
    )
    return {
        "actions": sorted(_lower(answer["actions"])),
        "uncovered": sorted(_lower(answer["uncovered"])),
        "complete": answer["complete"],
        "operations": [
            {key: one[key] for key in ("operation", "actions", "sometimes")}
            for one in answer["operations"]
        ],
        "unknown": sorted(part["text"] for part in answer["unknown"]),
        "unused": instead and _levels(instead["unused"]),
        "not granted": instead and sorted(_lower(left)),
        "choices": [
            {
                "policies": choice["policies"],
                "conditional": _lower(choice["conditional"]),
                "excess": _levels(choice["excess"]),
                "risks": [(risk["rule"], risk["open"]) for risk in choice["risks"]],
                "rank": choice["rank"],
            }
            for choice in answer["choices"]
        ],
    }


def _lower(names: Sequence[str]) -> list[str]:
    return [name.lower() for name in names]


def _levels(found: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[str]]]:
    return [(LETTERS.get(one["level"], one["level"]), _lower(one["actions"])) for one in found]
