"""The sentence about a document taken apart, each claim counted one action at a time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

from policybook.analysis.effective_actions import answers
from policybook.book.prose.policy_sentence import plain
from policybook.catalogue.catalogue import UNCATALOGUED, Catalogue
from policybook.model.documents import Document, Statement, Term

from tests.support.oracle import names

PHRASES = (
    "on every resource",
    "through NotResource",
    "on ARN patterns",
    "limited by a Deny",
    "under conditions",
)


class Counted(NamedTuple):
    """What a document allows and denies, found by asking for each action by itself."""

    document: Document
    listed: dict[str, str]
    levels: dict[str, str]
    limits: Counter[str]
    denied: set[str]
    spelled: Callable[[str], str]

    def of(self, *levels: str) -> list[str]:
        """The effective actions of these levels."""
        return [name for name, level in self.levels.items() if level in levels]


def counted(document: Document, catalogue: Catalogue) -> Counted:
    """What the document does to each action of the catalogue, and to each that it spells out."""
    listed = {
        f"{service.prefix}:{name}": action.level
        for service in filter(None, map(catalogue.service, catalogue.prefixes))
        for name, action in service.actions.items()
    }
    levels: dict[str, str] = {}
    limits: Counter[str] = Counter()
    denied: set[str] = set()
    for name in filter(_of_services(document), {*listed, *_spelled_out(document)}):
        if found := set(_limits(document, name, name in listed, catalogue)):
            levels[name] = listed.get(name, UNCATALOGUED)
            limits[next(phrase for phrase in PHRASES if phrase in found)] += 1
        if any(_denies(s, name, name in listed) for s in document.statements):
            denied.add(name)
    return Counted(
        document, listed, levels, limits, denied, lambda name: catalogue.spelled(name) or name
    )


def _of_services(document: Document) -> Callable[[str], bool]:
    """Whether any statement is about the service of an action, since most are about few."""
    services = {p.lower().split(":")[0] for s in document.statements for p in s.actions.patterns}
    every = "*" in services or any(s.actions.negated for s in document.statements)
    return lambda name: every or name.split(":")[0] in services


def _spelled_out(document: Document) -> set[str]:
    patterns = {pattern.lower() for s in document.statements for pattern in s.actions.patterns}
    return {pattern for pattern in patterns if ":" in pattern and not set("*? ") & set(pattern)}


def _limits(document: Document, name: str, listed: bool, catalogue: Catalogue) -> Iterator[str]:
    """What limits each grant of an action that can take effect."""
    for answer in answers(document, name, formats=catalogue.formats(name)):
        if not (listed or _spells(answer.statement, name)):
            continue  # a wildcard and NotAction grant what AWS lists
        if answer.certainty not in ("yes", "conditional"):
            continue
        if answer.condition:
            yield "under conditions"
        elif answer.certainty == "conditional":
            yield "limited by a Deny"
        elif answer.resource.negated:
            yield "through NotResource"
        else:
            yield "on every resource" if _is_everywhere(answer.resource) else "on ARN patterns"


def _spells(statement: Statement, name: str) -> bool:
    return not statement.actions.negated and name in map(str.lower, statement.actions.patterns)


def _denies(statement: Statement, name: str, listed: bool) -> bool:
    lower = Term(tuple(map(str.lower, statement.actions.patterns)), statement.actions.negated)
    named = names(lower, name) if listed else _spells(statement, name)
    return named and _denies_always(statement)


def _denies_always(statement: Statement) -> bool:
    everywhere = _is_everywhere(statement.resources)
    return statement.effect == "Deny" and everywhere and not statement.condition


def _is_everywhere(resources: Term) -> bool:
    return not resources.negated and any(set(pattern) == {"*"} for pattern in resources.patterns)


# --- the clauses ----------------------------------------------------------------------------------

Check = Callable[[Counted, "re.Match[str]"], bool]


def disproved(sentence: str, document: Document, catalogue: Catalogue) -> list[str]:
    """The clauses that are not confirmed by counting, and those that nothing here can read."""
    found = counted(document, catalogue)
    text = plain(sentence)
    assert text[0].isupper(), text
    assert text.endswith("."), text
    clauses = (text[0].lower() + text[1:-1]).split("; ")
    return [clause for clause in clauses if not _confirmed(clause, found)]


def _confirmed(clause: str, found: Counted) -> bool:
    matching = ((check, re.fullmatch(form, clause)) for form, check in CLAUSES.items())
    checked = [check(found, match) for check, match in matching if match]
    return len(checked) == 1 and checked[0]


def _listing(items: Collection[str]) -> str:
    *others, last = sorted(items, key=str.lower)
    return f"{', '.join(others)} and {last}" if others else last


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _are_actions(text: str, found: Counted, actions: Collection[str]) -> bool:
    spelled = [found.spelled(name) for name in actions]
    return bool(spelled) and text in (_number(len(spelled), "action"), _listing(spelled))


def _are_services(text: str, actions: Collection[str]) -> bool:
    prefixes = {name.split(":")[0] for name in actions}
    return bool(prefixes) and text in (_number(len(prefixes), "service"), _listing(prefixes))


ORDER = (("Read", "List"), ("Write",), ("Permissions management",), ("Tagging",))


def _services_hold(text: str | None, level: str, found: Counted) -> bool:
    """Whether the text names the services; without one they are those of the clause before."""
    if text:
        return _are_services(text, found.of(level))
    before = [found.of(*levels) for levels in ORDER[: ORDER.index((level,))]]
    *_, last = [actions for actions in before if actions]
    return {n.split(":")[0] for n in last} == {n.split(":")[0] for n in found.of(level)}


def _reading(found: Counted, match: re.Match[str]) -> bool:
    read, listed = found.of("Read"), found.of("List")
    services = [{name.split(":")[0] for name in names} for names in (read, listed)]
    verb = {
        "reads": bool(read) and not listed,
        "lists": bool(listed) and not read,
        "reads and lists": services[0] == services[1],
        "reads or lists": services[0] != services[1] and bool(read) and bool(listed),
    }
    return verb[match[1]] and _are_services(match[2], [*read, *listed])


def _changing(level: str) -> Check:
    def check(found: Counted, match: re.Match[str]) -> bool:
        actions = found.of(level)
        if match[3]:
            named = _are_actions(match[3], found, actions)
        else:
            named = _services_hold(match[2], level, found)
        return match[1] == _number(len(actions), "action") and named

    return check


def _limited(found: Counted, match: re.Match[str]) -> bool:
    parts = Counter(
        {phrase: int(count.replace(",", "")) for count, phrase in PART.findall(match[2])}
    )
    total = len(found.levels)
    return match[1] == f"{total:,}" and parts == found.limits and parts.total() == total


def _alone(found: Counted, match: re.Match[str]) -> bool:
    only = found.limits == Counter({match[2]: len(found.levels)})
    return only and bool(match[1]) == (len(found.levels) > 1)


def _everything(found: Counted) -> bool:
    return found.listed.keys() <= found.levels.keys()


def _some_of_everything(found: Counted, match: re.Match[str]) -> bool:
    allowing = [s for s in found.document.statements if s.effect == "Allow"]
    patterns = {p for s in allowing if s.actions.negated for p in s.actions.patterns}
    listed = found.listed.keys() & found.levels.keys()
    left_out = match[3] in (_number(len(patterns), "pattern"), _listing(patterns or [""]))
    return (
        (match[1], match[2]) == (f"{len(listed):,}", f"{len(found.listed):,}")
        and len(listed) < len(found.listed)
        and (left_out if patterns else match[3] is None)
    )


def _denied(found: Counted, match: re.Match[str]) -> bool:
    if match[1] == "every action in AWS's action list":
        return found.listed.keys() <= found.denied
    return _are_actions(match[1], found, found.denied) and not found.listed.keys() <= found.denied


def _other_denies(found: Counted) -> int:
    denies = [s for s in found.document.statements if s.effect == "Deny"]
    return sum(not _denies_always(s) for s in denies)


def _allows(found: Counted) -> bool:
    return any(s.effect == "Allow" for s in found.document.statements)


PHRASE = "|".join(PHRASES)
PART = re.compile(rf"([\d,]+) ({PHRASE})")
CLAUSES: dict[str, Check] = {
    "allows nothing": lambda found, match: not found.levels and not _allows(found),
    "has no effective actions": lambda found, match: not found.levels and _allows(found),
    r"\d+ patterns? match(?:es)? no action in AWS's action list": lambda found, match: (
        not found.levels
    ),
    "allows only (.+)": lambda found, match: _are_actions(match[1], found, found.levels),
    "allows every action in AWS's action list": lambda found, match: _everything(found),
    (
        r"allows ([\d,]+) of the ([\d,]+) actions in AWS's action list(?: \(NotAction: (.+)\))?"
    ): _some_of_everything,
    r"(reads and lists|reads or lists|reads|lists) ((?!and |or ).+)": _reading,
    r"writes ([\d,]+ actions?)(?: of (.+)|: (.+))?": _changing("Write"),
    r"manages permissions with ([\d,]+ actions?)(?: of (.+)|: (.+))?": _changing(
        "Permissions management"
    ),
    "passes roles": lambda found, match: "iam:passrole" in found.levels,
    "tags (?:resources|(.+))": lambda found, match: _services_hold(match[1], "Tagging", found),
    r"([\d,]+ actions?) (?:is|are) not in AWS's action list": lambda found, match: (
        match[1] == _number(len(found.of(UNCATALOGUED)), "action")
    ),
    "no conditions": lambda found, match: not any(s.condition for s in found.document.statements),
    rf"of ([\d,]+) actions, ((?:[\d,]+ (?:{PHRASE})(?:, )?)+)": _limited,
    f"(all )?({PHRASE})": _alone,
    "denies (.+) on every resource": _denied,
    r"(\d+) Den(?:y applies|ies apply) in some cases": lambda found, match: (
        int(match[1]) == _other_denies(found)
    ),
}
