"""The site's terms and verdicts, each with its meaning: for the page About and for the finder."""

from __future__ import annotations

from msgspec import Struct


class Meaning(Struct, frozen=True):
    """A term and what it means.

    `anchor` is where the page About has it. Code in `text` is in backticks. `words` are other words
    that readers look for.
    """

    anchor: str
    title: str
    text: str
    words: tuple[str, ...] = ()


TERMS = (
    Meaning(
        "term-grant",
        "Grant",
        "One part of a statement: effect, one action pattern, one resource pattern and the "
        'condition block. `NotAction` and `NotResource` are shown as "all except".',
        ("grants", "all except", "notaction", "notresource"),
    ),
    Meaning(
        "term-effective",
        "Effective actions",
        "The actions that a policy allows, with wildcards expanded, minus the actions that a Deny "
        "without conditions removes. The number is an upper bound if conditions or resource "
        "patterns can restrict the policy further.",
        ("effective", "upper bound", "expanded wildcards"),
    ),
    Meaning(
        "term-sentence",
        "The sentence about a policy",
        "It is generated from the document, and every number in it is exact for AWS's action list. "
        '"On every resource" counts the actions that a statement allows on `*` without a '
        'condition, "on ARN patterns" those that are only allowed on other resource patterns, and '
        '"under conditions" those for which every statement has a condition.',
    ),
    Meaning(
        "term-level",
        "Access level",
        "AWS's own classes of actions, the weakest first: List, Read, Write, Tagging, Permissions "
        "management. An action with several levels counts under the gravest.",
        ("access levels", "levels", "highest level"),
    ),
    Meaning(
        "term-unlisted",
        "Not in AWS's action list",
        "An action that AWS's action list does not contain: retired, not listed yet, or "
        "misspelled. This site shows and counts such actions.",
        ("uncatalogued", "retired action", "misspelled"),
    ),
    Meaning(
        "term-could-be-limited",
        "Could be limited to specific resources",
        "An action that a policy allows on `*` although AWS's action list gives resource types for "
        "it. Other actions only accept `*`. For actions that are not in the list, this is unknown.",
        ("could be limited", "scope"),
    ),
    Meaning(
        "term-resource-type",
        "Resource type",
        "A resource pattern matches a resource type if it matches at least one ARN in the type's "
        "format, part by part. A variable in the format can be any text. Ambiguous names are "
        "ignored, for example a bucket named `accesspoint`.",
        ("resource types",),
    ),
    Meaning(
        "term-certainty",
        "Only under a condition, or limited by a Deny",
        "A grant that needs a condition to be met, or that a Deny of the same policy may take "
        "away. All other grants are without condition.",
        ("without condition", "conditional", "certainty"),
    ),
    Meaning(
        "term-gap",
        "Gap",
        "Version numbers that must have existed but are missing from the data.",
        ("missing versions", "gaps", "missing from the archive"),
    ),
    Meaning(
        "term-published",
        "Published, first observed",
        "AWS's date of the version, and the day on which the archive first contained it. This site "
        "keeps the two dates apart.",
        ("published", "first observed", "observed", "dates"),
    ),
    Meaning(
        "term-since",
        "Since, first seen",
        "Every known version from that one on grants it. It is since a version if the version "
        "before it is known, or if there was none. Otherwise it was first seen there: an unknown "
        "version may have granted it before.",
        ("since", "first seen"),
    ),
    Meaning(
        "term-form",
        "In this form",
        "With the same action pattern, resource pattern and condition.",
    ),
    Meaning(
        "term-last-change",
        "Last effective change",
        "The newest version or rollback that had an effect: its verdict is neither identical nor "
        "equivalent. If the verdict is undetermined, it may have an effect. Versions reissued "
        "without change are in gray, and plots leave them out.",
        ("last change", "effective change", "reissued", "reissue", "only reissues"),
    ),
    Meaning(
        "term-rollback",
        "Rollback",
        "An older version became the default version again. It is compared with the default "
        "version that it replaced.",
        ("rolled back", "default version"),
    ),
    Meaning(
        "term-guide",
        "From a guide",
        "A document that an AWS guide shows without a version number. If a newer version has a "
        "number, the document is not part of the version sequence: it has no verdict and no "
        "removals.",
    ),
    Meaning(
        "term-date-only",
        "Only the date is known",
        "A version with a known date but no known document.",
    ),
)

VERDICTS = (
    Meaning("verdict-identical", "identical", "The documents are the same."),
    Meaning("verdict-equivalent", "equivalent", "The texts differ; each version covers the other."),
    Meaning(
        "verdict-widened",
        "widened",
        "The new version covers the old version, but not the reverse: permissions were only "
        "gained.",
    ),
    Meaning(
        "verdict-narrowed",
        "narrowed",
        "The old version covers the new version, but not the reverse: permissions were only lost.",
    ),
    Meaning(
        "verdict-mixed",
        "mixed",
        "Neither version covers the other: permissions were gained and lost.",
    ),
    Meaning(
        "verdict-undetermined",
        "undetermined",
        "The documents contain a form that cannot be compared; the page says which.",
    ),
)
