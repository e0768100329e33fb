"""What documents grant together, found out slowly: by trying requests, one ARN after another.

Nothing of `iam/` and `analysis/` is used, so that tests may compare with it. Patterns are regular
expressions here, and conditions may or may not hold. What an action can be used on is tried with
names that no pattern means, and with names that are made from the patterns of the documents.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Literal, NamedTuple

from policybook.catalogue.catalogue import Catalogue
from policybook.model.documents import Document, Statement, Term

State = Literal["has", "conditional", "lacks"]

# Names that are in no policy. A pattern that matches all of them matches any name.
_FRESH = ("q", "Qz7", "q-8_z.q")
_PLACEHOLDER = re.compile(r"(\$\{\*\})|\$\{[^}]*\}|\*")  # `${*}` is the character itself
_VARIABLE = re.compile(r"\$\{[^}]*\}")


class Attached(NamedTuple):
    """Documents of policies that are attached together."""

    documents: tuple[Document, ...]

    def statements(self, effect: str) -> list[Statement]:
        """All statements with an effect."""
        return [s for one in self.documents for s in one.statements if s.effect == effect]


@cache
def _regex(pattern: str) -> re.Pattern[str]:
    """A pattern of `*` and `?`; the value of a variable may be anything."""
    text = _VARIABLE.sub("*", pattern)
    parts = (".*" if c == "*" else "." if c == "?" else re.escape(c) for c in text)
    return re.compile("".join(parts), re.DOTALL)


@cache
def _action_regex(pattern: str) -> re.Pattern[str]:
    return _regex(pattern.lower())


def named(statement: Statement, action: str) -> bool:
    """Whether a statement is about an action, whose name is in lower case."""
    found = any(_action_regex(p).fullmatch(action) for p in statement.actions.patterns)
    return found != statement.actions.negated


def all_named(statement: Statement, listed: Sequence[str]) -> set[str]:
    """Which of some actions a statement is about; they are in lower case and in order."""
    found: set[str] = set()
    for pattern in map(str.lower, statement.actions.patterns):
        begin = re.split(r"[*?]", pattern, maxsplit=1)[0]
        first, last = bisect_left(listed, begin), bisect_left(listed, begin + "\U0010ffff")
        found.update(n for n in listed[first:last] if _action_regex(pattern).fullmatch(n))
    return found if not statement.actions.negated else {n for n in listed if n not in found}


def _whole(pattern: str) -> str:
    """A pattern of ARNs with all six fields: those that are missing are any."""
    if not pattern.startswith("arn:"):
        return pattern
    return pattern + ":*" * (5 - len(_VARIABLE.sub("", pattern).split(":")) + 1)


def on(resources: Term, arn: str) -> bool:
    """Whether a Resource or NotResource element is about an ARN, or `*`."""
    found = any(_regex(_whole(p)).fullmatch(arn) for p in resources.patterns)
    return found != resources.negated


# --- the resources that an action can have --------------------------------------------------------


class Format(NamedTuple):
    """A format of ARNs, and the characters that no placeholder of its last field has."""

    text: str
    never: str

    def filled(self, value: str) -> str:
        """An ARN of the format, in AWS's main partition, with the same value in each place."""
        fields = self.text.split(":", 5)
        if len(fields) > 1:
            fields[1] = "aws"
        return ":".join(
            _PLACEHOLDER.sub(lambda part: "*" if part[1] else value, field) for field in fields
        )

    def steps(self) -> list[tuple[str, str]]:
        """What an ARN consists of: `is` a character, `one` or `any` number of others than some."""
        found: list[tuple[str, str]] = []
        for place, field in enumerate(self.text.split(":", 5)):
            found += [("is", ":")] if place else []
            last = 0
            for part in _PLACEHOLDER.finditer(field):
                found += [("is", char) for char in field[last : part.start()]]
                last = part.end()
                if part[1]:
                    found.append(("is", "*"))
                elif place < 5 and ":" in self.text:
                    found.append(("any", ":/"))
                elif part[0] == "*":
                    found.append(("any", ""))
                else:
                    found += [("one", self.never), ("any", self.never)]
            found += [("is", char) for char in field[last:]]
        return found


@cache
def arn_of(pattern: str, form: Format) -> str | None:
    """An ARN of the format that the pattern matches, found by trying; None if there is none."""
    wanted, steps = _VARIABLE.sub("*", _whole(pattern)), form.steps()
    tried: set[tuple[int, int]] = set()
    waiting = [(0, 0, "")]
    while waiting:
        at, place, text = waiting.pop()
        if (at, place) in tried:
            continue
        tried.add((at, place))
        if at == len(wanted) and place == len(steps):
            return text
        if wanted[at : at + 1] == "*":
            waiting.append((at + 1, place, text))  # which stands for nothing
        if place < len(steps) and steps[place][0] == "any":
            waiting.append((at, place + 1, text))
        if at < len(wanted) and place < len(steps):
            kind, what = steps[place]
            char = what if kind == "is" else wanted[at] if wanted[at] not in "*?" else "q"
            fits_pattern = wanted[at] in ("*", "?", char)
            if fits_pattern and (kind == "is" or char not in what):
                waiting.append((at + (wanted[at] != "*"), place + (kind != "any"), text + char))
    return None


# --- answers --------------------------------------------------------------------------------------


class PlainIam:
    """Answers about actions of a catalogue.

    Args:
        catalogue: The formats of the actions' ARNs; nothing else of it is used.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def state(self, documents: Sequence[Document], action: str) -> State:
        """What the documents grant of an action together, whose full name is in lower case."""
        attached = Attached(tuple(documents))
        allows = [s for s in attached.statements("Allow") if named(s, action)]
        denies = [s for s in attached.statements("Deny") if named(s, action)]
        return self._state(allows, denies, self._formats(action))

    def _state(
        self, allows: Sequence[Statement], denies: Sequence[Statement], formats: Sequence[Format]
    ) -> State:
        """What the statements that are about an action leave of it."""
        if not allows:
            return "lacks"
        fresh = [form.filled(value) for form in formats for value in _FRESH] or ["*"]
        made = [*fresh, *self._made(formats, [*allows, *denies])]
        if any(self._in_full(s, made) for s in allows) and not any(
            on(deny.resources, arn) for deny in denies for arn in made
        ):
            return "has"
        # `*` also names the ARNs of other partitions, which a Deny on `arn:aws:…` leaves.
        elsewhere = [arn.replace("arn:aws:", "arn:aws-cn:", 1) for arn in fresh]
        possible = any(
            on(s.resources, arn) and self._left(arn, denies)
            for s in allows
            for arn in (made if s.resources.negated else [*made, *elsewhere])
        )
        return "conditional" if possible else "lacks"

    def _in_full(self, allow: Statement, arns: Iterable[str]) -> bool:
        """Whether a statement allows an action on all ARNs, whatever the values of variables."""
        variable = any(_VARIABLE.search(p) for p in allow.resources.patterns)
        everywhere = all(on(allow.resources, arn) for arn in arns)
        return not allow.condition and not variable and everywhere

    def _left(self, arn: str, denies: Iterable[Statement]) -> bool:
        return not any(not s.condition and on(s.resources, arn) for s in denies)

    def _formats(self, action: str) -> list[Format]:
        """The formats of an action's ARNs; none if it can only be used on `*`."""
        known = self._catalogue.formats(action)
        if known is None:
            return [Format("*", "")]
        return [Format(form.text, form.never) for form in known]

    def _made(self, formats: Sequence[Format], statements: Iterable[Statement]) -> set[str]:
        """ARNs of the formats that the statements' patterns match."""
        patterns = {p for s in statements for p in s.resources.patterns if p != "*"}
        return {arn for pattern in patterns for form in formats if (arn := arn_of(pattern, form))}

    def granted(self, documents: Sequence[Document], names: Iterable[str]) -> Mapping[str, State]:
        """Those of some actions that the documents grant together, each with how.

        Actions that the same statements are about, and that have the same ARNs, have one answer.
        """
        attached, listed = Attached(tuple(documents)), sorted(names)
        about: dict[str, tuple[list[Statement], list[Statement]]] = {n: ([], []) for n in listed}
        for place, effect in enumerate(("Allow", "Deny")):
            for statement in attached.statements(effect):
                for name in all_named(statement, listed):
                    about[name][place].append(statement)
        known: dict[tuple[object, ...], State] = {}
        found: dict[str, State] = {}
        for name, (allows, denies) in about.items():
            formats = self._formats(name) if allows else []
            key = (*map(id, allows), "", *map(id, denies), "", *formats)
            if key not in known:
                known[key] = self._state(allows, denies, formats)
            if known[key] != "lacks":
                found[name] = known[key]
        return found
