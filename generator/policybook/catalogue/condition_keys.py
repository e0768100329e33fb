"""Which condition keys have several values.

Global keys are not in a service's list; they are those of the IAM User Guide, "AWS global condition
context keys".
"""

from __future__ import annotations

from collections.abc import Mapping

GLOBAL_ARRAYS = frozenset(
    (
        "calledvia",
        "principalorgpaths",
        "principalservicenameslist",
        "resourceorgpaths",
        "sourceorgpaths",
        "tagkeys",
        "vpceorgpaths",
    )
)
GLOBAL_SINGLE = frozenset(
    (
        "assumedroot",
        "calledviafirst",
        "calledvialast",
        "currenttime",
        "ec2instancesourceprivateipv4",
        "ec2instancesourcevpc",
        "epochtime",
        "federatedprovider",
        "multifactorauthage",
        "multifactorauthpresent",
        "principalaccount",
        "principalarn",
        "principalisawsservice",
        "principalorgid",
        "principalservicename",
        "principaltag",
        "principaltype",
        "referer",
        "requestedregion",
        "requesttag",
        "resourceaccount",
        "resourceorgid",
        "resourcetag",
        "securetransport",
        "sourceaccount",
        "sourcearn",
        "sourceidentity",
        "sourceinstancearn",
        "sourceip",
        "sourceorgid",
        "sourcevpc",
        "sourcevpcarn",
        "sourcevpce",
        "tokenissuetime",
        "useragent",
        "userid",
        "username",
        "viaawsservice",
        "vpceaccount",
        "vpceorgid",
        "vpcsourceip",
    )
)


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
