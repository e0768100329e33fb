"""The pages about topics: list of policies, groups, guides, roles and about."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from msgspec import Struct, to_builtins

from policybook.analysis.index import slices
from policybook.book.change_lines import ChangeLine
from policybook.book.context import BookContext
from policybook.book.facts.policy_lines import PolicyLine
from policybook.book.facts.removals import RemovalEntry
from policybook.book.facts.statements import UseRow
from policybook.book.prose.glossary import TERMS, VERDICTS, Meaning
from policybook.book.prose.introduction import introduction
from policybook.iam.statements import document_of
from policybook.lists.policies import boundaries_list, policies_list
from policybook.lists.table import ListTable
from policybook.model.book import BookFile, Group, Guide, ImportedSource, Section
from policybook.model.roles import Role
from policybook.pages.page import TocItem


class PoliciesView(Struct, frozen=True):
    """The list of all policies that grant something.

    `deprecated` says whether some policies are not current, `limiting` how many grant nothing.
    """

    toc: tuple[TocItem, ...]
    table: ListTable
    deprecated: bool
    limiting: int


class BoundariesView(Struct, frozen=True):
    """The list of the policies that grant nothing."""

    toc: tuple[TocItem, ...]
    table: ListTable


class GroupsView(Struct, frozen=True):
    """The list of groups."""

    toc: tuple[TocItem, ...]
    groups: tuple[tuple[str, Group], ...]


class GroupView(Struct, frozen=True):
    """A group's page."""

    toc: tuple[TocItem, ...]
    slug: str
    group: Group
    policies: tuple[PolicyLine, ...]
    not_recommended: tuple[PolicyLine, ...]
    roles: tuple[Role, ...]
    guides: tuple[tuple[str, Guide], ...]
    updates: tuple[ChangeLine, ...]
    removals: tuple[RemovalEntry, ...]


class GuidesView(Struct, frozen=True):
    """The list of guides."""

    toc: tuple[TocItem, ...]
    guides: tuple[tuple[str, Guide], ...]


class SectionPart(Struct, frozen=True):
    """A section of a guide, with the statements of its snippet as rows and as JSON."""

    anchor: str
    section: Section
    rows: tuple[UseRow, ...]
    source: str


class GuideView(Struct, frozen=True):
    """A guide's page."""

    toc: tuple[TocItem, ...]
    guide: Guide
    sections: tuple[SectionPart, ...]
    groups: tuple[tuple[str, Group], ...]


class AboutView(Struct, frozen=True):
    """Where the data comes from, and how to read it. `groups` are the topics with sources.

    `documents` is the number of versions with a document, `by_date` that of versions of which only
    the date is known, `gaps` that of missing version numbers.
    """

    toc: tuple[TocItem, ...]
    facts: BookFile
    introduction: tuple[str, ...]
    groups: tuple[tuple[str, Group], ...]
    sources: Mapping[str, ImportedSource]
    data_to: date | None
    catalogue_date: str
    catalogue_source: str
    documents: int
    by_date: int
    gaps: int
    terms: tuple[Meaning, ...]
    verdicts: tuple[Meaning, ...]


def policies_view(context: BookContext) -> PoliciesView:
    """Create the view of all policies, by name, ignoring case."""
    states = {policy.deprecation.state for policy in context.book.policies.values()}
    limiting = len(context.book.limiting)
    return PoliciesView((), policies_list(context), bool(states - {"current"}), limiting)


def boundaries_view(context: BookContext) -> BoundariesView:
    """Create the view of the policies that grant nothing, by name, ignoring case."""
    return BoundariesView((), boundaries_list(context))


def groups_view(context: BookContext) -> GroupsView:
    """Create the view of all groups."""
    return GroupsView((), tuple(context.book.groups.items()))


def group_view(context: BookContext, slug: str) -> GroupView:
    """Create the view of one group."""
    group = context.book.groups[slug]
    toc = [TocItem("policies", "Policies")]
    toc += [TocItem("not-recommended", "Not recommended")] if group.not_recommended else []
    toc += [TocItem("roles", "Roles")] if group.roles else []
    toc.append(TocItem("updates", "Updates"))
    removals = context.removals.all_entries(group.policies)
    toc += [TocItem("removals", "Removed permissions")] if removals else []
    related = group.guides or group.sources or group.links
    toc += [TocItem("related", "Guides and links")] if related else []
    return GroupView(
        toc=tuple(toc),
        slug=slug,
        group=group,
        policies=tuple(context.policy_lines.of(name) for name in group.policies),
        not_recommended=tuple(context.policy_lines.of(name) for name in group.not_recommended),
        roles=tuple(context.book.roles[name] for name in group.roles),
        guides=tuple((guide, context.book.guides[guide]) for guide in group.guides),
        updates=context.events.of_group(slug),
        removals=removals,
    )


def guides_view(context: BookContext) -> GuidesView:
    """Create the view of all guides."""
    return GuidesView((), tuple(context.book.guides.items()))


def guide_view(context: BookContext, slug: str) -> GuideView:
    """Create the view of one guide."""
    guide = context.book.guides[slug]
    parts = tuple(_sections(context, guide))
    return GuideView(
        toc=tuple(TocItem(part.anchor, part.section.title) for part in parts),
        guide=guide,
        sections=parts,
        groups=tuple((s, g) for s, g in context.book.groups.items() if slug in g.guides),
    )


def _sections(context: BookContext, guide: Guide) -> Iterator[SectionPart]:
    for number, section in enumerate(guide.sections, 1):
        rows: tuple[UseRow, ...] = ()
        source = ""
        if section.snippet:
            plain = to_builtins(section.snippet.statements)
            document = document_of(section.snippet.statements, {"Statement": plain})
            rows = tuple(context.statements.row(use) for use in slices("", document))
            source = json.dumps(
                plain[0] if len(plain) == 1 else plain, indent=2, ensure_ascii=False
            )
        yield SectionPart(f"section-{number}", section, rows, source)


class ProseEntry(Struct, frozen=True):
    """A text for the full-text search, as escaped HTML."""

    location: str
    title: str
    text: str


def prose(context: BookContext) -> Iterator[ProseEntry]:
    """Yield the texts of groups and guides for the full-text search."""
    for slug, group in context.book.groups.items():
        yield ProseEntry(f"groups/{slug}/", html.escape(group.title), _plain(group.introduction))
    for slug, guide in context.book.guides.items():
        yield ProseEntry(f"guides/{slug}/", html.escape(guide.title), _plain([guide.summary]))
        for part in _sections(context, guide):
            texts = (*part.section.text, *part.section.points, *part.section.steps)
            yield ProseEntry(
                f"guides/{slug}/#{part.anchor}", html.escape(part.section.title), _plain(texts)
            )


def _plain(texts: Iterable[str]) -> str:
    return html.escape(" ".join(texts).replace("`", ""))


def about_view(context: BookContext) -> AboutView:
    """Create the view of the page about this site."""
    versions = [v for p in context.book.policies.values() for v in p.versions]
    transitions = [t for found in context.index.transitions.values() for t in found]
    toc = (
        TocItem("sources", "Where the data comes from"),
        TocItem("terms", "Terms"),
        TocItem("verdicts", "How verdicts are reached"),
        TocItem("limits", "Limits"),
        TocItem("reuse", "Feeds, CSV and JSON"),
        TocItem("using", "Keyboard, links and print"),
        TocItem("mistakes", "Mistakes"),
    )
    return AboutView(
        toc=toc,
        facts=context.book.facts,
        introduction=introduction(context),
        groups=tuple((slug, group) for slug, group in context.book.groups.items() if group.sources),
        sources=context.book.sources,
        data_to=context.book.data_to,
        catalogue_date=context.catalogue.date,
        catalogue_source=context.catalogue.source,
        documents=sum(v.document is not None for v in versions),
        by_date=sum(v.document is None for v in versions),
        gaps=sum(t.gap for t in transitions),
        terms=TERMS,
        verdicts=VERDICTS,
    )
