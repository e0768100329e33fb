"""Which condition keys there are, and which of them have several values.

Global keys are not in a service's list; they are those of the IAM User Guide, "AWS global condition
context keys".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

_ARRAYS = (
    "CalledVia",
    "PrincipalOrgPaths",
    "PrincipalServiceNamesList",
    "ResourceOrgPaths",
    "SourceOrgPaths",
    "TagKeys",
    "VpceOrgPaths",
)
_SINGLE = (
    "AssumedRoot",
    "CalledViaFirst",
    "CalledViaLast",
    "CurrentTime",
    "Ec2InstanceSourcePrivateIPv4",
    "Ec2InstanceSourceVpc",
    "EpochTime",
    "FederatedProvider",
    "MultiFactorAuthAge",
    "MultiFactorAuthPresent",
    "PrincipalAccount",
    "PrincipalArn",
    "PrincipalIsAWSService",
    "PrincipalOrgID",
    "PrincipalServiceName",
    "PrincipalTag",
    "PrincipalType",
    "referer",
    "RequestedRegion",
    "RequestTag",
    "ResourceAccount",
    "ResourceOrgID",
    "ResourceTag",
    "SecureTransport",
    "SourceAccount",
    "SourceArn",
    "SourceIdentity",
    "SourceInstanceARN",
    "SourceIp",
    "SourceOrgID",
    "SourceVpc",
    "SourceVpcArn",
    "SourceVpce",
    "TokenIssueTime",
    "UserAgent",
    "userid",
    "username",
    "ViaAWSService",
    "VpceAccount",
    "VpceOrgID",
    "VpcSourceIp",
)
GLOBAL_ARRAYS = frozenset(map(str.lower, _ARRAYS))
GLOBAL_SINGLE = frozenset(map(str.lower, _SINGLE))
GLOBAL_NAMES = tuple(f"aws:{name}" for name in (*_ARRAYS, *_SINGLE))
"""All global keys, as the guide spells them."""

# Whose keys are those of identity providers, in no service's list (IAM User Guide, "Available keys
# for AWS OIDC federation" and "SAML-based AWS STS federation"); others have a dot.
_PROVIDERS = ("saml",)


def is_array(key: str, types: Mapping[str, bool]) -> bool | None:
    """Whether a condition key has several values; None if that is not known.

    Args:
        key: The key in lower case.
        types: Whether they have several values, for the keys of the key's service in lower case. A
            key such as `ec2:resourcetag/${tagkey}` stands for all keys with the text before `${`.
    """
    prefix, _, name = key.partition(":")
    if prefix == "aws":
        name = name.partition("/")[0]
        return True if name in GLOBAL_ARRAYS else False if name in GLOBAL_SINGLE else None
    if key in types:
        return types[key]
    for listed, array in types.items():
        head, variable, _ = listed.partition("${")
        if variable and len(head) > len(prefix) + 1 and key.startswith(head):
            return array
    return None


def is_listed(key: str, listed: Collection[str]) -> bool | None:
    """Whether AWS has a condition key; None if that is not known.

    Args:
        key: The key, in any case.
        listed: The keys with its prefix that services list. A key such as
            `ec2:ResourceTag/${TagKey}` stands for all keys with the text before `${`; some lists
            have `<key>` in its place.
    """
    prefix, colon, name = key.lower().partition(":")
    if prefix == "aws":
        return name.partition("/")[0] in GLOBAL_ARRAYS | GLOBAL_SINGLE
    if "." in prefix or prefix in _PROVIDERS or "${" in key:
        return None
    if not colon:
        return False
    heads = (re.split(r"\$\{|<", one.lower(), maxsplit=1) for one in listed)
    return any(
        key.lower().startswith(head[0]) if len(head) > 1 else key.lower() == head[0]
        for head in heads
    )
