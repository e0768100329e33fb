"""A book whose every text is hostile, as files of a data folder, drawn by a seed."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from policybook.catalogue.catalogue import Catalogue
from policybook.checks.documents import document_findings

from tests.support.soak.texts import (
    ACTION_NAMES,
    ARN_PATHS,
    FIELDS,
    MARK,
    NAMES,
    PREFIXES,
    SLUGS,
    URLS,
    Texts,
)

Plain = dict[str, Any]

OPERATORS = ("StringLike", "StringEquals", "ForAnyValue:StringLike", "ArnLike", "Bool", "Null")
KEYS = ("aws:SourceArn", "aws:username", "iam:PassedToService", "aws:RequestTag/")
KINDS = ("privilege-escalation", "pass-role", "credentials", "data-read", "resource-policy")
LEVELS = ("List", "Read", "Write", "Tagging", "Permissions management")


class HostileBook:
    """The data of one seed: `files` by path, as plain values.

    `names` are the names of its policies.
    """

    def __init__(self, texts: Texts, policies: int, catalogue: Catalogue) -> None:
        self._texts, self._catalogue = texts, catalogue
        self.names = self._distinct(NAMES, policies, f"{MARK}-{{}}")
        self.files: dict[str, Plain] = {"book.yml": self._book()}
        for name in self.names:
            self._policy(name)
        roles = [self._role(number) for number in range(texts.random.randint(1, 3))]
        names = [role["name"] for role in roles]
        self.files["roles.yml"] = {"roles": roles}
        guides = self._distinct(SLUGS, texts.random.randint(1, 3), "guide-{}")
        for slug in guides:
            self.files[f"guides/{slug}.yml"] = self._guide()
        for slug in self._distinct(SLUGS, texts.random.randint(1, 3), "group-{}"):
            self.files[f"groups/{slug}.yml"] = self._group(names, guides)
        ids = self._distinct(SLUGS, texts.random.randint(1, 3), "rule-{}")
        self.files["rules.yml"] = {"rules": [self._rule(id_) for id_ in ids]}

    def write(self, data: Path) -> None:
        """Write the files into a folder, all as JSON, which is YAML too."""
        for path, content in self.files.items():
            (data / path).parent.mkdir(parents=True, exist_ok=True)
            text = json.dumps(content, ensure_ascii=False)
            (data / path).write_bytes(text.encode("utf-8", "backslashreplace"))

    def _distinct(self, of: tuple[str, ...], count: int, other: str) -> list[str]:
        """So many names, some of which are hostile, without two that differ by case only."""
        drawn = [self._texts.one(of) for _ in range(count)]
        found: dict[str, str] = {}
        for number, name in enumerate(drawn):
            key = name if name.lower() not in found else other.format(number)
            found[key.lower()] = key
        return list(found.values())

    def _some(self, of: list[str], most: int) -> list[str]:
        random = self._texts.random
        return random.sample(of, min(len(of), random.randint(0, most)))

    # --- documents ---

    def _action(self) -> str:
        texts = self._texts
        return f"{texts.one(PREFIXES)}:{texts.one(ACTION_NAMES)}"

    def _resource(self) -> str:
        texts, random = self._texts, self._texts.random
        kind = random.random()
        if kind < 0.3:
            return "*"
        if kind < 0.5:
            return texts.line()
        fields = [texts.one(FIELDS) for _ in range(random.randint(0, 4))]
        return ":".join(["arn", texts.one(("aws", "*", MARK)), *fields, texts.line()])

    def _condition(self) -> Plain:
        texts, random = self._texts, self._texts.random
        found: Plain = {}
        for _ in range(random.randint(1, 2)):
            operator = texts.one(OPERATORS) if texts.chance(0.9) else texts.line()
            key = texts.one(KEYS) if texts.chance(0.4) else ""
            key += texts.line()[:60] if not key or key.endswith("/") else ""
            value: Any = [texts.line() for _ in range(random.randint(1, 2))]
            if texts.chance(0.2):
                value = random.choice((True, "true", texts.line()))
            found.setdefault(operator, {})[key] = value
        return found

    def statement(self, *, wide: bool = False) -> Plain:
        """A statement as a document has it."""
        texts, random = self._texts, self._texts.random
        action = "Action" if texts.chance(0.9) else "NotAction"
        resource = "Resource" if texts.chance(0.9) else "NotResource"
        found: Plain = {
            "Effect": "Allow" if texts.chance(0.85) else "Deny",
            action: [self._action() for _ in range(random.randint(1, 3))],
            resource: "*" if wide else [self._resource() for _ in range(random.randint(1, 2))],
        }
        if texts.chance(0.4):
            found["Sid"] = texts.line()
        if texts.chance(0.3):
            found["Condition"] = self._condition()
        return found

    def _document(self) -> Plain:
        texts = self._texts
        statements = [self.statement() for _ in range(texts.random.randint(1, 2))]
        found: Plain = {"Version": "2012-10-17", "Statement": statements}
        if texts.chance(0.1):
            found["Id"] = texts.line()
        if texts.chance(0.05):
            statements[0]["Principal"] = {"AWS": texts.line()}
        return found

    # --- policies ---

    def _policy(self, name: str) -> None:
        texts, random = self._texts, self._texts.random
        count = random.choices((1, 2, 3), (6, 3, 1))[0]
        first = date(2020, 1, 1) + timedelta(random.randint(0, 1500))
        versions: list[Plain] = []
        for number in range(count, 0, -1):
            day = str(first + timedelta(30 * number))
            versions.append({"id": f"v{number}", "published": day, "change": texts.text()})
            self.files[f"policies/{name}/v{number}.json"] = self._document()
        facts: Plain = {
            "name": name,
            "arn": f"arn:aws:iam::aws:policy/{texts.one(ARN_PATHS)}{name}",
            "type": texts.one(("aws-managed", "job-function", "service-role")),
            "summary": texts.text(),
            "versions": versions,
        }
        if texts.chance(0.1):
            self._unnumbered(name, versions, first)
        if texts.chance(0.1):
            facts["rollbacks"] = [{"to": "v1", "observed": str(first + timedelta(200))}]
        if texts.chance(0.15):
            self._notes(name, facts)
        if texts.chance(0.15):
            others = [other for other in self.names if other != name]
            facts["deprecated"] = (
                {"successors": [random.choice(others)]} if texts.chance(0.6) else {}
            )
        if texts.chance(0.2):
            facts["links"] = [self._link()]
        self.files[f"policies/{name}/policy.yml"] = facts

    def _unnumbered(self, name: str, versions: list[Plain], first: date) -> None:
        """A version without an id, which a page showed."""
        slug = self._texts.one(("index", "policy-json", "guide", "feed", MARK))
        source = {"as_of": "2020-01", **self._link()}
        versions.append({"published": str(first), "source": source, "document": slug})
        self.files[f"policies/{name}/{slug}.json"] = self._document()

    def _notes(self, name: str, facts: Plain) -> None:
        """Notes on the current version, each with a reason for differing from it, and a claim."""
        texts = self._texts
        facts["notes_for"] = facts["versions"][0]["id"]
        document = self.files[f"policies/{name}/{facts['notes_for']}.json"]
        prefixes = {
            action.partition(":")[0]
            for statement in document["Statement"]
            for action in statement.get("Action", ())
            if statement["Effect"] == "Allow"
        }
        facts["permissions"] = {prefix: texts.text() for prefix in sorted(prefixes)}
        statements = [{"Effect": "Allow", "Action": "claimed:Do", "Resource": texts.line()}]
        claim = {"text": texts.text(), "statements": statements, "drift": texts.text()}
        facts["claims"] = [claim]

    # --- everything else ---

    def _link(self) -> Plain:
        return {"title": self._texts.text(), "url": self._texts.one(URLS)}

    def _book(self) -> Plain:
        texts = self._texts
        source = {"as_of": "2024-05", **self._link()}
        return {"title": texts.text(), "introduction": texts.texts(2), "sources": [source]}

    def _role(self, number: int) -> Plain:
        texts = self._texts
        name = f"{number} {texts.text(most=1)}" if number else texts.text(most=1)
        policies = self._some(self.names, 2)
        found = {"name": name, "summary": texts.text(), "policies": policies, "passes": [name]}
        return {**found, "links": [self._link()]} if texts.chance(0.3) else found

    def _group(self, roles: list[str], guides: list[str]) -> Plain:
        texts = self._texts
        return {
            "title": texts.text(),
            "introduction": texts.texts(2),
            "policies": self._some(self.names, 4),
            "not_recommended": self._some(self.names, 2),
            "roles": self._some(roles, 2),
            "guides": self._some(guides, 2),
            "tracking": {"since": "2021-02-03", "text": texts.text()},
            "sources": [{"as_of": "2024-05", **self._link()}],
            "links": [self._link()],
        }

    def _guide(self) -> Plain:
        texts = self._texts
        sections = [self._section(number) for number in range(texts.random.randint(1, 2))]
        return {"title": texts.text(), "summary": texts.text(), "sections": sections}

    def _section(self, number: int) -> Plain:
        texts = self._texts
        statement = self.statement()
        if texts.chance(0.5):
            statement["Action"] = texts.line()
            statement.pop("NotAction", None)
        statement.pop("Sid", None)
        source = {"Statement": [statement]}
        invalid = sorted({part for part, _ in document_findings(source, self._catalogue)})
        return {
            "title": f"{number} {texts.text(most=1)}",
            "text": texts.texts(2),
            "points": texts.texts(2),
            "steps": texts.texts(2),
            "snippet": {
                "statements": [statement],
                "caption": texts.text(),
                "invalid": [{"part": part, "why": texts.text()} for part in invalid],
            },
            "links": [self._link()],
        }

    def _rule(self, id_: str) -> Plain:
        texts = self._texts
        step: Plain = {"does": texts.text(), "actions": [self._rule_action()]}
        if texts.chance(0.3):
            step["level"] = texts.one(LEVELS)
        if texts.chance(0.3):
            step["context"] = {f"aws:{MARK}<{MARK}>": [texts.text()]}
        if texts.chance(0.3):
            step["limited_by"] = [f"aws:<{MARK}on{MARK}=1>"]
        if texts.chance(0.3):
            step["own"] = [f"arn:*:iam::*:user/<{MARK}>/${{aws:username}}"]
        return {
            "id": id_,
            "title": texts.text(),
            "kind": texts.one(KINDS),
            "reason": texts.text(),
            "link": self._link(),
            "steps": [step],
        }

    def _rule_action(self) -> str:
        names = tuple(name for name in ACTION_NAMES if "_" not in name)
        return f"{self._texts.one(PREFIXES)}:{self._texts.one(names)}"
