"""The headline of a change: what it did, in words made from its rows.

Every number in it counts action patterns of the documents. Names are in backticks, as in all prose
of a book.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from policybook.analysis.change_rows import ChangeRow, Outcome
from policybook.analysis.evidence import GroupedGrants
from policybook.analysis.passrole import prefix_by_name
from policybook.book.limits import (
    HEADLINE_CLAUSES,
    HEADLINE_NAMES,
    HEADLINE_PATTERN,
    HEADLINE_SERVICES,
)
from policybook.iam.grants import prefix_of
from policybook.iam.patterns import has_wildcard
from policybook.model.fields import Effect
from policybook.wording import all_of, number, words

NameOf = Callable[[str], str | None]
"""Returns the name of a service from its prefix; None for a service that is not known."""

_PASS_ROLE, _PASSED_TO = "iam:passrole", "iam:passedtoservice"
_ANY_ROLE = "any role"
_ROLE = re.compile(r"arn:[^:]*:iam::[^:]*:role/(.+)")

# What a change did to actions in a phrase, with how it differs as `_how` says; "" for any.
_PHRASES: Mapping[tuple[Effect, Outcome, str], str] = {
    ("Allow", "added", ""): "adds {}",
    ("Allow", "removed", ""): "removes {}",
    ("Allow", "changed", ""): "changes the resources or conditions of {}",
    ("Allow", "widened", "resources"): "allows {} on more resources",
    ("Allow", "widened", "conditions"): "allows {} under weaker conditions",
    ("Allow", "widened", "actions"): "adds {}, allowed in part before",
    ("Allow", "widened", ""): "allows {} in more cases",
    ("Allow", "narrowed", "resources"): "limits {} to fewer resources",
    ("Allow", "narrowed", "conditions"): "limits {} by stricter conditions",
    ("Allow", "narrowed", "actions"): "replaces {} with narrower patterns",
    ("Allow", "narrowed", ""): "allows {} in fewer cases",
    ("Deny", "added", ""): "denies {}",
    ("Deny", "removed", ""): "no longer denies {}",
    ("Deny", "widened", ""): "denies {} in more cases",
    ("Deny", "narrowed", ""): "denies {} in fewer cases",
    ("Deny", "changed", ""): "changes the resources or conditions of the denial of {}",
}


def headline(rows: Sequence[ChangeRow], name_of: NameOf) -> str:
    """Say in one line what a change did.

    Args:
        rows: The rows of the change; none for a change without effect.
        name_of: How AWS calls a service.

    Returns:
        The headline without a full stop; "" without rows.
    """
    clauses = list(dict.fromkeys(_clauses(rows, name_of)))
    if not clauses:
        return ""
    shown = clauses[:HEADLINE_CLAUSES]
    if len(clauses) > len(shown):
        shown.append(f"and {words(len(clauses) - len(shown), 'more change')}")
    text = "; ".join(shown)
    return text[0].upper() + text[1:]


def _clauses(rows: Sequence[ChangeRow], name_of: NameOf) -> Iterator[str]:
    """Yield what happened to the passing of roles, then to other actions."""
    passing = {id(row): _passing(row, name_of) for row in rows}
    for row in rows:
        yield from passing[id(row)]
    same: dict[tuple[Effect, Outcome, str], list[ChangeRow]] = {}
    for row in rows:
        if not passing[id(row)] and row.actions:
            same.setdefault((row.effect, row.outcome, _how(row)), []).append(row)
        for change in row.exceptions if not row.actions else ():
            from_what = f"from what it {'allows' if row.effect == 'Allow' else 'denies'}"
            if change.added:
                yield f"excepts {_names(change.added, name_of)} {from_what}"
            if change.dropped:
                yield f"no longer excepts {_names(change.dropped, name_of)} {from_what}"
        if not row.actions and not row.exceptions:
            for group in row.was + row.now:
                all_but = f"all actions except {_names(group.actions, name_of)}"
                yield _PHRASES[row.effect, row.outcome, ""].format(all_but)
    for (effect, outcome, how), found in same.items():
        phrase = _PHRASES.get((effect, outcome, how)) or _PHRASES[effect, outcome, ""]
        actions = [action for row in found for action in row.actions]
        yield phrase.format(_names(actions, name_of)) + _where(found)


def _how(row: ChangeRow) -> str:
    """The only thing in which what is kept differs from what is not, or ""."""
    changed = row.was + row.now
    if row.exceptions and not changed:
        return "resources"
    if not row.kept or row.partly or row.outcome == "changed":
        return ""
    own = [group for group in row.kept if not group.actions]
    if not own:
        return "actions"
    conditions = all(any(k.condition == c.condition for k in own) for c in changed)
    resources = all(any(k.resources == c.resources for k in own) for c in changed)
    if conditions == resources:
        return ""
    return "resources" if conditions else "conditions"


# --- passing roles --------------------------------------------------------------------------------


def _passing(row: ChangeRow, name_of: NameOf) -> tuple[str, ...]:
    """What happened to `iam:PassRole` for the services that conditions name.

    () if the row is about anything else too.
    """
    groups = row.was + row.now + row.kept
    if (
        [action.lower() for action in row.actions] != [_PASS_ROLE]
        or row.effect == "Deny"
        or row.exceptions
        or row.partly
        or not all(_services(group) and not group.actions for group in groups)
    ):
        return ()
    found = [
        f"{_roles(group)} may now be passed to {_called(_services(group), name_of)}"
        for group in row.now
    ]
    for group in row.was:
        for left, services in _left(group, row.kept).items():
            if _ANY_ROLE in left:
                return ()  # as before, but for patterns that match roles and other resources
            found.append(_no_longer(_roles(group), all_of(left), _called(services, name_of)))
    return tuple(found)


def _left(
    group: GroupedGrants, kept: Iterable[GroupedGrants]
) -> Mapping[tuple[str, ...], list[str]]:
    """The services of a group by the roles that may still be passed to them, in words."""
    found: dict[tuple[str, ...], list[str]] = {}
    for service in sorted(_services(group)):
        roles = tuple(_roles(other) for other in kept if service in _services(other))
        found.setdefault(roles, []).append(service)
    return found


def _no_longer(roles: str, left: str, services: str) -> str:
    """Of what roles may be passed, which are left; `left` is "" if none are."""
    if not left:
        what = "roles" if roles == _ANY_ROLE else roles
        return f"{what} may no longer be passed to {services}"
    of_these = "" if roles == _ANY_ROLE else f"of {roles}, "
    return f"{of_these}{services} may now only be passed {left}"


def _services(group: GroupedGrants) -> frozenset[str]:
    """The services of the only condition, if that is on whom a role is passed to."""
    if len(group.condition) != 1 or group.condition[0].key.lower() != _PASSED_TO:
        return frozenset()
    clause = group.condition[0]
    plain = clause.operator.lower() in ("stringequals", "stringlike")
    return frozenset(clause.values if plain else ())


def _called(services: Iterable[str], name_of: NameOf) -> str:
    names = (
        f"`{value}`"
        if has_wildcard(value)
        else _short(prefix_by_name(value), name_of) or f"`{value}`"
        for value in sorted(services)
    )
    return all_of(list(dict.fromkeys(names)))


def _roles(group: GroupedGrants) -> str:
    """The roles of a group in words, by their names if all patterns are of roles."""
    names = [_ROLE.fullmatch(pattern) for pattern in group.resources.patterns]
    if group.resources.negated or len(names) > HEADLINE_NAMES or not all(names):
        return _ANY_ROLE if group.resources.patterns == ("*",) else "roles of some patterns"
    if any(match and match[1] == "*" for match in names):
        return _ANY_ROLE
    return f"roles named {all_of([f'`{match[1]}`' for match in names if match])}"


# --- other actions --------------------------------------------------------------------------------


def _names(actions: Sequence[str], name_of: NameOf) -> str:
    """Actions by their names if they are few, else by their number, verb and services."""
    each = list(dict.fromkeys(actions))
    if len(each) <= HEADLINE_NAMES and not any("`" in action for action in each):
        return all_of([f"`{action}`" for action in each])
    kind = "action pattern" if any(map(has_wildcard, each)) else "action"
    prefixes = list(dict.fromkeys(map(prefix_of, each)))
    verbs = {_first_word(action) for action in each}
    verb = f"{verbs.pop()} " if len(verbs) == 1 and "" not in verbs else ""
    if len(prefixes) == 1:
        return words(len(each), f"{_short(prefixes[0], name_of) or prefixes[0]} {verb}{kind}")
    count = words(len(each), f"{verb}{kind}")
    if len(prefixes) > HEADLINE_SERVICES:
        return f"{count} of {number(len(prefixes))} services"
    return f"{count} of {all_of([_short(prefix, name_of) or prefix for prefix in prefixes])}"


def _first_word(action: str) -> str:
    """The first word of an action's name, such as `Describe`; "" if a wildcard is in it."""
    found = re.match(r"[A-Z][a-z]+(?=[A-Z*]|$)", action.partition(":")[2])
    return found[0] if found else ""


def _short(prefix: str, name_of: NameOf) -> str:
    """The abbreviation that a service's name ends with, or the name without the company's."""
    name = name_of(prefix) or ""
    if abbreviation := re.search(r"\(([A-Z]+)\)$", name):
        return abbreviation[1]
    return name.removeprefix("Amazon ").removeprefix("AWS ")


def _where(rows: Sequence[ChangeRow]) -> str:
    """On which resources and under what all rows are, if they are additions or removals."""
    if any(row.exceptions or row.outcome not in ("added", "removed") for row in rows):
        return ""
    groups = [group for row in rows for group in row.was + row.now]
    conditions = [bool(group.condition) for group in groups]
    under = " under conditions" if all(conditions) else ""
    if any(conditions) and not under:
        return ""
    if any(group.resources.negated for group in groups):
        return under
    patterns = {pattern for group in groups for pattern in group.resources.patterns}
    if "*" in patterns:
        return " on every resource" + under if len(patterns) == 1 else under
    if len(patterns) == 1 and len("".join(patterns)) <= HEADLINE_PATTERN:
        return f" on `{patterns.pop()}`{under}"
    return " on some resources" + under
