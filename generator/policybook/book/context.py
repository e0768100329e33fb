"""The parts that pages are made of, and how they come from the model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import Literal

from msgspec import Struct

from policybook.analysis.catalogue_growth import PolicyGrowth, Widening, widening
from policybook.analysis.effective_actions import Certainty, Span, Strength, strengths
from policybook.analysis.evidence import EvidenceRow
from policybook.analysis.index import Index, Use, slices
from policybook.analysis.overlap import Overlap
from policybook.analysis.passrole import Passing, Principal, passings, principals
from policybook.analysis.removals import Removal
from policybook.analysis.risks import Rulebook, VersionRisks
from policybook.analysis.successors import Succession, Successor, successors
from policybook.book.change_lines import ChangeLine, Touched
from policybook.book.limits import EXPANDED_NAMES, LINKED_PATTERNS
from policybook.catalogue.catalogue import UNCATALOGUED, Catalogue, Scope
from policybook.catalogue.services import LEVELS
from policybook.iam.grants import EVERYTHING
from policybook.iam.mitigation import Mitigation
from policybook.iam.patterns import has_wildcard, term_covers
from policybook.model.book import Book
from policybook.model.changes import Verdict
from policybook.model.documents import Clause, Term
from policybook.model.fields import Effect
from policybook.model.policies import Policy, Version

How = Literal["named", "pattern", "service", "everything"]


class BookContext(Struct, frozen=True, dict=True):
    """What every page is made from; the mappings remember what several pages show.

    Actions have pages of their own where their full names match one of `action_pages`. `before` is
    an older catalogue, to tell what wildcards have gained since.
    """

    book: Book
    index: Index
    catalogue: Catalogue
    action_pages: tuple[str, ...] = ("*",)
    before: Catalogue | None = None
    items: dict[str, ActionItem] = {}
    rows: dict[tuple[str, int, str], UseRow] = {}
    levels: dict[str, dict[str, tuple[Level, ...]]] = {}
    service_levels: dict[str, tuple[Level, ...]] = {}
    services: dict[str, Mapping[str, str]] = {}
    granting: dict[str, Mapping[str, int]] = {}
    named_by: dict[str, tuple[str, ...]] = {}
    named_ever: dict[str, tuple[str, ...]] = {}
    spans: dict[str, Mapping[str, tuple[Span, ...]]] = {}
    tallies: dict[str, dict[str, Tally]] = {}
    actions_changed: dict[str, dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {}
    lines: list[ChangeLine] = []
    evidence: dict[tuple[str, str], tuple[tuple[EvidenceRow, ...], tuple[EvidenceRow, ...]]] = {}
    touched: dict[str, Mapping[str, Touched]] = {}
    pattern_levels: dict[str, frozenset[str]] = {}
    removals: dict[str, tuple[Removal, ...]] = {}
    granted: dict[str, Mapping[str, tuple[Granted, ...]]] = {}
    all_services: list[tuple[Use, Term, Callable[[str, str], Certainty]]] = []
    rows_of_all: dict[tuple[str, int, Certainty], GrantRow] = {}
    ever: dict[str, EverGranted] = {}
    retired: dict[str, tuple[str, ...]] = {}
    families: dict[str, Mapping[tuple[str, ...], list[str]]] = {}
    scopes: dict[str, Scope] = {}
    types: dict[str, tuple[str, ...]] = {}
    keys: dict[str, tuple[str, ...]] = {}
    overlaps: dict[str, Overlap] = {}
    history: dict[str, Mapping[str, VersionRisks]] = {}
    met: dict[str, Mapping[str, Mitigation]] = {}
    successions: dict[str, Succession | None] = {}

    @cached_property
    def rulebook(self) -> Rulebook:
        """The book's risk rules, ready for the catalogue."""
        return Rulebook(self.book.rules, self.catalogue)

    @cached_property
    def widening(self) -> Widening | None:
        """What wildcards gained since the older catalogue, where there is one."""
        policies = self.book.policies.values()
        return widening(policies, self.before, self.catalogue) if self.before else None

    @cached_property
    def grown(self) -> Mapping[str, PolicyGrowth]:
        """The same by policy."""
        return {g.policy: g for g in self.widening.policies} if self.widening else {}

    @cached_property
    def everything(self) -> tuple[str, ...]:
        """The policies with statements about every service, by name."""
        return tuple(sorted({use.policy for use in self.index.services.get(EVERYTHING, ())}))

    @cached_property
    def successors(self) -> Mapping[str, Successor]:
        """The successors of deprecated policies."""
        return successors(self.book)

    @cached_property
    def succeeds(self) -> Mapping[str, tuple[str, ...]]:
        """The deprecated policies that a policy succeeds, by its name."""
        found: dict[str, tuple[str, ...]] = {}
        for name, successor in self.successors.items():
            found[successor.name] = (*found.get(successor.name, ()), name)
        return found

    @cached_property
    def passings(self) -> tuple[Passing, ...]:
        """Every statement that lets roles be passed, by policy."""
        return passings(self.book, self.index)

    @cached_property
    def principals(self) -> Mapping[str, tuple[Principal, ...]]:
        """The services to which roles are passed, by service prefix."""
        return principals(self.index)


class Tally(Struct, frozen=True):
    """The effective actions of a version by level, and those gained and lost with it."""

    actions: tuple[Level, ...]
    gained: tuple[Level, ...]
    lost: tuple[Level, ...]


class GrantRow(Struct, frozen=True, eq=False):
    """A statement's part that grants an action, ready to show; there is one row for what is alike.

    `patterns` are the wildcards through which it does, and `by_name` says whether it names it too;
    neither holds for everything but others. `since` is the oldest version from which on the known
    documents granted the action, or None where a Deny takes it away.
    """

    use: Use
    patterns: tuple[str, ...]
    by_name: bool
    certainty: Certainty
    since: Version | None

    @property
    def strengths(self) -> tuple[Strength, ...]:
        """What kinds of condition the statement has; none where it has none."""
        return strengths(self.use.condition) if self.use.condition else ()


class Granted(Struct, frozen=True, eq=False):
    """The row of an action, and the patterns of the statement that name it, as they are written."""

    row: GrantRow
    patterns: tuple[str, ...]


class EverGranted(Struct, frozen=True):
    """An action as the catalogue spells it, or the documents do; and who ever granted it, by name.

    Policies with a statement about every service count only with what they name.
    """

    name: str
    policies: tuple[str, ...]


class TocItem(Struct, frozen=True):
    """A heading of a page for the table of contents."""

    anchor: str
    title: str


class Level(Struct, frozen=True):
    """How many actions of an access level; `style` is the level as a word for style sheets."""

    name: str
    count: int

    @property
    def style(self) -> str:
        """The level's first word in lower case."""
        return self.name.split()[0].lower()


class ActionItem(Struct, frozen=True, eq=False):
    """An action pattern as the document writes it, and what it stands for in the catalogue.

    There is one item for each pattern, so that items can be told apart without comparing them.
    """

    text: str
    how: How
    level: str
    count: int
    names: tuple[str, ...] = ()

    @property
    def style(self) -> str:
        """The level's first word in lower case; `several` for a mixture."""
        return self.level.split()[0].lower() if self.level else "several"


class UseRow(Struct, frozen=True, eq=False):
    """A statement's part for one prefix, ready to show; there is one row for each.

    `linked` says whether its actions are links: those of a policy of very many would weigh much.
    """

    policy: str
    prefix: str
    effect: Effect
    negated: bool
    actions: tuple[ActionItem, ...]
    resources: Term
    condition: tuple[Clause, ...]
    statement: int
    linked: bool


class PolicyLine(Struct, frozen=True):
    """A policy in a list."""

    name: str
    type: str
    version: str
    updated: date | None
    services: int
    levels: tuple[Level, ...]
    verdict: Verdict | None
    deprecated: bool
    summary: str
    everything: bool


def effective(
    catalogue: Catalogue, uses: Iterable[Use], all_uses: Iterable[Use] | None = None
) -> Mapping[str, str]:
    """The effective actions that the Allow uses name, full names in lower case, with their levels.

    What an unconditional Deny of the policy takes away on all the resources of an Allow is left
    out. `all_uses` are those of the whole policy, where `uses` are only a part of it.
    """
    allowed = [use for use in uses if use.effect == "Allow"]
    denied = [u for u in (all_uses or uses) if u.effect == "Deny" and not u.condition]
    named: dict[str, str] = {}
    for use in allowed:
        found = catalogue.named(use.actions)
        for other in denied:
            if other.policy == use.policy and term_covers(other.resources, use.resources):
                found = catalogue.without(found, other.actions)
        named.update(found)
    return named


def levels_of(
    catalogue: Catalogue, uses: Iterable[Use], all_uses: Iterable[Use] | None = None
) -> tuple[Level, ...]:
    """How many effective actions of each level the Allow uses name, weakest level first."""
    return counted(effective(catalogue, uses, all_uses))


def counted(actions: Mapping[str, str]) -> tuple[Level, ...]:
    """How many of the actions are of each level, weakest level first."""
    counts = dict.fromkeys((*LEVELS, UNCATALOGUED), 0)
    counts.update(Counter(actions.values()))
    return tuple(Level(name, count) for name, count in counts.items() if count)


def part_levels(context: BookContext, policy: str, uses: Iterable[Use]) -> tuple[Level, ...]:
    """`levels_of` some uses of a policy's current document, beside all of that document's."""
    listed = tuple(uses)
    known = context.levels.setdefault(policy, {})
    key = " ".join([f"{use.statement}:{use.prefix}" for use in listed])
    if key not in known:
        known[key] = levels_of(context.catalogue, listed, context.index.uses[policy])
    return known[key]


def version_levels(context: BookContext, policy: Policy, version: Version) -> tuple[Level, ...]:
    """`levels_of` all that a version of the policy grants."""
    if version is policy.current:
        return part_levels(context, policy.name, context.index.uses.get(policy.name, ()))
    document = version.document
    return levels_of(context.catalogue, tuple(slices(policy.name, document))) if document else ()


def action_item(context: BookContext, pattern: str) -> ActionItem:
    """The pattern with its level and the number of catalogued actions behind it."""
    if pattern not in context.items:
        context.items[pattern] = _action_item(context.catalogue, pattern)
    return context.items[pattern]


def _action_item(catalogue: Catalogue, pattern: str) -> ActionItem:
    if pattern in ("*", "*:*"):
        return ActionItem(pattern, "everything", "", 0)
    found = catalogue.expand(pattern)
    levels = {action.level for action in found}
    if not has_wildcard(pattern):
        return ActionItem(pattern, "named", found[0].level if found else UNCATALOGUED, len(found))
    how: How = "service" if pattern.endswith(":*") else "pattern"
    names = tuple(action.name for action in found) if len(found) <= EXPANDED_NAMES else ()
    level = UNCATALOGUED if not found else levels.pop() if len(levels) == 1 else ""
    return ActionItem(pattern, how, level, len(found), names)


def use_row(context: BookContext, use: Use) -> UseRow:
    """The use ready to show."""
    key = (use.policy, use.statement, use.prefix)
    if not use.policy or key not in context.rows:
        context.rows[key] = _use_row(context, use)
    return context.rows[key]


def _use_row(context: BookContext, use: Use) -> UseRow:
    patterns = use.actions.patterns
    items = [action_item(context, pattern) for pattern in patterns]
    return UseRow(
        use.policy,
        use.prefix,
        use.effect,
        use.actions.negated,
        tuple(sorted(items, key=_strongest_first)),
        use.resources,
        use.condition,
        use.statement,
        sum(len(u.actions.patterns) for u in context.index.uses.get(use.policy, ()))
        <= LINKED_PATTERNS,
    )


_ORDER = {level: -place for place, level in enumerate((*LEVELS, "", UNCATALOGUED))}


def _strongest_first(item: ActionItem) -> tuple[int, str]:
    return _ORDER[item.level], item.text.lower()


def policy_line(context: BookContext, name: str) -> PolicyLine:
    """The policy as a line of a list."""
    policy = context.book.policies[name]
    uses = context.index.uses.get(name, ())
    last = next((t for t in context.index.stories[name] if t.change), None)
    return PolicyLine(
        name=name,
        type=policy.facts.type,
        version=policy.current.key if policy.current else "",
        updated=policy.updated,
        services=len({use.prefix for use in uses if use.effect == "Allow"}),
        levels=part_levels(context, name, uses) if uses else (),
        verdict=last.change.verdict if last and last.change else None,
        deprecated=policy.facts.deprecated is not None,
        summary=policy.facts.summary or "",
        everything=any(u.prefix == EVERYTHING and u.effect == "Allow" for u in uses),
    )


def is_open(use: Use) -> bool:
    """Whether the statement allows on the resource `*` without any condition."""
    return use.effect == "Allow" and not use.condition and "*" in use.resources.patterns


def display_key(spellings: Iterable[str]) -> str:
    """A condition key as most documents spell it, a tag's own key as `<key>`."""
    counts = Counter(map(_without_tag, spellings))
    return min(counts, key=lambda k: (-counts[k], k))


def _without_tag(key: str) -> str:
    head, slash, _ = key.partition("/")
    return f"{head}/<key>" if slash and head.lower().endswith("tag") else key
