"""The page of a policy: its grants by service and by resource, its statements and versions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from policybook.analysis.change_rows import ChangeRow, change_rows
from policybook.analysis.guide_drift import ClaimDrift, PrefixDrift, claim_drift, prefix_drift
from policybook.analysis.index import Use, term_order
from policybook.analysis.last_change import LastChange
from policybook.analysis.since import Start
from policybook.book.context import BookContext
from policybook.book.facts.growth import PolicyStep
from policybook.book.facts.levels import ANY, Level, effective, is_open
from policybook.book.facts.statements import UseRow
from policybook.book.limits import SCOPED_ROWS
from policybook.catalogue.catalogue import Scope
from policybook.iam.grants import EVERYTHING, single_terms
from policybook.iam.patterns import has_wildcard
from policybook.model.changes import Verdict
from policybook.model.documents import Document, Statement, Term
from policybook.model.fields import partition_of
from policybook.model.policies import Claim, Policy, Version
from policybook.pages.deprecated import SuccessionPart, succession_part
from policybook.pages.overlap import OverlapView, overlap_view
from policybook.pages.page import TocItem
from policybook.pages.quotes import Quote, notes_on, quotes, with_page_or_words
from policybook.pages.risks import FlagPart, flag_parts
from policybook.pages.timeline import Timeline, timeline_of


class Glance(Struct, frozen=True):
    """The figures at the top of a policy's page.

    `unmatched` are the wildcard patterns that match no action and are not counted in `actions`.
    """

    levels: tuple[Level, ...]
    actions: int
    unmatched: tuple[str, ...]
    services: int
    statements: int
    conditional: int
    denied: int
    wildcards: int
    unconditional: int
    passes_roles: bool
    upper_bound: bool
    everything: bool


class PrefixPart(Struct, frozen=True):
    """What the policy grants of one service; `note` is ours, `quotes` are words of sources."""

    prefix: str
    title: str
    note: str
    quotes: tuple[Quote, ...]
    levels: tuple[Level, ...]
    rows: tuple[UseRow, ...]


class ScopedRow(Struct, frozen=True, eq=False):
    """A row, and how many of its actions on `*` could be limited to a resource."""

    row: UseRow
    scope: Scope


class ResourcePart(Struct, frozen=True):
    """What the policy grants on one resource pattern.

    For `*`, `scope` counts the actions that could be limited to a resource; `scoped` has the same
    for each row, unless there are more than `SCOPED_ROWS`.
    """

    term: Term
    rows: tuple[UseRow, ...]
    scope: Scope | None = None
    scoped: tuple[ScopedRow, ...] = ()


class StandingPart(Struct, frozen=True):
    """Action patterns of a statement that stand in their form since the same version.

    There are none for NotAction.
    """

    start: Start
    patterns: tuple[str, ...]


class ClaimPart(Struct, frozen=True):
    """A claim of an AWS guide, and what the document changes of it."""

    claim: Claim
    verdict: Verdict
    changed: tuple[ChangeRow, ...]


class PolicyView(Struct, frozen=True):
    """Everything that the template of a policy's page shows.

    `standing` says since when the parts of each statement stand in their form, by its number.
    """

    toc: tuple[TocItem, ...]
    policy: Policy
    partition: str | None
    current: Version | None
    newest_known: str
    sentence: str
    last: LastChange
    glance: Glance | None
    flags: tuple[FlagPart, ...] | None
    prefixes: tuple[PrefixPart, ...]
    unknown_notes: tuple[tuple[str, str], ...]
    resources: tuple[ResourcePart, ...]
    statements: tuple[Statement, ...]
    standing: Mapping[int, tuple[StandingPart, ...]]
    quotes: tuple[Quote, ...]
    prefix_drift: tuple[PrefixDrift, ...]
    claims: tuple[ClaimPart, ...]
    timeline: Timeline
    groups: tuple[tuple[str, str], ...]
    not_recommended: tuple[tuple[str, str], ...]
    roles: tuple[str, ...]
    overlap: OverlapView | None
    succession: SuccessionPart
    grown: tuple[PolicyStep, ...]


def policy_view(context: BookContext, name: str) -> PolicyView:
    """Create the view of the policy with that name."""
    policy = context.book.policies[name]
    current = policy.current
    document = current.document if current else None
    uses = context.index.uses.get(name, ())
    risks = context.risks.history(name)
    flagged = current and risks.get(current.key)
    drift = prefix_drift(policy)
    claims = tuple(_claims(claim_drift(policy, context.catalogue)))
    groups = context.index.groups_of.get(name, ())
    related = bool(groups or context.index.roles_of.get(name) or policy.facts.links)
    return PolicyView(
        toc=tuple(_toc(policy, document, bool(flagged), bool(drift or claims), related)),
        policy=policy,
        partition=partition_of(policy.facts.arn),
        current=current,
        newest_known=_newest_known(policy),
        sentence=context.sentences.of_policy(name),
        last=context.policy_lines.of(name).last,
        glance=_glance(context, document, uses) if document else None,
        flags=flag_parts(context, flagged.flags) if flagged else None,
        prefixes=tuple(_prefixes(context, policy, uses)),
        unknown_notes=tuple(_unknown_notes(policy, drift)),
        resources=tuple(_resources(context, uses)),
        statements=document.statements if document else (),
        standing=dict(_standing(context, policy)),
        quotes=quotes(policy, {use.prefix for use in uses}),
        prefix_drift=drift,
        claims=claims,
        timeline=timeline_of(context, policy, risks),
        groups=tuple((slug, context.book.groups[slug].title) for slug in groups),
        not_recommended=tuple(_not_recommended(context, name, groups)),
        roles=context.index.roles_of.get(name, ()),
        overlap=overlap_view(context, name),
        succession=succession_part(context, name),
        grown=context.growth.by_policy().get(name, ()),
    )


def _unknown_notes(policy: Policy, drift: Iterable[PrefixDrift]) -> Iterator[tuple[str, str]]:
    for d in drift:
        if d.kind == "ungranted":
            yield d.prefix, policy.facts.permissions[d.prefix]


def _standing(
    context: BookContext, policy: Policy
) -> Iterator[tuple[int, tuple[StandingPart, ...]]]:
    """Yield the parts of each statement of the current document by its number, oldest first."""
    current, forms = policy.current, context.history.current_forms(policy.name)
    if not current or not current.document or not forms:
        return
    for s in current.document.statements:
        found: dict[Start, list[str]] = defaultdict(list)
        for pattern, start in forms.of(s.effect, s.actions, s.resources, s.condition).items():
            found[start] += [pattern] if pattern else []
        ordered = sorted(found.items(), key=lambda item: item[0].place)
        yield s.number, tuple(StandingPart(start, tuple(names)) for start, names in ordered)


def _not_recommended(
    context: BookContext, name: str, groups: Iterable[str]
) -> Iterator[tuple[str, str]]:
    for slug in groups:
        if name in context.book.groups[slug].not_recommended:
            yield slug, context.book.groups[slug].title


def _newest_known(policy: Policy) -> str:
    """Say why the version shown may not be the current one; "" if it is."""
    shown = policy.current
    if shown is None or policy.is_default(shown):
        return ""
    if shown.number is None:
        return "Its version number and all later versions are unknown."
    newer = policy.default_id or policy.versions[0].key
    return f"The current version is {newer}; its document is unknown."


def _toc(
    policy: Policy, document: Document | None, flagged: bool, drift: bool, related: bool
) -> Iterator[TocItem]:
    if flagged:
        yield TocItem("risks", "Risks")
    if document:
        yield TocItem("permissions", "Permissions by service")
        yield TocItem("resources", "Resource patterns")
        yield TocItem("statements", "Statements")
    if with_page_or_words(policy):
        yield TocItem("sources", "What the sources say")
    if drift:
        yield TocItem("drift", "AWS guide vs. policy document")
    if policy.versions:
        yield TocItem("timeline", "Timeline")
    if document:
        yield TocItem("overlap", "Overlap")
    yield TocItem("related", "Related pages and downloads" if related else "Downloads")


def _glance(context: BookContext, document: Document, uses: tuple[Use, ...]) -> Glance:
    allowed = [use for use in uses if use.effect == "Allow"]
    levels = context.levels.of_part(uses[0].policy, uses) if uses else ()
    patterns = {p for use in allowed if not use.actions.negated for p in use.actions.patterns}
    return Glance(
        levels=levels,
        actions=sum(level.count for level in levels),
        unmatched=context.levels.unmatched(uses[0].policy) if uses else (),
        services=len({use.prefix for use in allowed}),
        statements=len(document.statements),
        conditional=sum(bool(s.condition) for s in document.statements),
        denied=sum(s.effect == "Deny" for s in document.statements),
        wildcards=sum(map(has_wildcard, patterns)),
        unconditional=len({use.statement for use in allowed if is_open(use)}),
        passes_roles="iam:passrole" in effective(context.catalogue, allowed, uses),
        upper_bound=any(use.condition or "*" not in use.resources.patterns for use in allowed),
        everything=any(use.prefix == EVERYTHING for use in allowed),
    )


def _prefixes(context: BookContext, policy: Policy, uses: tuple[Use, ...]) -> Iterator[PrefixPart]:
    by_prefix: dict[str, list[Use]] = defaultdict(list)
    for use in uses:
        by_prefix[use.prefix].append(use)
    for prefix, found in sorted(by_prefix.items()):
        yield PrefixPart(
            prefix=prefix,
            title="All services" if prefix == EVERYTHING else context.catalogue.name(prefix) or "",
            note=policy.facts.permissions.get(prefix, ""),
            quotes=notes_on(policy, prefix),
            levels=context.levels.of_part(policy.name, found),
            rows=tuple(context.statements.row(use) for use in found),
        )


def _resources(context: BookContext, uses: tuple[Use, ...]) -> Iterator[ResourcePart]:
    by_term: dict[Term, list[Use]] = defaultdict(list)
    for use in uses:
        for term in single_terms(use.resources):
            by_term[term].append(use)
    for term in sorted(by_term, key=term_order):
        found = by_term[term]
        rows = tuple(context.statements.row(use) for use in found)
        if term == ANY:
            scopes = tuple(_scopes(context, found)) if 1 < len(found) <= SCOPED_ROWS else ()
            yield ResourcePart(term, rows, context.levels.scope_on_any(found[0].policy), scopes)
        else:
            yield ResourcePart(term, rows)


def _scopes(context: BookContext, uses: Iterable[Use]) -> Iterator[ScopedRow]:
    for use in uses:
        yield ScopedRow(context.statements.row(use), context.levels.scope_of(use.policy, (use,)))


def _claims(found: Iterable[ClaimDrift]) -> Iterator[ClaimPart]:
    for drift in found:
        change = drift.change
        rows = change_rows(change.gained, change.lost)
        yield ClaimPart(drift.claim, change.verdict, rows)
