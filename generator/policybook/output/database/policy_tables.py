"""The tables of policies, their versions, where these come from, and successors."""

from __future__ import annotations

from collections.abc import Iterator

from policybook.book.context import BookContext
from policybook.output.database.declarations import (
    DatabaseRow,
    DataTable,
    as_json,
    boolean,
    date,
    integer,
    json,
    number,
    text,
)
from policybook.output.database.numbers import Numbers
from policybook.output.json.list_results import lines_result


def _policies(context: BookContext, numbers: Numbers) -> Iterator[DatabaseRow]:
    for line in lines_result(context):
        policy = context.book.policies[line.name]
        gone, last = policy.deprecation, line.last_effective_change
        yield (
            numbers.policies[line.name],
            line.name,
            line.arn,
            policy.path,
            line.type,
            line.limits_only,
            line.partition,
            policy.facts.summary,
            line.sentence,
            policy.facts.created,
            policy.facts.attachable,
            as_json(policy.tags),
            line.state,
            gone.date,
            gone.precision,
            line.current,
            line.updated,
            last.version if last else None,
            last.day if last else None,
            last.verdict if last else None,
            line.services,
            line.unmatched,
            line.url,
        )


def _versions(context: BookContext, numbers: Numbers) -> Iterator[DatabaseRow]:
    for name, policy in context.book.policies.items():
        found = {t.version.key: t for t in context.index.transitions[name]}
        for place, version in enumerate(policy.versions, 1):
            transition, facts = found[version.key], version.facts
            before, change = transition.before, transition.change
            yield (
                numbers.versions[name, version.key],
                numbers.policies[name],
                place,
                facts.id,
                version.key,
                facts.published,
                facts.observed,
                facts.default_since,
                facts.change,
                policy.is_default(version),
                version is policy.current,
                version.document is not None,
                len(version.document.statements) if version.document else None,
                numbers.version(name, before.key if before else None),
                change.verdict if change else None,
                as_json(transition.missing),
                transition.recreated,
            )


def _sources(context: BookContext, numbers: Numbers) -> Iterator[DatabaseRow]:
    for name, place in numbers.sources.items():
        found = context.book.sources.get(name)
        yield (
            place,
            name,
            found.title if found else None,
            found.url if found else None,
            found.revision if found else None,
            found.digest if found else None,
            found.first if found else None,
            found.last if found else None,
            found.partial if found else None,
        )


def _version_sources(context: BookContext, numbers: Numbers) -> Iterator[DatabaseRow]:
    for (name, key), version in numbers.versions.items():
        found = context.book.policies[name].version(key)
        stated = found.facts.sources if found else {}
        for source, days in sorted(stated.items()):
            stands = (days.published, days.observed, days.default_since, days.as_of)
            yield version, numbers.sources[source], *stands


def _successors(context: BookContext, numbers: Numbers) -> Iterator[DatabaseRow]:
    for name, policy in numbers.policies.items():
        for place, part in enumerate(context.successors.parts(name), 1):
            counts = (part.lost, part.gained, part.lacks, part.adds)
            yield (
                policy,
                place,
                part.name,
                numbers.policies.get(part.name),
                part.how,
                part.verdict,
                *(counts if part.compared else (None,) * 4),
            )


TABLES = (
    DataTable(
        name="sources",
        text="The imported sources that versions come from.",
        columns=(
            number("sources"),
            text("name", "its name in the data"),
            text("title", "its title", optional=True),
            text("url", "its address", optional=True),
            text("revision", "its own name for its state", optional=True),
            text("digest", "the digest of the file that was read", optional=True),
            date("first", "the first day that its content states"),
            date("last", "the last day that its content states"),
            boolean("partial", "whether some of its policies were left out", optional=True),
        ),
        unique=(("name",),),
        rows=_sources,
    ),
    DataTable(
        name="policies",
        text="The policies.",
        columns=(
            number("policies"),
            text("name", "its name"),
            text("arn", "its ARN; null if unknown", optional=True),
            text("path", "its IAM path, such as `/service-role/`", optional=True),
            text("type", "its type"),
            boolean("limits_only", "whether it grants nothing and only limits others"),
            text("partition", "the partition in its ARN, such as `aws-cn`", optional=True),
            text("summary", "a description", optional=True),
            text("sentence", "what the current version does, generated from its document"),
            date("created", "the date of creation"),
            boolean("attachable", "whether it can be attached; null if unknown", optional=True),
            json("tags", "its tags"),
            text("state", "`current`, `on-the-way-out` or `deprecated`"),
            date("state_since", "since when it has that state"),
            text("state_precision", "`exact`, `at-latest` or `unknown`, about `state_since`"),
            text("current_version", "the key of the current version", optional=True),
            date("updated", "the day of the newest dated version"),
            text("changed_with", "the key of the last change with an effect", optional=True),
            date("changed", "the day of the last change with an effect"),
            text("changed_verdict", "the verdict of the last change with effect", optional=True),
            integer("services", "how many services its Allow statements name", "service prefixes"),
            integer("unmatched", "its wildcards that match no action", "action patterns"),
            text("url", "the address of its page, below the site's"),
        ),
        unique=(("name",),),
        rows=_policies,
    ),
    DataTable(
        name="versions",
        text="The known versions of each policy, newest first.",
        columns=(
            number("versions"),
            integer("policy_id", "the policy", refers="policies"),
            integer("place", "its place among the policy's versions", "versions, newest is 1"),
            text("version", "the version id; null for a document without one", optional=True),
            text("key", "the id, or else the date or document; unique within the policy"),
            date("published", "the date of publication"),
            date("observed", "the date on which it was first observed"),
            date("default_since", "when it became the default, if later than its publication"),
            text("change", "what AWS says about the change", optional=True),
            boolean("is_default", "whether it is the default version, as far as the data says"),
            boolean("is_current", "whether the other tables show its document"),
            boolean("has_document", "whether its document is known"),
            integer("statements", "how many its document has", "statements", optional=True),
            integer("compared_with", "the version before it", refers="versions", optional=True),
            text("verdict", "the verdict on the change since then", optional=True),
            json("missing", "the version numbers below it that are not known"),
            boolean("recreated", "whether it is the first after the policy was created anew"),
        ),
        unique=(("policy_id", "key"),),
        rows=_versions,
    ),
    DataTable(
        name="version_sources",
        text="Which source has which version, and the days that it states.",
        columns=(
            integer("version_id", "the version", refers="versions"),
            integer("source_id", "the source", refers="sources"),
            date("published", "the date of publication that it states"),
            date("observed", "the date on which it was first observed there"),
            date("default_since", "the date on which it became the default"),
            date("as_of", "the newest state of a page that shows it without a number"),
        ),
        key=("version_id", "source_id"),
        rows=_version_sources,
    ),
    DataTable(
        name="successors",
        text="What to use instead of a policy that is not current.",
        columns=(
            integer("policy_id", "the policy", refers="policies"),
            integer("place", "the order among its successors", "successors, from 1"),
            text("name", "the name of the successor"),
            integer("successor_id", "the successor", refers="policies", optional=True),
            text("how", "`named` by a source, or `evident` from its name"),
            text("verdict", "the verdict on the change to it; null if unknown", optional=True),
            integer("lost", "what it lacks; null without a verdict", "grants", optional=True),
            integer("gained", "what it adds", "grants", optional=True),
            integer("lacks", "what it lacks", "effective actions", optional=True),
            integer("adds", "what it adds", "effective actions", optional=True),
        ),
        key=("policy_id", "place"),
        rows=_successors,
    ),
)
