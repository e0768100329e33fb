"""Checks of policy documents: actions, resources, condition operators and principals."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any

from msgspec import structs

from policybook.catalogue.catalogue import Catalogue
from policybook.checks.context import CheckContext
from policybook.errors import Finding, KeyPath, Level, shown
from policybook.iam.condition_operators import is_known
from policybook.iam.patterns import has_wildcard

# AWS's own documents have hyphens in action names (config:select-resource-config).
_ACTION = re.compile(r"\*|\*:\*|[A-Za-z0-9-]+:[A-Za-z0-9*?_-]+")
_RESOURCE = re.compile(r"\*|(arn|\*|\?|\$\{).*", re.DOTALL)
_PLACEHOLDER = re.compile(r"<[^>]*>")


def documents(context: CheckContext) -> Iterator[Finding]:
    """Statements have well-formed actions, and resources, operators and names that IAM knows.

    Only a malformed action is an error: AWS's own documents have examples of all the rest.
    """
    for policy, _, document in context.book.documents():
        if policy.name not in context.unchanged:
            file = f"policies/{policy.name}/{document.file}"
            for _, finding in document_findings(document.source, context.catalogue):
                yield structs.replace(finding, file=file)


def document_warnings(found: Iterable[Finding]) -> Counter[str]:
    """How many of the findings are about documents, by policy."""
    places = (finding.file.split("/") for finding in found)
    return Counter(p[1] for p in places if p[0] == "policies" and p[2:] != ["policy.yml"])


def document_findings(source: Any, catalogue: Catalogue) -> Iterator[tuple[str, Finding]]:
    """The findings about one document.

    Args:
        source: The document as its file has it, with its statements well-formed.
        catalogue: The actions that AWS has.

    Yields:
        In the document's order, the text that IAM or the catalogue does not know, and the finding,
        without a file.
    """
    found = source["Statement"]
    several = not isinstance(found, dict)
    for place, statement in enumerate(found if several else [found]):
        at: KeyPath = ("Statement", place) if several else ("Statement",)
        for key, problems in _PROBLEMS:
            texts = statement.get(key, ())
            single = isinstance(texts, str)
            for number, text in enumerate((texts,) if single else texts):
                for kind, expected in problems(text, catalogue):
                    path = (*at, key) if single else (*at, key, number)
                    yield text, _finding(path, kind, expected, text)
        for operator in statement.get("Condition", {}):
            if not is_known(operator):
                path = (*at, "Condition", operator)
                expected = "a condition operator of IAM"
                yield operator, _finding(path, "unknown-operator", expected, operator)
        for key in ("Principal", "NotPrincipal"):
            if key in statement:
                expected = "no principal in a managed policy"
                yield key, _finding((*at, key), "principal", expected, key)


def _finding(path: KeyPath, kind: str, expected: str, text: str) -> Finding:
    level: Level = "error" if kind == "malformed-action" else "warning"
    return Finding(path=path, kind=kind, expected=expected, found=shown(text), level=level)


Problems = Callable[[str, Catalogue], tuple[tuple[str, str], ...]]


@lru_cache(maxsize=65_536)
def _action(action: str, catalogue: Catalogue) -> tuple[tuple[str, str], ...]:
    """The kind and the expected value of each problem of an action."""
    prefix, colon, name = action.strip().partition(":")
    closed = prefix + colon + name.replace(" ", "")
    if not _ACTION.fullmatch(closed):
        return (("malformed-action", "an action such as s3:GetObject or s3:Get*"),)
    if closed != action.strip():
        expected = "an action without white space, since IAM has no action with any"
        return (("stray-space", expected),)
    found = []
    if closed != action:
        found.append(("stray-space", "an action without white space"))
    if has_wildcard(closed):
        known = ":" not in closed or closed == "*:*" or bool(catalogue.expand(closed))
    else:
        known = catalogue.action(closed) is not None
    if not known:
        found.append(("uncatalogued-action", f"an action in AWS's action list of {catalogue.date}"))
    return tuple(found)


@lru_cache(maxsize=65_536)
def _resource(resource: str, catalogue: Catalogue) -> tuple[tuple[str, str], ...]:
    """The kind and the expected value of each problem of a resource."""
    if _PLACEHOLDER.search(resource):
        return (("placeholder", "an ARN without placeholders"),)
    return () if _RESOURCE.fullmatch(resource) else (("malformed-resource", "an ARN or *"),)


_PROBLEMS: tuple[tuple[str, Problems], ...] = (
    ("Action", _action),
    ("NotAction", _action),
    ("Resource", _resource),
    ("NotResource", _resource),
)
