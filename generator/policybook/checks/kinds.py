"""What a document may have that depends on the kind of its policy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from policybook.checks.context import REFUSED, document_finding
from policybook.errors import Finding, KeyPath, Level
from policybook.model.fields import PolicyType

_REFUSED_SCP = "which AWS Organizations refuses in a service control policy"
_REFUSED_RCP = "which AWS Organizations refuses in a resource control policy"


class KindRules(Struct, frozen=True):
    """The rules of one kind for the documents of a customer.

    Attributes:
        what: The kind with its article.
        refused: What AWS does with other documents.
        most_characters: How many a document may have, without white space.
        size_level: A warning if AWS may raise that number for an organization.
        without: The elements that the kind does not have.
        for_everybody: Whether each statement has the Principal `*`.
        denies_only: Whether it can only deny.
    """

    what: str
    refused: str
    most_characters: int
    size_level: Level = "error"
    without: tuple[str, ...] = ("Principal", "NotPrincipal")
    for_everybody: bool = False
    denies_only: bool = False

    def element_findings(
        self, statement: Mapping[str, Any], at: KeyPath
    ) -> Iterator[tuple[str, Finding]]:
        """The findings about the elements of a statement, each after the element's name.

        Args:
            statement: The statement as its file has it.
            at: Its key path.
        """
        for key in self.without:
            if key in statement:
                principal = key.endswith("Principal")
                expected = f"no {'principal' if principal else key} in {self.what}"
                kind = "principal" if principal else "unsupported-element"
                yield key, document_finding((*at, key), kind, expected, key, self.refused)
        if self.for_everybody and statement.get("Principal") != "*":
            there = "Principal" in statement
            path, text = ((*at, "Principal"), "another Principal") if there else (at, "none")
            expected = "the Principal '*'"
            yield "Principal", document_finding(path, "principal", expected, text, self.refused)
        if self.denies_only and statement["Effect"] == "Allow":
            expected = f"the Effect Deny in {self.what}"
            path = (*at, "Effect")
            yield "Effect", document_finding(path, "allows", expected, "Allow", self.refused)


# IAM User Guide, "IAM and AWS STS quotas": white space does not count.
OF_IAM = KindRules("a managed policy", REFUSED, 6_144)

# AWS Organizations User Guide, "SCP syntax", "RCP syntax" and "Quotas for AWS Organizations". White
# space that is left out does not count there either.
_RULES: Mapping[PolicyType, KindRules] = {
    "service-control-policy": KindRules(
        "a service control policy", _REFUSED_SCP, 5_120, size_level="warning"
    ),
    "resource-control-policy": KindRules(
        "a resource control policy",
        _REFUSED_RCP,
        5_120,
        size_level="warning",
        without=("NotAction", "NotPrincipal"),
        for_everybody=True,
        denies_only=True,
    ),
}


def rules_of(type_: PolicyType) -> KindRules:
    """The rules for the documents of policies of a type."""
    return _RULES.get(type_, OF_IAM)
