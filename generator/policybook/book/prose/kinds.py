"""What the kinds of policies that grant nothing are, for readers."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from policybook.model.fields import PolicyType


class KindProse(Struct, frozen=True):
    """A kind of policies: its title, and what its policies do. Code is in backticks."""

    title: str
    about: str


KINDS: Mapping[PolicyType, KindProse] = {
    "permissions-boundary": KindProse(
        "A permissions boundary",
        "A user or role that has it as its boundary can do only what both the boundary and its "
        "own policies allow.",
    ),
    "service-control-policy": KindProse(
        "A service control policy",
        "AWS Organizations attaches it to accounts: their users and roles can do only what it "
        "allows, too.",
    ),
    "resource-control-policy": KindProse(
        "A resource control policy",
        "AWS Organizations attaches it to accounts: it limits what anybody can do with their "
        "resources. Besides what it shows, AWS's own `RCPFullAWSAccess` always applies, which "
        "allows everything.",
    ),
}
