"""Checks of a policy's versions, rollbacks and ARN."""

from __future__ import annotations

from collections.abc import Iterator

from policybook.checks.context import CheckContext, policy_finding
from policybook.errors import Finding, KeyPath
from policybook.model.kinds import OF_ORGANIZATIONS, does_grant
from policybook.model.policies import Policy, VersionFacts
from policybook.model.version_ids import version_id
from policybook.wording import did_you_mean


def version_order(context: CheckContext) -> Iterator[Finding]:
    """Versions are listed newest first, by number and by day of publication."""
    for policy in context.book.policies.values():
        yield from _order(policy)


def _order(policy: Policy) -> Iterator[Finding]:
    order: tuple[int, int] | None = None
    newer: VersionFacts | None = None
    for place, version in enumerate(policy.facts.versions):
        at: KeyPath = ("versions", place)
        day = version.published
        if version.order and order and version.order > order:
            expected = f"a version below {version_id(*order[::-1])}, since the newest is first"
            hint = "move it up"
            yield policy_finding(
                policy, (*at, "id"), "version-order", expected, version.key, hint=hint
            )
        elif day and newer and newer.published and day > newer.published:
            expected = f"a day up to {newer.published}, when {newer.key} was published"
            yield policy_finding(policy, (*at, "published"), "time-order", expected, str(day))
        order = version.order or order
        newer = version if day else newer


def known_default(context: CheckContext) -> Iterator[Finding]:
    """The document of the default version is known, or no page can say what the policy grants."""
    for policy in context.book.policies.values():
        if version := policy.unknown_default:
            at: KeyPath = ("versions", policy.facts.versions.index(version.facts))
            expected = f"the document of the default version, in {version.key}.yml or .json"
            yield policy_finding(policy, at, "unknown-default", expected, "no file", "warning")


def named_versions(context: CheckContext) -> Iterator[Finding]:
    """Versions that are named in other fields of a policy are listed under `versions`."""
    for policy in context.book.policies.values():
        facts = policy.facts
        named: list[tuple[KeyPath, str | None]] = [
            (("default",), facts.default),
            (("notes_for",), facts.notes_for),
            *((("rollbacks", place, "to"), r.to) for place, r in enumerate(facts.rollbacks)),
            *(
                (("descriptions", name, "default"), d.default)
                for name, d in facts.descriptions.items()
            ),
        ]
        for at, key in named:
            if key and not policy.version(key):
                hint = did_you_mean([v.key for v in policy.versions[:3]]).removeprefix("; ")
                expected = "a listed version"
                yield policy_finding(
                    policy, at, "unknown-reference", expected, repr(key), hint=hint
                )


def rollbacks(context: CheckContext) -> Iterator[Finding]:
    """Each rollback is listed once."""
    for policy in context.book.policies.values():
        seen = set()
        for place, back in enumerate(policy.facts.rollbacks):
            if back in seen:
                found = f"{back.to} on {back.observed} again"
                yield policy_finding(
                    policy, ("rollbacks", place), "rollback-twice", "each rollback once", found
                )
            seen.add(back)


def arns(context: CheckContext) -> Iterator[Finding]:
    """An ARN suits the type: its account, and whether it is of IAM or of AWS Organizations."""
    for policy in context.book.policies.values():
        if policy.facts.arn and (expected := _expected_arn(policy, policy.facts.arn)):
            found = f"{policy.facts.arn!r} for the type {policy.facts.type}"
            own = expected == "the account aws"
            hint = "did you mean the type customer-managed?" if own else ""
            yield policy_finding(policy, ("arn",), "bad-arn", expected, found, hint=hint)


def _expected_arn(policy: Policy, arn: str) -> str:
    """What the ARN of a policy of this type has; "" if this one has it.

    The account is `aws` for AWS's own policies and a number for a customer's. Both have boundaries
    and policies of AWS Organizations (AWS Organizations API Reference, "PolicySummary").
    """
    type_, account = policy.facts.type, arn.split(":")[4]
    kind = type_.replace("-", "_") if type_ in OF_ORGANIZATIONS else ""
    if kind and f"/{kind}/" not in arn:
        return f"an ARN of AWS Organizations with {kind}"
    if not kind and ":iam:" not in arn:
        return "an ARN of IAM"
    if type_ == "customer-managed" and account == "aws":
        return "an account id"
    if type_ == "inline":
        return "no ARN, since a policy inside a role or group has none"
    of_aws_only = does_grant(type_) and type_ != "customer-managed"
    return "the account aws" if of_aws_only and account != "aws" else ""
