"""Checks that every name refers to something in the book."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from policybook.checks.context import CheckContext
from policybook.errors import Finding, KeyPath, Level
from policybook.model.deprecation import DeprecationFacts
from policybook.model.policies import Policy
from policybook.wording import meant


def references(context: CheckContext) -> Iterator[Finding]:
    """Every policy, role and guide that a group names exists, and every role that a role passes."""
    book = context.book
    for slug, group in book.groups.items():
        file = f"groups/{slug}.yml"
        yield from _unknown(context, file, ("policies",), group.policies, book.policies, "policy")
        key = ("not_recommended",)
        yield from _unknown(context, file, key, group.not_recommended, book.policies, "policy")
        yield from _unknown_roles(context, file, ("roles",), group.roles)
        yield from _unknown(context, file, ("guides",), group.guides, book.guides, "guide")
    for name, role in book.roles.items():
        file, at = book.place_of_role(name)
        yield from _unknown_roles(context, file, (*at, "passes"), role.passes)


def successors(context: CheckContext) -> Iterator[Finding]:
    """A successor is another policy of the book, and current.

    The book may lack a successor that `successors.yml` or an imported source names, which is a
    warning, and so is a successor that is not current itself.
    """
    for policy in context.book.policies.values():
        for file, at, name, own in _named_successors(policy, tuple(context.book.reviewed)):
            named = context.book.policies.get(name)
            kind = "unknown-reference"
            level: Level = "error" if own else "warning"
            if named is policy:
                expected, level = "another policy", "error"
            elif named is None and name not in context.unread:
                expected = "a policy of the book"
            elif named and not named.deprecation.is_current:
                kind, level = "deprecated-successor", "warning"
                expected = "a policy that is neither deprecated nor on the way out"
            else:
                continue
            hint = meant(name, context.book.policies) if kind == "unknown-reference" else ""
            yield Finding(
                file=file,
                path=at,
                kind=kind,
                expected=expected,
                found=repr(name),
                level=level,
                hint=hint,
            )


def _named_successors(
    policy: Policy, reviewed: Sequence[str]
) -> Iterator[tuple[str, KeyPath, str, bool]]:
    """Each place that names a successor: file, key path, name, and whether it is a person's own."""
    facts = policy.facts.deprecated or DeprecationFacts(state="current")
    main = f"policies/{policy.name}/policy.yml"
    for place, name in enumerate(facts.successors):
        yield main, ("deprecated", "successors", place), name, True
    for place, name in enumerate(policy.reviewed.successors if policy.reviewed else ()):
        entry = reviewed.index(policy.name)
        yield "successors.yml", ("policies", entry, "successors", place), name, False
    for source, stated in facts.sources.items():
        for place, name in enumerate(stated.successors):
            yield main, ("deprecated", "sources", source, "successors", place), name, False


def _unknown_roles(
    context: CheckContext, file: str, at: KeyPath, names: Iterable[str]
) -> Iterator[Finding]:
    if "roles.yml" not in context.unread:
        yield from _unknown(context, file, at, names, context.book.roles, "role")


def _unknown(
    context: CheckContext,
    file: str,
    at: KeyPath,
    names: Iterable[str],
    there: Iterable[str],
    what: str,
) -> Iterator[Finding]:
    names_there = tuple(there)
    exist = {*names_there, *context.unread}
    for place, name in enumerate(names):
        if name not in exist:
            yield Finding(
                file=file,
                path=(*at, place),
                kind="unknown-reference",
                expected=f"a {what} of the book",
                found=repr(name),
                hint=meant(name, names_there),
            )
