"""The page of a policy: what it grants, its versions and risks, and how it relates to others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from policybook.analysis.guide_drift import PrefixDrift, prefix_drift
from policybook.book.context import BookContext
from policybook.book.facts.growth import PolicyStep
from policybook.book.limits import LINKED_PATTERNS
from policybook.book.prose.kinds import KINDS, KindProse
from policybook.model.fields import partition_of
from policybook.model.policies import Policy, Version
from policybook.pages.deprecated import SuccessionPart, succession_part
from policybook.pages.overlap import OverlapView, overlap_view
from policybook.pages.page import TocItem
from policybook.pages.policy_page.accounts import AccountsPart, accounts_part
from policybook.pages.policy_page.cards import AccessCard, LastCard, access_card, last_card
from policybook.pages.policy_page.claims import ClaimPart, claim_parts
from policybook.pages.policy_page.permission_rows import PrefixPart, prefix_parts
from policybook.pages.policy_page.resource_rows import ResourcePart, resource_parts
from policybook.pages.policy_page.statement_cards import StatementCard, statement_cards
from policybook.pages.policy_page.version_pages import is_long
from policybook.pages.quotes import Quote, quotes, with_page_or_words
from policybook.pages.risks import FlagPart, flag_parts
from policybook.pages.timeline import Timeline, timeline_of


class PolicyView(Struct, frozen=True):
    """Everything that the template of a policy's page shows.

    The headings in `toc` are in a bar above the tables, which have the whole width. `brief` says
    that the document is too long for links on every pattern, and `names_linked` that there are not
    too many names of actions that wildcards match.
    """

    toc: tuple[TocItem, ...]
    policy: Policy
    kind: KindProse | None
    accounts: AccountsPart | None
    partition: str | None
    current: Version | None
    newest_known: str
    sentence: str
    access: AccessCard | None
    last: LastCard
    flags: tuple[FlagPart, ...] | None
    brief: bool
    names_linked: bool
    prefixes: tuple[PrefixPart, ...]
    unknown_notes: tuple[tuple[str, str], ...]
    resources: tuple[ResourcePart, ...]
    statements: tuple[StatementCard, ...]
    quotes: tuple[Quote, ...]
    prefix_drift: tuple[PrefixDrift, ...]
    claims: tuple[ClaimPart, ...]
    timeline: Timeline
    groups: tuple[tuple[str, str], ...]
    not_recommended: tuple[tuple[str, str], ...]
    roles: tuple[str, ...]
    limited_roles: tuple[str, ...]
    overlap: OverlapView | None
    succession: SuccessionPart
    grown: tuple[PolicyStep, ...]


def policy_view(context: BookContext, name: str) -> PolicyView:
    """Create the view of the policy with that name."""
    policy = context.book.policies[name]
    current = policy.current
    document = current.document if current else None
    uses = context.index.uses.get(name, ())
    flagged = current and context.risks.history(name).get(current.key)
    drift = prefix_drift(policy)
    groups = context.index.groups_of.get(name, ())
    prefixes = tuple(prefix_parts(context, policy, uses))
    return PolicyView(
        toc=tuple(_toc(context, policy, flagged=bool(flagged))),
        policy=policy,
        kind=KINDS.get(policy.type),
        accounts=accounts_part(context, name),
        partition=partition_of(policy.facts.arn),
        current=current,
        newest_known=_newest_known(policy),
        sentence=context.sentences.of_policy(name),
        access=access_card(context, document, uses) if document else None,
        last=last_card(context, policy),
        flags=flag_parts(context, flagged.flags) if flagged else None,
        brief=is_long(context, name),
        names_linked=sum(row.count for part in prefixes for row in part.rows) <= LINKED_PATTERNS,
        prefixes=prefixes,
        unknown_notes=tuple(_unknown_notes(policy, drift)),
        resources=tuple(resource_parts(context, uses)),
        statements=tuple(statement_cards(context, policy, uses)),
        quotes=quotes(policy, {use.prefix for use in uses}),
        prefix_drift=drift,
        claims=tuple(claim_parts(context, policy)),
        timeline=timeline_of(context, policy),
        groups=tuple((slug, context.book.groups[slug].title) for slug in groups),
        not_recommended=tuple(_not_recommended(context, name, groups)),
        roles=context.index.roles_of.get(name, ()),
        limited_roles=context.index.limited_by.get(name, ()),
        overlap=overlap_view(context, name),
        succession=succession_part(context, name),
        grown=context.growth.by_policy().get(name, ()),
    )


def _unknown_notes(policy: Policy, drift: Iterable[PrefixDrift]) -> Iterator[tuple[str, str]]:
    for d in drift:
        if d.kind == "ungranted":
            yield d.prefix, policy.facts.permissions[d.prefix]


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
    if shown.facts.id is None:
        return "Its version number and all later versions are unknown."
    newer = policy.default_id or policy.versions[0].key
    return f"The current version is {newer}; its document is unknown."


def _toc(context: BookContext, policy: Policy, *, flagged: bool) -> Iterator[TocItem]:
    known = policy.current is not None and policy.current.document is not None
    if known:
        yield TocItem("permissions", "Permissions")
        yield TocItem("resources", "Resources")
        yield TocItem("statements", "Statements")
    if context.accounts.of_policy(policy.name):
        yield TocItem("accounts", "Accounts")
    if policy.versions or not policy.deprecation.is_current:
        yield TocItem("timeline", "History")
    if flagged:
        yield TocItem("risks", "Risks")
    if known and policy.grants:
        yield TocItem("overlap", "Overlap")
    if with_page_or_words(policy):
        yield TocItem("sources", "Sources")
    yield TocItem("related", "Related")
