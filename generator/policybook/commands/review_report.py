"""What has changed in the data of a book, as text and as Markdown that fits into a comment."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from policybook.analysis.book_review import PolicyReview, RoleReview
from policybook.analysis.change_rows import change_rows
from policybook.analysis.risks import RiskChange
from policybook.book.prose.headline import NameOf, headline
from policybook.book.prose.policy_sentence import plain
from policybook.errors import Finding, one_line
from policybook.model.risk_rules import Rule
from policybook.output.sentences import row_lines, sign_of
from policybook.wording import words

# GitHub takes 65,536 characters in a comment ("Body is too long"). Bytes are never fewer; the rest
# is for what is put around the report.
MOST_BYTES = 64_000
MOST_LINES, MOST_CHARACTERS = 40, 300

# The kinds of changes, those that need a reader most first, each with its noun.
_KINDS: Mapping[str, str] = {
    "removed": "removed",
    "widened": "widened",
    "mixed": "mixed",
    "undetermined": "undetermined",
    "new": "new",
    "narrowed": "narrowed",
    "equivalent": "equivalent",
    "described": "with other facts only",
}
_RISKS = {
    "first": "risk",
    "brought": "new risk",
    "opened": "risk less limited now",
    "changed": "risk limited in a different way now",
    "tightened": "risk more limited now",
    "removed": "risk removed",
}


class Report(Struct, frozen=True):
    """What has changed; without policies and roles if one of both states has errors.

    `found` and `found_before` are the findings of the data now and before, `rules` the risk rules.
    """

    found: tuple[Finding, ...]
    found_before: tuple[Finding, ...]
    policies: tuple[PolicyReview, ...] = ()
    roles: tuple[RoleReview, ...] = ()
    rules: Mapping[str, Rule] = {}
    name_of: NameOf = str

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The errors of the data."""
        return tuple(finding for finding in self.found if finding.level == "error")

    @property
    def errors_before(self) -> tuple[Finding, ...]:
        """The errors of the data before."""
        return tuple(finding for finding in self.found_before if finding.level == "error")

    @property
    def new_warnings(self) -> tuple[Finding, ...]:
        """The warnings that the data did not have before, wherever they are in a file."""
        known = Counter(finding.reason for finding in self.found_before)
        fresh = []
        for finding in (f for f in self.found if f.level == "warning"):
            known[finding.reason] -= 1
            if known[finding.reason] < 0:
                fresh.append(finding)
        return tuple(fresh)


class Entry(Struct, frozen=True):
    """A policy or a role in the report: its name, what happened, why, and each difference."""

    kind: str
    name: str
    what: str
    notes: tuple[str, ...] = ()
    differences: tuple[str, ...] = ()


def text_lines(report: Report) -> Iterator[str]:
    """Yield the whole report as lines of text."""
    yield summary(report)
    yield from (f"  {finding}" for finding in _listed(report))
    for entry in entries(report):
        yield f"{entry.name}: {entry.what}"
        yield from (f"  {note}" for note in entry.notes)
        yield from (f"  {line}" for line in entry.differences)


def markdown_lines(report: Report) -> Iterator[str]:
    """Yield the report as Markdown of at most `MOST_BYTES` bytes, the most important part first.

    Text of the data is no markup, and refers to no person and no issue. What is left out is
    counted.
    """
    from policybook.output.markdown.text import escaped, fence  # imports Jinja, which is slow

    left = MOST_BYTES - 500  # for the last lines
    blocks = [f"### {escaped(summary(report))}"]
    if listed := [_cut(str(finding)) for finding in _listed(report)]:
        blocks.append(fence("\n".join(_first(listed))))
    blocks += [_block(entry) for entry in entries(report)]
    for number, block in enumerate(blocks):
        left -= len(block.encode()) + 2
        if left < 0:
            rest = words(len(blocks) - number, "more entry", "more entries")
            yield f"… and {rest}, which do not fit here. `policybook review` lists all."
            return
        yield f"{block}\n"


def _block(entry: Entry) -> str:
    from policybook.output.markdown.text import code, escaped, fence

    parts = [f"#### {code(_cut(entry.name))}: {escaped(entry.what)}"]
    if entry.notes:
        parts.append("\n".join(f"- {_harmless(_cut(note))}" for note in _first(entry.notes)))
    if entry.differences:
        parts.append(fence("\n".join(_first([_cut(d) for d in entry.differences])), "diff"))
    return "\n\n".join(parts)


def _harmless(text: str) -> str:
    """A text that refers to nothing: as code if a part of it could be a link or a mention."""
    from policybook.output.markdown.text import code, escaped

    return code(text) if re.search(r"[@#]|://|www\.|GH-", text, re.IGNORECASE) else escaped(text)


def _first(lines: Iterable[str]) -> list[str]:
    found = list(lines)
    more = len(found) - MOST_LINES
    return found if more <= 0 else [*found[:MOST_LINES], f"… and {words(more, 'more line')}"]


def _cut(line: str) -> str:
    line = one_line(line)
    return line if len(line) <= MOST_CHARACTERS else f"{line[: MOST_CHARACTERS - 1]}…"


def summary(report: Report) -> str:
    """Say in one line how many policies and roles changed, and how."""
    if report.errors:
        return f"The data has {words(len(report.errors), 'error')}; it is not compared"
    if report.errors_before:
        count = words(len(report.errors_before), "error")
        return f"The data had {count} before, and has none now; it is not compared"
    kinds = Counter(_kind(policy) for policy in report.policies)
    counts = [f"{kinds[kind]} {noun}" for kind, noun in _KINDS.items() if kinds[kind]]
    parts = []
    if counts:
        parts.append(f"{words(kinds.total(), 'policy', 'policies')}: {', '.join(counts)}")
    if report.roles:
        parts.append(words(len(report.roles), "role"))
    if report.new_warnings:
        parts.append(words(len(report.new_warnings), "new warning"))
    return "; ".join(parts) or "No policy and no role changes"


def _listed(report: Report) -> tuple[Finding, ...]:
    """The findings to show: the errors, else the new warnings."""
    return report.errors or (() if report.errors_before else report.new_warnings)


def entries(report: Report) -> tuple[Entry, ...]:
    """The policies, those first that need a reader most, then the roles."""
    order = list(_KINDS)
    policies = (_policy(policy, report.rules, report.name_of) for policy in report.policies)
    return (
        *sorted(policies, key=lambda entry: order.index(entry.kind)),
        *map(_role, report.roles),
    )


def _kind(policy: PolicyReview) -> str:
    if policy.new is None:
        return "removed"
    if policy.old is None:
        return "new"
    verdict = policy.compared.change.verdict if policy.compared else "identical"
    return "described" if verdict == "identical" else verdict


def _policy(policy: PolicyReview, rules: Mapping[str, Rule], name_of: NameOf) -> Entry:
    kind, compared = _kind(policy), policy.compared
    rows = change_rows(compared.change.gained, compared.change.lost) if compared else ()
    notes = [
        *([f"{plain(headline(rows, name_of))}."] if rows else []),
        *(f"{_RISKS[risk.kind]}: {_risk(risk, rules)}" for risk in policy.risks),
        *(f"{key}: the document of this version was rewritten" for key in policy.rewritten),
        *(f"{key}: this version was dropped" for key in policy.dropped),
        *_states(policy),
        *(compared.change.undecided if compared else ()),
    ]
    differences = [
        f"{sign if place == 0 else ' '} {line}"
        for row in rows
        for sign in [sign_of(row)]
        for place, line in enumerate(row_lines(row))
    ]
    return Entry(kind, policy.name, _what(policy, kind), tuple(notes), tuple(differences))


def _what(policy: PolicyReview, kind: str) -> str:
    was, now = (
        p.current.key if p and p.current else "no document" for p in (policy.old, policy.new)
    )
    match kind:
        case "removed":
            return "removed from the book"
        case "new":
            return f"new policy, {now}"
        case "described":
            return "the document is the same, other facts changed"
        case _:
            return f"{kind}, {was} → {now}" if was != now else f"{kind}, {now}"


def _risk(risk: RiskChange, rules: Mapping[str, Rule]) -> str:
    limits = (limit for limit in (risk.before, risk.after) if limit)
    parts = ["open" if limit == "none" else limit for limit in limits]
    return f"{rules[risk.rule].title} ({' → '.join(dict.fromkeys(parts))})"


def _states(policy: PolicyReview) -> Iterator[str]:
    """Yield whether the policy became another kind, or deprecated."""
    if policy.old and policy.new and policy.old.type != policy.new.type:
        yield f"type: {policy.old.type} → {policy.new.type}"
    was, now = (p.deprecation.state if p else "current" for p in (policy.old, policy.new))
    if was != now and policy.new:
        yield f"state: {was} → {now}"


def _role(role: RoleReview) -> Entry:
    what = (
        "removed role" if role.new is None else "new role" if role.old is None else "changed role"
    )
    differences = (*(f"+ {name}" for name in role.gained), *(f"- {name}" for name in role.lost))
    notes = tuple(_limits(role))
    if role.old and role.new and not (notes or differences):
        what = "the policies of this role are the same, other facts changed"
    return Entry("role", role.name, what, notes, differences)


def _limits(role: RoleReview) -> Iterator[str]:
    """Yield what changed in a role that is on both sides, beside its policies."""
    if role.old and role.new:
        was, now = role.old.boundary, role.new.boundary
        if was != now:
            yield f"permissions boundary: {was or 'none'} → {now or 'none'}"
        if role.old.trust != role.new.trust:
            yield "the trust policy changed, which says who may assume the role"
        for what, had, has in (
            ("accounts", role.old.accounts, role.new.accounts),
            ("roles that it passes", role.old.passes, role.new.passes),
        ):
            if had != has:
                yield f"{what}: {', '.join(had) or 'none'} → {', '.join(has) or 'none'}"
