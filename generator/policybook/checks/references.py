"""Checks that every name refers to something in the book."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policybook.checks.context import CheckContext, policy_finding
from policybook.errors import Finding, KeyPath


def references(context: CheckContext) -> Iterator[Finding]:
    """Every policy, role and guide that a group or role names exists."""
    book = context.book
    for slug, group in book.groups.items():
        file = f"groups/{slug}.yml"
        yield from _unknown(context, file, ("policies",), group.policies, book.policies, "policy")
        key = ("not_recommended",)
        yield from _unknown(context, file, key, group.not_recommended, book.policies, "policy")
        yield from _unknown_roles(context, file, ("roles",), group.roles)
        yield from _unknown(context, file, ("guides",), group.guides, book.guides, "guide")
    for place, role in enumerate(book.roles.values()):
        at: KeyPath = ("roles", place)
        yield from _unknown(
            context, "roles.yml", (*at, "policies"), role.policies, book.policies, "policy"
        )
        yield from _unknown_roles(context, "roles.yml", (*at, "passes"), role.passes)


def successors(context: CheckContext) -> Iterator[Finding]:
    """A successor is another policy of the book; if it is deprecated too, that is a warning."""
    policies = context.book.policies
    for policy in policies.values():
        gone = policy.facts.deprecated
        if not gone or not gone.successor:
            continue
        at: KeyPath = ("deprecated", "successor")
        found, named = repr(gone.successor), policies.get(gone.successor)
        if named is policy:
            yield policy_finding(
                policy, at, "unknown-reference", "another policy of the book", found
            )
        elif named is None and gone.successor not in context.unread:
            yield policy_finding(policy, at, "unknown-reference", "a policy of the book", found)
        elif named and named.facts.deprecated:
            expected = "a policy that is not deprecated"
            yield policy_finding(policy, at, "deprecated-successor", expected, found, "warning")


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
    exist = {*there, *context.unread}
    for place, name in enumerate(names):
        if name not in exist:
            yield Finding(
                file=file,
                path=(*at, place),
                kind="unknown-reference",
                expected=f"a {what} of the book",
                found=repr(name),
            )
