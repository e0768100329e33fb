"""Policy documents in files that are no part of the data: a reader's own, wherever they lie in it.

A file may be a document, the output of a command such as `aws iam get-policy-version`, or a
template of CloudFormation or Terraform as JSON, with any number of documents in it. A document may
also be a text of JSON, as in Terraform and in the output for a service control policy.

What a function of CloudFormation will return is not known. Each is read as `Fn::Sub` would write it
(CloudFormation User Guide, "Fn::Sub"): `{"Ref": "Name"}` as `${Name}`, which like a policy variable
may have any value.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct, structs

from policybook.data.characters import control_characters_in_value
from policybook.data.file_names import ENDINGS, STANDARD_INPUT
from policybook.data.file_reader import ENVELOPES, FileReader, plain_value
from policybook.data.loader import near_entry
from policybook.data.standard_input import standard_input
from policybook.data.strict_yaml import MAX_BYTES, Lines, decoded
from policybook.errors import DocumentError, Finding, KeyPath, PolicybookError
from policybook.model.documents import Document

TRUST_POLICY = "trust-policy"
# The keys under which CloudFormation, Terraform and IAM have a role's trust policy.
_TRUST = ("AssumeRolePolicyDocument", "assume_role_policy")


class OwnDocument(Struct, frozen=True):
    """A policy document in a file.

    Attributes:
        file: The file, as it was named.
        at: The key path of the document in the file.
        line: The line of the document, from 1.
        findings: What keeps it from being read, and what was assumed; with file, path and line.
        document: The document; None if it has errors, or is a trust policy.
        lines: The lines of the file's key paths.
    """

    file: str
    at: KeyPath
    line: int
    findings: tuple[Finding, ...]
    document: Document | None
    lines: Lines

    @property
    def is_trust_policy(self) -> bool:
        """Whether it says who may take a role, and grants nothing."""
        return any(finding.kind == TRUST_POLICY for finding in self.findings)

    def placed(self, finding: Finding) -> Finding:
        """A finding about the document, with the file, and its path and line in the file."""
        path = (*self.at, *finding.path)
        line = (self.lines.of(path) if path else 0) or self.line
        return structs.replace(finding, file=self.file, path=path, line=line)


def read_own_documents(name: str) -> tuple[OwnDocument, ...]:
    """The policy documents in a file, in its order, at least one; `-` is standard input.

    Raises:
        PolicybookError: There is no such file, or standard input was read before.
        OSError: The file cannot be read.
    """
    if name == STANDARD_INPUT:
        return own_documents(name, standard_input())
    if not Path(name).is_file():
        path = Path(name)
        found = "a folder" if path.is_dir() else f"no file{near_entry(path)}"
        raise PolicybookError(f"{name}: expected a policy document, found {found}")
    with open(name, "rb") as file:
        return own_documents(name, file.read(MAX_BYTES + 1))


def own_documents(name: str, content: bytes) -> tuple[OwnDocument, ...]:
    """The policy documents in the content of a file, in its order, at least one.

    Args:
        name: The name of the file, for findings. One that does not end in `.json`, `.yml` or
            `.yaml` is JSON if its text begins with a brace or bracket.
        content: The content, as strictly read as a file of the data.
    """
    text, errors = decoded(content)
    ending = Path(name).suffix
    json = ending == ".json" if ending in ENDINGS else text.lstrip()[:1] in ("{", "[")
    value = None
    if not errors:
        value, errors = plain_value(text, json=json, document=False)
    lines = Lines(text)
    if errors:
        findings = tuple(
            structs.replace(f, file=name, line=f.line or (lines.of(f.path) if f.path else 0))
            for f in errors
        )
        return (OwnDocument(name, (), 0, findings, None, lines),)
    found = tuple(_documents(value)) or (_only(value),)
    return tuple(_own(name, at, part, lines) for at, part in found)


def only_document(name: str) -> Document:
    """The one policy document in a file.

    Raises:
        DocumentError: The document has errors; the exception holds all of them.
        PolicybookError: There is no such file, or it has several documents.
    """
    found = [own for own in read_own_documents(name) if not own.is_trust_policy]
    if len(found) != 1:
        count = len(found) or "none"
        raise PolicybookError(f"{name}: expected one policy document, found {count}")
    if not found[0].document:
        raise DocumentError(found[0].findings)
    return found[0].document


def _documents(value: Any, at: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """The documents in a value with their key paths; one in a text is the text."""
    if isinstance(value, dict):
        if isinstance(value.get("Statement"), dict | list):
            yield at, value
            return
        for key, part in value.items():
            yield from _documents(part, (*at, key))
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield from _documents(part, (*at, place))
    elif isinstance(value, str) and value.lstrip()[:1] == "{" and '"Statement"' in value:
        yield at, value


def _only(value: Any) -> tuple[KeyPath, Any]:
    """The value that should have been a document, without what it may be in."""
    for envelope in ENVELOPES:
        inner = value
        for key in envelope:
            inner = inner.get(key) if isinstance(inner, dict) else None
        if isinstance(inner, dict):
            return envelope, inner
    return (), value


def _own(name: str, at: KeyPath, value: Any, lines: Lines) -> OwnDocument:
    found = OwnDocument(name, at, (lines.of(at) if at else 0) or 1, (), None, lines)
    errors: tuple[Finding, ...] = ()
    if isinstance(value, str):
        value, errors = plain_value(value, json=True, document=True)
        errors = tuple(structs.replace(f, line=0) for f in errors)
    errors = errors or tuple(control_characters_in_value(value, document=True))
    assumed: list[Finding] = []
    document = None
    if set(_TRUST) & set(map(str, at)):
        errors = ()
        assumed.append(_assumed((), TRUST_POLICY, "a policy of permissions", "a trust policy"))
    elif not errors:
        reader = FileReader(Path())
        document = reader.document_of(Path("document"), _resolved(value, (), assumed), ())
        errors = tuple(reader.findings)
    return structs.replace(
        found,
        findings=tuple(map(found.placed, (*errors, *assumed))),
        document=None if errors or not document else structs.replace(document, file=""),
    )


def _assumed(at: KeyPath, kind: str, expected: str, found: str) -> Finding:
    return Finding(path=at, kind=kind, expected=expected, found=found, level="warning")


# --- functions of CloudFormation ------------------------------------------------------------------


def _resolved(value: Any, at: KeyPath, assumed: list[Finding]) -> Any:
    """The value with a text for each function; `assumed` gets a warning for each."""
    if isinstance(value, list):
        return [_resolved(part, (*at, place), assumed) for place, part in enumerate(value)]
    if not isinstance(value, dict):
        return value
    if function := _function(value):
        text = _text(value)
        found = f"{function}, whose value is not known; read as {text!r}"
        assumed.append(_assumed(at, "unknown-value", "a text", found))
        return text
    return {key: _resolved(part, (*at, key), assumed) for key, part in value.items()}


def _function(value: Any) -> str:
    """The name of the function that a value is, or ""."""
    name = next(iter(value)) if isinstance(value, dict) and len(value) == 1 else ""
    return name if name == "Ref" or name.startswith("Fn::") else ""


def _text(value: Any) -> str:
    """What stands for a text or for the value of a function."""
    function = _function(value)
    if not function:
        return value if isinstance(value, str) else "${}"
    match function, value[function]:
        case "Ref", str(name):
            return f"${{{name}}}"
        case "Fn::GetAtt", str(name):
            return f"${{{name}}}"
        case "Fn::GetAtt", [str(name), str(attribute)]:
            return f"${{{name}.{attribute}}}"
        case "Fn::Sub", str(text) | [str(text), _]:
            return text.replace("${!", "${")
        case "Fn::Join", [str(between), [*parts]]:
            return between.join(map(_text, parts))
    return f"${{{function}}}"
