"""Random policy documents with the mistakes that people make."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from policybook.catalogue.catalogue import Catalogue

_OPERATORS = (
    *("StringEquals", "StringLike", "ArnLike", "Bool", "NumericLessThan", "DateGreaterThan"),
    *("IpAddress", "Null", "ForAllValues:StringEquals", "StringEqualsIfExists"),
)
_KEYS = ("aws:SourceVpc", "aws:PrincipalTag/x", "saml:aud", "accounts.google.com:aud")
_VALUES = ("a", "true", "2020-01-01", "10.0.0.0/8", "5", True, ["a", "b"])
_WRONG: Sequence[Any] = (
    None,
    {"a": "b"},
    {"s3": "Get*"},
    {"Ref": "Bucket"},
    {"Fn::Join": ["", ["a", "b"]]},
    "%7B%22Version%22%3A%222012-10-17%22%7D",
    [1, {"x": "y: z"}],
    5,
    True,
    "x",
    [],
    [["x"]],
)


class Mistaken:
    """Texts of documents, most of them with mistakes.

    Args:
        catalogue: Has the names that are misspelt.
        chance: Draws.
    """

    def __init__(self, catalogue: Catalogue, chance: Random) -> None:
        self._chance = chance
        services = [(p, found) for p in catalogue.prefixes if (found := catalogue.service(p))]
        self._actions = [f"{p}:{a.name}" for p, found in services for a in found.actions.values()]
        self._keys = [*_KEYS, *(key for p in catalogue.prefixes for key in catalogue.key_names(p))]

    def text(self) -> str:
        """A document in JSON, at times with an error of syntax."""
        versions = ("2012-10-17",) * 5 + ("2012-10-18", "2012", 5)
        statements = [self._statement() for _ in range(self._chance.choice((1, 1, 2)))]
        found = {
            "Version": self._chance.choice(versions),
            self._key("Statement"): self._maybe_wrong(statements),
        }
        text = json.dumps(found, indent=self._chance.choice((None, 2)))
        return self._broken(text) if self._chance.random() < 0.3 else text

    def _statement(self) -> Any:
        found = {
            self._key("Effect"): self._misspelt("Allow", 0.1),
            self._key("Action"): self._maybe_wrong([self._action() for _ in range(2)]),
            self._key("Resource"): self._maybe_wrong(
                self._chance.choice(("*", "arn:aws:s3:::x", "arn:aws:sqs", "<x>", ["*", "bucket"]))
            ),
        }
        if self._chance.random() < 0.3:
            found["Sid"] = self._maybe_wrong(self._misspelt("MySid", 0.7))
        if self._chance.random() < 0.6:
            operator = self._misspelt(self._chance.choice(_OPERATORS), 0.4)
            keys = self._maybe_wrong({self._condition_key(): self._value()})
            found["Condition"] = self._maybe_wrong({operator: keys})
        return self._maybe_wrong(found)

    def _action(self) -> str:
        return self._misspelt(self._chance.choice(self._actions), 0.7)

    def _condition_key(self) -> str:
        return self._misspelt(self._chance.choice(self._keys), 0.7)

    def _value(self) -> Any:
        return self._maybe_wrong(self._chance.choice(_VALUES))

    def _key(self, name: str) -> str:
        return self._misspelt(name, 0.05)

    def _maybe_wrong(self, value: Any) -> Any:
        return value if self._chance.random() < 0.97 else self._chance.choice(_WRONG)

    def _misspelt(self, text: str, how_often: float) -> str:
        if self._chance.random() > how_often:
            return text
        edits: Sequence[Callable[[int, str], str]] = (
            lambda at, char: text[:at] + char + text[at:],
            lambda at, _: text[:at] + text[at + 1 :],
            lambda at, char: text[:at] + char + text[at + 1 :],
            lambda _, __: text.lower(),
        )
        at, char = self._chance.randrange(len(text) + 1), self._chance.choice("aeS:*?-_ .,xT/")
        return self._chance.choice(edits)(at, char)

    def _broken(self, text: str) -> str:
        at, char = self._chance.randrange(len(text)), self._chance.choice("{}[]\",:x*'#\\\n“")
        broken = (
            text[:at] + char + text[at:],
            text[:at] + char + text[at + 1 :],
            text[:at],
            text.replace('"', "'"),
            text.replace("]", ",]", 1),
            text.replace('"Allow"', "None", 1),
            f"// a policy\n{text}",
            f"<<<<<<< HEAD\n{text}\n=======\n",
            text.replace("\n", "\n=======\n", 1),
            f"?{text}",
            text.replace('"Effect"', '"Effect": "Allow", "Effect"', 1),
        )
        return self._chance.choice(broken)
