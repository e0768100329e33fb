"""Checks of policy documents: actions, resources, conditions, Sids, principals and size."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import structs

from policybook.analysis.operations import Operation
from policybook.analysis.unknown_actions import MOST_ASKED, action_hint
from policybook.catalogue.catalogue import Catalogue
from policybook.checks.condition_keys import unlisted_keys
from policybook.checks.context import REFUSED, VALIDATION, CheckContext, document_finding
from policybook.checks.elements import listed, statements
from policybook.checks.kinds import OF_IAM, KindRules, rules_of
from policybook.checks.values import condition_findings
from policybook.data.own_documents import OwnDocument
from policybook.errors import Finding, KeyPath, Level
from policybook.iam.patterns import VARIABLE, completed, has_wildcard
from policybook.wording import did_you_mean

# AWS's own documents have hyphens in action names (config:select-resource-config).
_ACTION = re.compile(r"\*|\*:\*|[A-Za-z0-9-]+:[A-Za-z0-9*?_-]+")
_RESOURCE = re.compile(r"\*|(arn|\*|\?|\$\{).*", re.DOTALL)
_PLACEHOLDER = re.compile(r"<[^>]*>")
_SID = re.compile(r"[0-9A-Za-z]*")


def documents(context: CheckContext) -> Iterator[Finding]:
    """Documents hold what IAM and its policy validation accept, and actions that AWS has.

    What IAM refuses from a customer is a warning in other policies: AWS's own documents are under
    other rules. A malformed action is always an error, since AWS has no example of one.
    """
    known = context.operations
    right: set[str] = set()  # versions of a policy have most of their texts in common
    for policy, _, document in context.book.documents():
        if policy.name not in context.unchanged:
            file = f"policies/{policy.name}/{document.file}"
            own, rules = policy.is_of_customer, rules_of(policy.type)
            source = document.source
            found = document_findings(source, context.catalogue, known, rules, right, hints=own)
            findings = (finding for _, finding in found)
            for finding in (*findings, *size_findings(source, rules)):
                stays = own or finding.kind == "malformed-action"
                level: Level = finding.level if stays else "warning"
                yield structs.replace(finding, file=file, level=level)


def document_warnings(found: Iterable[Finding]) -> Counter[str]:
    """How many of the findings are about documents, by policy."""
    places = (finding.file.split("/") for finding in found)
    return Counter(p[1] for p in places if p[0] == "policies" and p[2:] != ["policy.yml"])


def document_findings(
    source: Any,
    catalogue: Catalogue,
    operations: Mapping[str, Operation] | None = None,
    rules: KindRules = OF_IAM,
    right: set[str] | None = None,
    *,
    hints: bool = False,
) -> Iterator[tuple[str, Finding]]:
    """The findings about one document.

    Args:
        source: The document as its file has it, with its statements well-formed.
        catalogue: The actions that AWS has.
        operations: API operations by name in lower case. Where a document has one of them as an
            action, the finding says which action it needs.
        rules: The rules of its kind. Default: those of a managed policy of IAM.
        right: Elements with texts that are known to be right, to which it adds. Default: none.
        hints: Whether to look for remedies, of the first 200 unknown actions, as it takes long.

    Yields:
        In the document's order, the text that IAM or the catalogue does not know, and the finding,
        without a file, with the level that it has in a customer-managed policy.
    """
    sids: set[str] = set()
    right = set() if right is None else right
    left = MOST_ASKED if hints else 0
    for at, statement in statements(source):
        yield from _sid(statement, (*at, "Sid"), sids)
        for text, path, problem in _problems(statement, at, catalogue, right):
            meant = (operations or {}).get(text.strip().lower())
            asks = left > 0 and not meant and _is_of_action(problem)
            left -= asks
            hint = action_hint(text, catalogue) if asks else ""
            found = _found(problem, meant)
            yield text, structs.replace(problem, path=path, found=found, hint=hint)
        yield from condition_findings(statement.get("Condition", {}), (*at, "Condition"))
        yield from rules.element_findings(statement, at)


def _problems(
    statement: Any, at: KeyPath, catalogue: Catalogue, right: set[str]
) -> Iterator[tuple[str, KeyPath, Finding]]:
    """What is wrong with the texts of a statement's elements, each with its place."""
    for key, problems in _PROBLEMS:
        for path, text in listed(statement.get(key, ()), (*at, key)):
            if (known := f"{key} {text}") not in right:
                found = tuple(problems(text, catalogue))
                if not found:
                    right.add(known)
                yield from ((text, path, problem) for problem in found)


def _is_of_action(problem: Finding) -> bool:
    return problem.kind in ("uncatalogued-action", "malformed-action")


def _found(problem: Finding, meant: Operation | None) -> str:
    if not meant or problem.kind != "uncatalogued-action":
        return problem.found
    return f"{problem.found}, an API operation that needs {meant.words}"


def own_findings(
    own: OwnDocument, catalogue: Catalogue, operations: Mapping[str, Operation] | None = None
) -> tuple[Finding, ...]:
    """All errors and warnings about a document that is in no book, in order of line.

    They have the levels that they have in a customer-managed policy.

    Args:
        own: The document.
        catalogue: The actions that AWS has.
        operations: API operations by name in lower case, as in `document_findings`.
    """
    source = own.document.source if own.document else None
    known = () if source is None else document_findings(source, catalogue, operations, hints=True)
    found = [f for _, f in known]
    if source is not None:
        found += (*unlisted_keys(source, catalogue), *size_findings(source))
    placed = (*own.findings, *map(own.placed, found))
    return tuple(sorted(placed, key=lambda finding: finding.order))


def malformed_action(source: Any) -> str | None:
    """The first action of a document that is malformed, which is an error in every policy.

    Args:
        source: The document as its file has it, with its statements well-formed.
    """
    actions = (
        action
        for at, statement in statements(source)
        for key in ("Action", "NotAction")
        for _, action in listed(statement.get(key, ()), (*at, key))
    )
    return next((action for action in actions if not _is_action(_closed(action))), None)


def _closed(action: str) -> str:
    return "".join(action.split())


@lru_cache(maxsize=65_536)
def _is_action(closed: str) -> bool:
    return bool(_ACTION.fullmatch(closed))


def _sid(statement: Any, path: KeyPath, seen: set[str]) -> Iterator[tuple[str, Finding]]:
    """A Sid has letters and digits, and is in the document once (IAM User Guide, "Sid")."""
    sid = statement.get("Sid") or ""
    if not _SID.fullmatch(sid):
        finding = document_finding(path, "bad-sid", "only letters and digits", sid, REFUSED)
        yield sid, structs.replace(finding, hint=did_you_mean(_words(sid)).removeprefix("; "))
    if sid in seen:
        yield sid, document_finding(path, "sid-twice", "each Sid once", sid, REFUSED)
    seen.update({sid} - {""})


def _words(sid: str) -> list[str]:
    """The Sid with its words joined, each in upper case; none if it has other letters."""
    words = re.findall(r"[0-9A-Za-z]+", sid)
    return ["".join(word[0].upper() + word[1:] for word in words)] if words else []


def size_findings(source: Any, rules: KindRules = OF_IAM) -> Iterator[Finding]:
    """A finding if a document is longer than one of a customer may be."""
    most, text = rules.most_characters, msgspec.json.encode(source).decode()
    if len(text) > most and (size := len("".join(text.split()))) > most:
        expected = f"at most {most:,} characters without white space"
        found = f"{size:,}, {rules.refused}"
        yield Finding(kind="too-large", expected=expected, found=found, level=rules.size_level)


Problems = Callable[[str, Catalogue], tuple[Finding, ...]]


@lru_cache(maxsize=65_536)
def _action(action: str, catalogue: Catalogue) -> tuple[Finding, ...]:
    """The problems of an action."""
    whole = action.strip()
    closed = _closed(action)
    if not _is_action(closed):
        expected = "an action such as s3:GetObject or s3:Get*"
        aws = VALIDATION if re.fullmatch(r"[A-Za-z0-9.-]+:[^:]*", closed) else REFUSED
        return (document_finding((), "malformed-action", expected, action, aws),)
    if closed != whole:
        expected = "an action without white space, since IAM has no action with any"
        return (document_finding((), "stray-space", expected, action, VALIDATION),)
    found = []
    if closed != action:
        expected = "an action without white space"
        found.append(document_finding((), "stray-space", expected, action, VALIDATION))
    if has_wildcard(closed):
        known = ":" not in closed or closed == "*:*" or bool(catalogue.expand(closed))
    else:
        known = catalogue.action(closed) is not None
    if not known:
        expected = f"an action in AWS's action list of {catalogue.date}"
        found.append(document_finding((), "uncatalogued-action", expected, action, level="warning"))
    return tuple(found)


@lru_cache(maxsize=65_536)
def _resource(resource: str, catalogue: Catalogue) -> tuple[Finding, ...]:
    """The problems of a resource."""
    if _PLACEHOLDER.search(resource):
        expected = "an ARN without placeholders"
        return (document_finding((), "placeholder", expected, resource, level="warning"),)
    if not _RESOURCE.fullmatch(resource):
        return (document_finding((), "malformed-resource", "an ARN or *", resource, REFUSED),)
    if stands_for := _completed(resource):
        expected = "an ARN with six fields"
        return (
            document_finding((), "incomplete-arn", expected, resource, stands_for, level="warning"),
        )
    return ()


def _completed(resource: str) -> str:
    """What IAM reads an ARN with fewer than six fields as; "" for any other text."""
    whole = completed(resource)
    if whole == resource:
        return ""
    fields = VARIABLE.sub("", resource).split(":")
    name = ("", "partition", "service", "Region", "account")[len(fields) - 1]
    last = fields[-1]
    named = f", in the {name} {last!r}" if last and not has_wildcard(last) and name else ""
    return f"which IAM reads as {whole!r}{named}"


_PROBLEMS: tuple[tuple[str, Problems], ...] = (
    ("Action", _action),
    ("NotAction", _action),
    ("Resource", _resource),
    ("NotResource", _resource),
)
