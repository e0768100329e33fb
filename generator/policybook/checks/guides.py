"""Checks of what comes from AWS's guides against policy documents: notes, claims and snippets."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from msgspec import structs

from policybook.analysis.guide_drift import claim_drift, prefix_drift
from policybook.checks.context import CheckContext, policy_finding
from policybook.checks.documents import document_findings
from policybook.errors import Finding, KeyPath, Level
from policybook.model.book import Guide
from policybook.wording import meant


def notes(context: CheckContext) -> Iterator[Finding]:
    """Notes explain exactly the service prefixes that the document grants.

    A difference that `drift` explains is a warning, and a `drift` without difference is an error.
    """
    for policy in context.book.policies.values():
        found = prefix_drift(policy)
        lacking = [drift.prefix for drift in found if drift.kind == "unexplained"]
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
            level: Level = "warning" if drift.remark else "error"
            yield policy_finding(
                policy,
                at,
                "notes-mismatch",
                expected,
                f"{drift.prefix} {here}",
                level,
                "" if context.catalogue.service(drift.prefix) else meant(drift.prefix, lacking),
            )
        for prefix in set(policy.facts.drift) - {d.prefix for d in found}:
            yield policy_finding(
                policy,
                ("drift", prefix),
                "stale-drift",
                "notes and document to differ",
                "no difference",
            )


def claims(context: CheckContext) -> Iterator[Finding]:
    """The document grants what a claim says; a difference that `drift` explains is a warning."""
    for policy in context.book.policies.values():
        for place, drift in enumerate(claim_drift(policy, context.catalogue)):
            at: KeyPath = ("claims", place)
            agrees = not drift.change.has_effect
            if agrees and drift.claim.drift:
                expected = "claim and document to differ"
                yield policy_finding(
                    policy, (*at, "drift"), "stale-drift", expected, "no difference"
                )
            elif not agrees:
                expected = "the document to grant what the claim says"
                found = f"a document that is {drift.change.verdict} compared with the claim"
                level: Level = "warning" if drift.claim.drift else "error"
                yield policy_finding(policy, at, "claim-mismatch", expected, found, level)


def snippets(context: CheckContext) -> Iterator[Finding]:
    """A guide's snippet names as `invalid` exactly the parts that are invalid."""
    for slug, guide in context.book.guides.items():
        yield from _snippet_findings(f"guides/{slug}.yml", guide, context)


def _snippet_findings(file: str, guide: Guide, context: CheckContext) -> Iterator[Finding]:
    for place, section in enumerate(guide.sections):
        if not section.snippet:
            continue
        within: KeyPath = ("sections", place, "snippet")
        at: KeyPath = (*within, "invalid")
        source = {"Statement": msgspec.to_builtins(section.snippet.statements)}
        found = dict(document_findings(source, context.catalogue, context.operations, hints=True))
        named = {invalid.part for invalid in section.snippet.invalid}
        for part in sorted(set(found) - named):
            path = (*within, "statements", *found[part].path[1:])
            yield structs.replace(
                found[part], file=file, path=path, found=repr(part), level="error"
            )
        for number, invalid in enumerate(section.snippet.invalid):
            if invalid.part not in found:
                yield Finding(
                    file=file,
                    path=(*at, number, "part"),
                    kind="stale-invalid",
                    expected="an invalid part of the snippet",
                    found=repr(invalid.part),
                )
