"""The result for a reader's own policy document; the page `/check/` makes the same.

`types/check.d.ts` describes it for the page's scripts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from msgspec import Struct

from policybook.analysis.effective_actions import GrantedBy, effective_levels, expansion
from policybook.analysis.left_over import LeftOver, left_over
from policybook.analysis.overlap import Overlap
from policybook.analysis.risks import Flag, Rulebook
from policybook.analysis.unknown_actions import UnknownAction, unknown_actions
from policybook.analysis.unsupported import Unsupported, unsupported
from policybook.analysis.wildcards import Wildcard, wildcards
from policybook.catalogue.catalogue import UNCATALOGUED, Catalogue
from policybook.catalogue.services import LEVELS
from policybook.errors import Finding
from policybook.iam.denies import Certainty
from policybook.model.documents import Document
from policybook.model.risk_rules import Rule
from policybook.output.json.flag_results import FlagResult, flag_result


class EffectiveActionResult(Struct, frozen=True):
    """An effective action: its full name, and the statements and patterns that grant it."""

    name: str
    by: tuple[GrantedBy, ...]


class LevelActionsResult(Struct, frozen=True):
    """The effective actions of one service that have an access level, in order of name."""

    level: str
    actions: tuple[EffectiveActionResult, ...]


class EffectiveServiceResult(Struct, frozen=True):
    """The effective actions of one service by level, the least risky first."""

    prefix: str
    name: str
    levels: tuple[LevelActionsResult, ...]


class LeftServiceResult(Struct, frozen=True):
    """What a boundary leaves of a service: full names of actions, and how certain each is."""

    prefix: str
    name: str
    actions: Mapping[str, Certainty]


class LeftResult(Struct, frozen=True):
    """What a boundary leaves.

    Attributes:
        exact: Whether this is exact; else it is an upper bound.
        services: What is left, by service.
        removed: The full names of effective actions that are not left, in order.
    """

    exact: bool
    services: tuple[LeftServiceResult, ...]
    removed: tuple[str, ...]


class DocumentAnswers(Struct, frozen=True):
    """What is known of a document that could be read.

    Attributes:
        services: The effective actions by service and level.
        unknown: The actions that are not in AWS's action list.
        unsupported: The patterns without effect, since no action has such a resource.
        wildcards: The action patterns with wildcards.
        risks: The risk rules that match.
        overlap: Which policies contain it, equal it, lie in it or come near.
        left: What the boundary leaves; None without a boundary.
    """

    services: tuple[EffectiveServiceResult, ...]
    unknown: tuple[UnknownAction, ...]
    unsupported: tuple[Unsupported, ...]
    wildcards: tuple[Wildcard, ...]
    risks: tuple[FlagResult, ...]
    overlap: Overlap | None
    left: LeftResult | None


class DocumentResult(Struct, frozen=True):
    """The result for a document in a file.

    Attributes:
        file: The file, as it was named.
        path: The key path of the document in the file.
        line: The line of the document.
        findings: All errors and warnings, in order of line.
        answers: What is known of the document; None if it has errors that keep it from being read.
    """

    file: str
    path: tuple[str | int, ...]
    line: int
    findings: tuple[Finding, ...]
    answers: DocumentAnswers | None


def document_answers(
    document: Document,
    rulebook: Rulebook,
    catalogue: Catalogue,
    overlap: Overlap | None,
    boundary: Document | None,
) -> DocumentAnswers:
    """What is known of a document.

    Args:
        document: The document.
        rulebook: The risk rules, prepared for the catalogue.
        catalogue: The actions that AWS has.
        overlap: Which policies overlap with it.
        boundary: The document that limits it, if any.
    """
    return DocumentAnswers(
        services=effective_services(document, catalogue),
        unknown=unknown_actions(document, catalogue),
        unsupported=unsupported(document, catalogue),
        wildcards=wildcards(document, catalogue),
        risks=risk_results(rulebook.flags(document), rulebook.rules),
        overlap=overlap,
        left=_left(left_over(document, boundary, catalogue), catalogue) if boundary else None,
    )


def risk_results(flags: Iterable[Flag], rules: Mapping[str, Rule]) -> tuple[FlagResult, ...]:
    """The results for the risk rules that match."""
    return tuple(flag_result(rules[flag.rule], flag) for flag in flags)


def effective_services(
    document: Document, catalogue: Catalogue
) -> tuple[EffectiveServiceResult, ...]:
    """The effective actions of a document by service and level, in order of full name."""
    levels = effective_levels(document, catalogue)
    found: dict[str, dict[str, list[EffectiveActionResult]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for name, by in sorted(expansion(document, catalogue).items()):
        spelled = catalogue.spelled(name) or by[0].pattern
        found[name.partition(":")[0]][levels[name]].append(EffectiveActionResult(spelled, by))
    return tuple(
        EffectiveServiceResult(
            prefix,
            catalogue.name(prefix) or "",
            tuple(
                LevelActionsResult(level, tuple(by_level[level]))
                for level in (*LEVELS, UNCATALOGUED)
                if level in by_level
            ),
        )
        for prefix, by_level in found.items()
    )


def _left(left: LeftOver, catalogue: Catalogue) -> LeftResult:
    found: dict[str, dict[str, Certainty]] = defaultdict(dict)
    for name, certainty in left.actions.items():
        found[name.partition(":")[0]][catalogue.spelled(name) or name] = certainty
    return LeftResult(
        left.exact,
        tuple(
            LeftServiceResult(prefix, catalogue.name(prefix) or "", actions)
            for prefix, actions in found.items()
        ),
        tuple(catalogue.spelled(name) or name for name in left.removed),
    )
