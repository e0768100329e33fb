"""Whether a person can attach a policy to a user, a group or a role of their own."""

from __future__ import annotations

from policybook.model.kinds import KIND_WORDS
from policybook.model.policies import Policy


def can_be_attached(policy: Policy) -> bool:
    """Whether nothing says that the policy cannot be attached next to others."""
    return not why_not_attached(policy)


def why_not_attached(policy: Policy) -> str:
    """Why the policy cannot be attached next to others; "" if nothing says so.

    Deprecated policies cannot be attached anew (IAM User Guide, "Managed policies and inline
    policies").
    """
    return why_never_attached(policy) or (
        "it is deprecated" if policy.deprecation.state == "deprecated" else ""
    )


def why_never_attached(policy: Policy) -> str:
    """Why no principal of a customer's choice can have the policy, not even from earlier on; or "".

    Policies of service-linked roles belong to these roles alone (IAM User Guide, "Managed policies
    and inline policies"). One that only limits others gives a principal nothing.
    """
    if policy.facts.type == "inline":
        return "it is a part of a role, a group or a user"

    if not policy.grants:
        return f"{KIND_WORDS[policy.type]} grants nothing"
    if policy.facts.type == "service-linked-role":
        return "it belongs to a service-linked role"
    return "AWS says that it cannot be attached" if policy.facts.attachable is False else ""
