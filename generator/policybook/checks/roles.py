"""Checks of the policies that roles name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import structs

from policybook.checks.context import CheckContext
from policybook.errors import Finding, KeyPath, Level
from policybook.model.kinds import OF_ORGANIZATIONS
from policybook.model.policies import Policy
from policybook.model.roles import NamedPolicy, Role
from policybook.wording import close_names, did_you_mean


def roles(context: CheckContext) -> Iterator[Finding]:
    """A role's policies are in the book or, by their ARN, outside it, and suit the role.

    A name has to be one of the book. AWS's policies may be outside it by their ARNs; that one of a
    customer's is, which may be mistyped, is a warning. So is one of AWS that a book of all of AWS
    lacks.
    """
    for name, role in context.book.roles.items():
        file, at = context.book.place_of_role(name)
        for finding in _findings(context, role, at):
            yield structs.replace(finding, file=file)


def _findings(context: CheckContext, role: Role, at: KeyPath) -> Iterator[Finding]:
    """The findings about a role whose key path this is."""
    for number, reference in enumerate(role.policies):
        path = (*at, "policies", number)
        named = context.book.named(reference)
        yield from _unknown(context, path, named) or _unfit_policy(context, path, named)
    if role.boundary:
        path = (*at, "boundary")
        named = context.book.named(role.boundary)
        yield from _unknown(context, path, named) or _unfit_boundary(context, path, named)


def _unknown(context: CheckContext, at: KeyPath, named: NamedPolicy) -> tuple[Finding, ...]:
    """A finding about a policy that the book should have and lacks."""
    policies = context.book.policies
    if named.in_book or named.name in context.unread:
        return ()
    if named.reference == named.name:
        expected = "a policy of the book, or the ARN of one outside it"
        return (_finding(at, "unknown-reference", expected, named, policies),)
    same = policies.get(named.name)
    if same and same.facts.arn and same.is_of_aws == named.of_aws:
        expected = f"the ARN of the policy of that name, {same.facts.arn}"
    elif named.of_aws and not context.book.is_of_all_aws:
        return ()
    else:
        expected = f"the ARN of a policy of {'AWS' if named.of_aws else 'the book or of AWS'}"
    return (_finding(at, "outside-policy", expected, named, policies, "warning"),)


def _unfit_policy(context: CheckContext, at: KeyPath, named: NamedPolicy) -> tuple[Finding, ...]:
    """A finding about a policy that grants a role nothing.

    IAM attaches no policy of AWS Organizations. It attaches a permissions boundary like any managed
    policy, but the book counts nothing of it as granted.
    """
    policy = context.book.policies.get(named.name)
    if not policy or not named.in_book or policy.grants:
        return ()
    level: Level = "error" if policy.type in OF_ORGANIZATIONS else "warning"
    return (_finding(at, "unfit-policy", "a policy that grants", named, {}, level, policy),)


def _unfit_boundary(context: CheckContext, at: KeyPath, named: NamedPolicy) -> tuple[Finding, ...]:
    """A finding about a boundary that IAM does not take: any managed policy of IAM can be one."""
    policy = context.book.policies.get(named.name)
    if not policy or not named.in_book or policy.type not in OF_ORGANIZATIONS:
        return ()
    return (_finding(at, "unfit-policy", "a managed policy of IAM", named, {}, "error", policy),)


def _finding(
    at: KeyPath,
    kind: str,
    expected: str,
    named: NamedPolicy,
    close: Mapping[str, Policy],
    level: Level = "error",
    policy: Policy | None = None,
) -> Finding:
    meant = [name for name in close_names(named.name, close) if name != named.name]
    found = repr(named.reference)
    found += f" of the type {policy.type}" if policy else did_you_mean(meant)
    return Finding(
        file="roles.yml", path=at, kind=kind, expected=expected, found=found, level=level
    )
