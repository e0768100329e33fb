"""The policy documents in one file of a repository, and the policies whose they are.

A file may be a document, or a template of Terraform or CloudFormation as JSON. A template names its
policies; a document has the name of its file, or of its folder if the file's name names no policy.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct

from policybook.data.own_documents import OwnDocument, own_documents
from policybook.errors import KeyPath
from policybook.importers.snapshots import formatted_document, is_policy_name, without_mark
from policybook.model.documents import Document
from policybook.model.fields import PolicyType

ENDINGS = (".json", ".template")

# Names of files that say what is in them, and not whose it is.
_GENERAL = re.compile(
    r"(iam|managed|inline)?[-_.]?(policy|permissions|document|main|index|default|template|v[0-9]+)"
    r"([-_.]?document)?",
    re.IGNORECASE,
)
_OWNERS = ("role", "group", "user")
_ORGANIZATIONS: dict[str, PolicyType] = {
    "SERVICE_CONTROL_POLICY": "service-control-policy",
    "RESOURCE_CONTROL_POLICY": "resource-control-policy",
}


class PlainDocument(Struct, frozen=True):
    """A policy's document as its file in the data folder will hold it.

    `assumed` are values that are not known, such as what a function of CloudFormation returns.
    """

    name: str
    type: PolicyType
    text: bytes
    document: Document
    assumed: tuple[str, ...] = ()


class PlainFile(Struct, frozen=True):
    """What a file has.

    Attributes:
        documents: The documents of policies, by the names of these.
        refused: Documents that cannot be kept, with the reasons, by name.
        others: What is a document, and no identity's: a line for each.
        unreadable: Why nothing can be said of the file; "" if it was read.
    """

    documents: dict[str, PlainDocument] = {}
    refused: dict[str, str] = {}
    others: tuple[str, ...] = ()
    unreadable: str = ""


def plain_file(path: str, content: bytes) -> PlainFile:
    """Read a file of a repository.

    Args:
        path: Its path there.
        content: Its content.
    """
    content = without_mark(content)
    if not content.strip():
        return PlainFile(unreadable="the file is empty")
    if b"Statement" not in content:
        return PlainFile(unreadable=_no_json(content))
    found = own_documents("file.json", content)
    try:
        value = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return PlainFile(unreadable=f"the file is no JSON ({error})")
    file = PlainFile({}, {}, ())
    others: list[str] = []
    for own in found:
        name, type_ = _policy(path, own.at, value)
        if own.is_trust_policy:
            others.append(f"{name}: a trust policy")
        elif name in file.documents or name in file.refused:
            others.append(f"{name}: a second document of that name in the file")
        elif own.document and _has_principal(own.document) and type_ not in _NAMING_ALL:
            others.append(f"{name}: a policy of a resource, since it has a Principal")
        elif isinstance(kept := _kept(name, type_, own), str):
            file.refused[name] = kept
        else:
            file.documents[name] = kept
    return PlainFile(file.documents, file.refused, tuple(others))


_NAMING_ALL = ("resource-control-policy",)


def _no_json(content: bytes) -> str:
    try:
        msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return f"the file is no JSON ({error})"
    return ""


def _has_principal(document: Document) -> bool:
    return any(statement.has_principal for statement in document.statements)


def _kept(name: str, type_: PolicyType, own: OwnDocument) -> PlainDocument | str:
    """The document, or the reason why it cannot be kept."""
    errors = [finding for finding in own.findings if finding.level == "error"]
    if errors or not own.document:
        return f"the document has errors ({errors[0].reason})" if errors else "it is no document"
    if not all(map(is_policy_name, name.split("~"))) or name.count("~") > 1:
        return "the name is not a policy's"
    text, reason = formatted_document(msgspec.json.encode(own.document.source))
    if reason:
        return reason
    assumed = tuple(finding.found for finding in own.findings)
    return PlainDocument(name, type_, text, own.document, assumed)


# --- names ----------------------------------------------------------------------------------------


def _policy(path: str, at: KeyPath, value: Any) -> tuple[str, PolicyType]:
    """The name and the type of the policy whose document is at a key path of a file's value."""
    steps = list(_steps(at, value))
    parent = steps[-1] if steps else {}
    if _is_envelope(at):
        return _of_file(path), "customer-managed"
    own = _text(parent, "ManagedPolicyName", "PolicyName", "Name", "name") or _key(at)
    own = own or _of_file(path)
    if str(at[-1]).lower() == "content":
        kind = _text(parent, "Type", "type")
        return own, _ORGANIZATIONS.get(kind, "service-control-policy")
    owner = _owner(at, steps, parent)
    return (f"{own}~{owner}", "inline") if owner else (own, "customer-managed")


def _is_envelope(at: KeyPath) -> bool:
    """Whether the whole file is the document, perhaps in what a command printed."""
    return at in ((), ("PolicyVersion", "Document"), ("Document",))


def _steps(at: KeyPath, value: Any) -> Iterator[Any]:
    """The mappings on the way to a part of a value, from the outermost to the innermost."""
    for step in at:
        if isinstance(value, dict):
            yield value
        value = value[step]


def _text(mapping: Any, *keys: str) -> str:
    """The first of these keys' values that is a text without anything to be filled in."""
    found = (mapping.get(key) for key in keys if isinstance(mapping, dict))
    return next((t for t in found if isinstance(t, str) and t and "${" not in t), "")


def _key(at: KeyPath) -> str:
    """What a template calls the resource that has a document, which need not be its name in IAM."""
    names = [step for step in at if isinstance(step, str)]
    match names:
        case ["Resources", logical, "Properties", *_]:
            return logical
        case ["resource" | "data", _, name, *_]:
            return name
    return ""


def _owner(at: KeyPath, steps: list[Any], parent: Any) -> str:
    """The role, group or user that a document is inline in, as in `role.Deploy`; "" without one."""
    kind = next(filter(None, (_text(step, "Type", "type") for step in reversed(steps))), "")
    names = [step for step in at if isinstance(step, str)]
    kind = kind.rpartition("::")[2].lower() or (names[1] if names[0] == "resource" else "")
    of = next((name for name in _OWNERS if name in kind), "role")
    if "Policies" in at or "inline_policy" in at:
        holder = steps[-2] if len(steps) > 1 else {}
        name = _text(holder, f"{of.title()}Name", "name") or _key(at)
    elif kind == "policy":  # AWS::IAM::Policy
        lists = {name: parent.get(f"{name.title()}s") for name in _OWNERS}
        named = {of: found[0] for of, found in lists.items() if isinstance(found, list) and found}
        of, first = next(iter(named.items()), (of, None))
        name = first if isinstance(first, str) else _key(at)
    elif re.fullmatch(r"(aws_iam_)?(role|group|user)_?policy", kind):
        name = _text(parent, of, f"{of.title()}Name") or _key(at)
    else:
        return ""
    return re.sub("[^A-Za-z0-9_+=,.@-]", "-", f"{of}.{name}")[:128]


def _of_file(path: str) -> str:
    """The name of the file's policy: that of the file, or that of its folder if it names none."""
    *folders, file = path.split("/")
    stem = next((file.removesuffix(e) for e in (".tf.json", *ENDINGS) if file.endswith(e)), file)
    return folders[-1] if folders and _GENERAL.fullmatch(stem) else stem
