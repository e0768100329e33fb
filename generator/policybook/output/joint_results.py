"""The result for documents that are attached together: the risks of each, and of all together."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from policybook.analysis.joint_paths import Contribution, Gain, JointPath, together
from policybook.analysis.risks import Rulebook
from policybook.iam.mitigation import Mitigation
from policybook.model.documents import Document
from policybook.model.risk_rules import Kind, Rule
from policybook.output.json.policy_results import flag_result, step_grant_result
from policybook.output.json.risk_results import FlagResult, StepGrantResult


class AttachedRisksResult(Struct, frozen=True):
    """The risk rules that a document matches alone; `name` is how it was named."""

    name: str
    risks: tuple[FlagResult, ...]


class JointDenyResult(Struct, frozen=True):
    """A Deny statement of one of the documents."""

    name: str
    statement: int


class JointGrantResult(Struct, frozen=True):
    """A statement of one of the documents that grants a step.

    Attributes:
        name: The document.
        grant: The statement, and what limits it; `denied_by` has Denies of the same document.
        denied_by: All Denies that limit the grant, or may limit it, with their documents.
    """

    name: str
    grant: StepGrantResult
    denied_by: tuple[JointDenyResult, ...]


class JointStepResult(Struct, frozen=True):
    """A step of a risk rule, what limits it, and the statements that grant it."""

    does: str
    mitigation: Mitigation
    by: tuple[JointGrantResult, ...]


class JointPathResult(Struct, frozen=True):
    """A risk rule that documents match together as none does alone.

    Attributes:
        rule: The id of the rule.
        title: Its title.
        kind: Its kind.
        gain: `new`, or `opened` if a document matches it alone under limits that all together lack.
        mitigation: What limits the risk.
        sets: The smallest sets of documents that suffice.
        alone: The documents that match it alone, with what limits the risk.
        steps: The steps.
    """

    rule: str
    title: str
    kind: Kind
    gain: Gain
    mitigation: Mitigation
    sets: tuple[tuple[str, ...], ...]
    alone: Mapping[str, Mitigation]
    steps: tuple[JointStepResult, ...]


class JointResult(Struct, frozen=True):
    """The output of `policybook risks`.

    Attributes:
        documents: The documents, each with the risk rules that it matches alone.
        together: The risk rules that need several of them.
        prevented: The risk rules that a document matches alone, but not with the Denies of others.
    """

    documents: tuple[AttachedRisksResult, ...]
    together: tuple[JointPathResult, ...]
    prevented: tuple[str, ...]


def joint_result(documents: Mapping[str, Document], rulebook: Rulebook) -> JointResult:
    """Return the result for documents.

    Args:
        documents: The documents by the name that the result calls them.
        rulebook: The risk rules.
    """
    rules, found = rulebook.rules, together(documents, rulebook)
    return JointResult(
        tuple(
            AttachedRisksResult(
                name, tuple(flag_result(rules[f.rule], f) for f in rulebook.flags(document))
            )
            for name, document in documents.items()
        ),
        tuple(_path(rules[path.rule], path) for path in found.paths),
        found.prevented,
    )


def _path(rule: Rule, path: JointPath) -> JointPathResult:
    return JointPathResult(
        rule.id,
        rule.title,
        rule.kind,
        path.gain,
        path.mitigation,
        path.sets,
        path.alone,
        tuple(
            JointStepResult(step.does, found.mitigation, tuple(map(_grant, found.by)))
            for step, found in zip(rule.steps, path.steps, strict=True)
        ),
    )


def _grant(found: Contribution) -> JointGrantResult:
    denied_by = tuple(JointDenyResult(name, number) for name, number in found.denied_by)
    return JointGrantResult(found.name, step_grant_result(found.grant), denied_by)
