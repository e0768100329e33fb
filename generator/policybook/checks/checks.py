"""Rules over the whole book: each is a generator of findings, and one list names them all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Set
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Struct

from policybook.analysis.guide_drift import claim_drift, prefix_drift
from policybook.analysis.risks import is_about
from policybook.catalogue.catalogue import Catalogue
from policybook.errors import Finding, KeyPath, Level, shown
from policybook.iam.condition_operators import is_known
from policybook.iam.patterns import has_wildcard
from policybook.model.book import Book, Guide
from policybook.model.policies import Policy, Version

# AWS's own documents have hyphens in action names (config:select-resource-config).
_ACTION = re.compile(r"\*|\*:\*|[A-Za-z0-9-]+:[A-Za-z0-9*?_-]+")
_RESOURCE = re.compile(r"\*|(arn|\*|\?|\$\{).*", re.DOTALL)
_PLACEHOLDER = re.compile(r"<[^>]*>")


class Knowledge(Struct, frozen=True):
    """What the rules look at; `unread` are names that exist but whose files have faults.

    `sound` are the policies whose documents are known to have no fault; they are passed over.
    """

    book: Book
    catalogue: Catalogue
    unread: frozenset[str] = frozenset()
    sound: Set[str] = frozenset()


Rule = Callable[[Knowledge], Iterator[Finding]]


def check(known: Knowledge) -> tuple[Finding, ...]:
    """Every finding of every rule, faults and notes, without lines."""
    return tuple(finding for rule in RULES for finding in rule(known))


def _policy(
    policy: Policy,
    path: KeyPath,
    kind: str,
    expected: str,
    found: str,
    level: Level = "fault",
) -> Finding:
    file = f"policies/{policy.name}/policy.yml"
    return Finding(file=file, path=path, kind=kind, expected=expected, found=found, level=level)


# --- versions ------------------------------------------------------------------------------------


def version_order(known: Knowledge) -> Iterator[Finding]:
    """Versions are listed newest first, each once, and their days do not go back."""
    for policy in known.book.policies.values():
        yield from _order(policy)


def _order(policy: Policy) -> Iterator[Finding]:
    keys: set[str] = set()
    number: int | None = None
    newer: Version | None = None
    for place, version in enumerate(policy.versions):
        at: KeyPath = ("versions", place)
        if version.key in keys:
            yield _policy(policy, at, "version-twice", "each version once", f"{version.key} again")
        elif version.number is not None and number is not None and version.number > number:
            expected = f"newest first, so below v{number}"
            yield _policy(policy, (*at, "id"), "version-order", expected, version.key)
        keys.add(version.key)
        number = version.number if version.number is not None else number
        day = version.facts.published
        if day and newer and newer.facts.published and day > newer.facts.published:
            expected = f"no day after {newer.facts.published}, when {newer.key} followed"
            yield _policy(policy, (*at, "published"), "time-order", expected, str(day))
        newer = version if day else newer


def named_versions(known: Knowledge) -> Iterator[Finding]:
    """The default version, those rolled back to and that of the notes are listed."""
    for policy in known.book.policies.values():
        facts = policy.facts
        named: list[tuple[KeyPath, str | None]] = [
            (("default",), facts.default),
            (("notes_for",), facts.notes_for),
            *((("rollbacks", place, "to"), r.to) for place, r in enumerate(facts.rollbacks)),
        ]
        for at, key in named:
            if key and not policy.version(key):
                yield _policy(policy, at, "unknown-reference", "a listed version", repr(key))


def rollbacks(known: Knowledge) -> Iterator[Finding]:
    """Each rollback is listed once."""
    for policy in known.book.policies.values():
        seen = set()
        for place, back in enumerate(policy.facts.rollbacks):
            if back in seen:
                found = f"{back.to} on {back.observed} again"
                yield _policy(
                    policy, ("rollbacks", place), "rollback-twice", "each rollback once", found
                )
            seen.add(back)


def account(known: Knowledge) -> Iterator[Finding]:
    """The ARN's account is `aws` for AWS's own policies and a number for a customer's."""
    for policy in known.book.policies.values():
        own = (policy.facts.arn or "::::aws").split(":")[4] != "aws"
        if own != (policy.facts.type == "customer-managed"):
            expected = "an account id" if not own else "the account aws"
            found = f"{policy.facts.arn!r} for the type {policy.facts.type}"
            yield _policy(policy, ("arn",), "bad-arn", expected, found)


# --- references ----------------------------------------------------------------------------------


def references(known: Knowledge) -> Iterator[Finding]:
    """Every policy, role and guide that is referred to exists."""
    book = known.book
    for slug, group in book.groups.items():
        file = f"groups/{slug}.yml"
        yield from _known(known, file, ("policies",), group.policies, book.policies, "policy")
        key = ("not_recommended",)
        yield from _known(known, file, key, group.not_recommended, book.policies, "policy")
        yield from _roles(known, file, ("roles",), group.roles)
        yield from _known(known, file, ("guides",), group.guides, book.guides, "guide")
    for place, role in enumerate(book.roles.values()):
        at: KeyPath = ("roles", place)
        yield from _known(
            known, "roles.yml", (*at, "policies"), role.policies, book.policies, "policy"
        )
        yield from _roles(known, "roles.yml", (*at, "passes"), role.passes)


def named_successors(known: Knowledge) -> Iterator[Finding]:
    """A deprecated policy's successor is another policy; that it is deprecated too is a note."""
    policies = known.book.policies
    for policy in policies.values():
        gone = policy.facts.deprecated
        if not gone or not gone.successor:
            continue
        at: KeyPath = ("deprecated", "successor")
        found, named = repr(gone.successor), policies.get(gone.successor)
        if named is policy:
            yield _policy(policy, at, "unknown-reference", "another policy of the book", found)
        elif named is None and gone.successor not in known.unread:
            yield _policy(policy, at, "unknown-reference", "a policy of the book", found)
        elif named and named.facts.deprecated:
            expected = "a policy that is not deprecated"
            yield _policy(policy, at, "deprecated-successor", expected, found, "note")


def _roles(known: Knowledge, file: str, at: KeyPath, names: Iterable[str]) -> Iterator[Finding]:
    if "roles.yml" not in known.unread:
        yield from _known(known, file, at, names, known.book.roles, "role")


def _known(
    known: Knowledge,
    file: str,
    at: KeyPath,
    names: Iterable[str],
    there: Iterable[str],
    what: str,
) -> Iterator[Finding]:
    exist = {*there, *known.unread}
    for place, name in enumerate(names):
        if name not in exist:
            yield Finding(
                file=file,
                path=(*at, place),
                kind="unknown-reference",
                expected=f"a {what} of the book",
                found=repr(name),
            )


# --- notes against documents ---------------------------------------------------------------------


def notes(known: Knowledge) -> Iterator[Finding]:
    """Notes explain the prefixes that the current document grants, or `drift` says why not."""
    for policy in known.book.policies.values():
        found = prefix_drift(policy)
        for drift in found:
            here = (
                "granted and not explained"
                if drift.kind == "unexplained"
                else "explained and not granted"
            )
            at: KeyPath = (
                ("permissions",) if drift.kind == "unexplained" else ("permissions", drift.prefix)
            )
            expected = f"a note for each granted prefix, or {drift.prefix} under drift"
            level: Level = "note" if drift.remark else "fault"
            yield _policy(policy, at, "notes-mismatch", expected, f"{drift.prefix} {here}", level)
        for prefix in set(policy.facts.drift) - {d.prefix for d in found}:
            yield _policy(
                policy,
                ("drift", prefix),
                "stale-drift",
                "notes and document to differ",
                "no difference",
            )


def claims(known: Knowledge) -> Iterator[Finding]:
    """A claim holds of the current document, or its `drift` says why not."""
    for policy in known.book.policies.values():
        for place, drift in enumerate(claim_drift(policy)):
            at: KeyPath = ("claims", place)
            agrees = drift.change.verdict in ("identical", "equivalent")
            if agrees and drift.claim.drift:
                expected = "claim and document to differ"
                yield _policy(policy, (*at, "drift"), "stale-drift", expected, "no difference")
            elif not agrees:
                expected = "the document to grant what the claim says"
                found = f"a document that is {drift.change.verdict} beside it"
                level: Level = "note" if drift.claim.drift else "fault"
                yield _policy(policy, at, "claim-mismatch", expected, found, level)


# --- documents -----------------------------------------------------------------------------------


def documents(known: Knowledge) -> Iterator[Finding]:
    """Statements hold well-formed actions, ARNs and operators; what is odd but real is a note."""
    for policy, _, document in known.book.documents():
        if policy.name in known.sound:
            continue
        file = f"policies/{policy.name}/{document.file}"
        for problem in document_problems(document.source, known.catalogue):
            yield Finding(
                file=file,
                path=problem.path,
                kind=problem.kind,
                expected=problem.expected,
                found=shown(problem.found),
                level="fault" if problem.kind == "malformed-action" else "note",
            )


def document_notes(found: Iterable[Finding]) -> Counter[str]:
    """How many of the findings are about documents of each policy."""
    places = (finding.file.split("/") for finding in found)
    return Counter(p[1] for p in places if p[0] == "policies" and p[2:] != ["policy.yml"])


class Problem(Struct, frozen=True):
    """A part of a document that IAM or the catalogue would not know."""

    path: KeyPath
    kind: str
    expected: str
    found: str


def document_problems(source: Any, catalogue: Catalogue) -> Iterator[Problem]:
    """The odd parts of a document's mapping, in order, with their key paths."""
    found = source["Statement"]
    several = not isinstance(found, dict)
    for place, statement in enumerate(found if several else [found]):
        at: KeyPath = ("Statement", place) if several else ("Statement",)
        for key, judge in _JUDGES:
            texts = statement.get(key, ())
            single = isinstance(texts, str)
            for number, text in enumerate((texts,) if single else texts):
                for kind, expected in judge(text, catalogue):
                    path = (*at, key) if single else (*at, key, number)
                    yield Problem(path, kind, expected, text)
        for operator in statement.get("Condition", {}):
            if not is_known(operator):
                path = (*at, "Condition", operator)
                yield Problem(path, "unknown-operator", "a condition operator of IAM", operator)
        for key in {"Principal", "NotPrincipal"} & set(statement):
            yield Problem((*at, key), "principal", "no principal in a managed policy", key)


Judge = Callable[[str, Catalogue], tuple[tuple[str, str], ...]]


@lru_cache(maxsize=65_536)
def _action(action: str, catalogue: Catalogue) -> tuple[tuple[str, str], ...]:
    """What is odd about an action, each time as its kind and what was expected."""
    closed = "".join(action.split())
    if not _ACTION.fullmatch(closed):
        return (("malformed-action", "an action such as s3:GetObject or s3:Get*"),)
    found = []
    if closed != action:
        found.append(("stray-space", "an action without white space"))
    if has_wildcard(closed):
        known = ":" not in closed or closed == "*:*" or bool(catalogue.expand(closed))
    else:
        known = catalogue.action(closed) is not None
    if not known:
        found.append(("uncatalogued-action", f"an action in the catalogue of {catalogue.date}"))
    return tuple(found)


@lru_cache(maxsize=65_536)
def _resource(resource: str, catalogue: Catalogue) -> tuple[tuple[str, str], ...]:
    """What is odd about a resource."""
    if _PLACEHOLDER.search(resource):
        return (("placeholder", "an ARN without placeholders"),)
    return () if _RESOURCE.fullmatch(resource) else (("odd-resource", "an ARN or *"),)


_JUDGES: tuple[tuple[str, Judge], ...] = (
    ("Action", _action),
    ("NotAction", _action),
    ("Resource", _resource),
    ("NotResource", _resource),
)


def snippets(known: Knowledge) -> Iterator[Finding]:
    """The invalid parts that a guide's snippet names are those that are found in it."""
    for slug, guide in known.book.guides.items():
        yield from _snippet_findings(f"guides/{slug}.yml", guide, known.catalogue)


def _snippet_findings(file: str, guide: Guide, catalogue: Catalogue) -> Iterator[Finding]:
    for place, section in enumerate(guide.sections):
        if not section.snippet:
            continue
        at: KeyPath = ("sections", place, "snippet", "invalid")
        source = {"Statement": msgspec.to_builtins(section.snippet.statements)}
        problems = {p.found: p for p in document_problems(source, catalogue)}
        named = {invalid.part for invalid in section.snippet.invalid}
        for part in sorted(set(problems) - named):
            yield Finding(
                file=file,
                path=at[:-1],
                kind=problems[part].kind,
                expected=problems[part].expected,
                found=repr(part),
            )
        for number, invalid in enumerate(section.snippet.invalid):
            if invalid.part not in problems:
                yield Finding(
                    file=file,
                    path=(*at, number, "part"),
                    kind="stale-invalid",
                    expected="a part of the snippet that is not valid",
                    found=repr(invalid.part),
                )


def risk_rules(known: Knowledge) -> Iterator[Finding]:
    """The actions of risk rules are in the catalogue, which may change while the rules do not."""
    for place, rule in enumerate(known.book.rules.values()):
        for number, step in enumerate(rule.steps):
            for at, pattern in enumerate(step.actions):
                named = map(known.catalogue.action, known.catalogue.named_by(pattern))
                if not any(action and is_about(step, action) for action in named):
                    level = f" of the level {step.level}" if step.level else ""
                    yield Finding(
                        file="rules.yml",
                        path=("rules", place, "steps", number, "actions", at),
                        kind="uncatalogued-action",
                        expected=f"an action{level} in the catalogue of {known.catalogue.date}",
                        found=repr(pattern),
                        level="note",
                    )


RULES: tuple[Rule, ...] = (
    version_order,
    named_versions,
    rollbacks,
    account,
    references,
    named_successors,
    notes,
    claims,
    documents,
    snippets,
    risk_rules,
)
