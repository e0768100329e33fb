"""The result for documents that are attached together: the risks of each, and of all together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from policybook.analysis.joint_paths import Contribution, Gain, JointPath, together
from policybook.analysis.risks import Rulebook
from policybook.catalogue.catalogue import Catalogue
from policybook.errors import KeyPath, place
from policybook.iam.mitigation import Mitigation
from policybook.model.documents import Document
from policybook.model.risk_rules import Kind, Rule
from policybook.output.json.flag_results import FlagResult, StepGrantResult, step_grant_result
from policybook.output.own_documents.document_results import risk_results


class AttachedDocument(Struct, frozen=True):
    """A document that is attached with others.

    Attributes:
        name: The policy and version, or the file as it was named.
        path: The key path of the document in the file; empty for a policy.
        line: The line of the document in the file; 0 for a policy.
        document: The document; None if it has errors.
        doubts: What is uncertain of it.
    """

    name: str
    path: KeyPath
    line: int
    document: Document | None
    doubts: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """What tells it from the others."""
        return place(self.name, self.path, self.line)


class AttachedRisksResult(Struct, frozen=True):
    """The risk rules that a document matches alone.

    Attributes:
        name: The policy and version, or the file as it was named.
        path: The key path of the document in the file; empty for a policy.
        line: The line of the document in the file; 0 for a policy.
        risks: The risk rules that match; None if the document has errors.
    """

    name: str
    path: KeyPath
    line: int
    risks: tuple[FlagResult, ...] | None

    @property
    def place(self) -> str:
        """What tells it from the others."""
        return place(self.name, self.path, self.line)


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


def joint_result(
    documents: Iterable[AttachedDocument], rules: Mapping[str, Rule], catalogue: Catalogue
) -> JointResult:
    """Return the result for documents; those with errors count for nothing.

    Args:
        documents: The documents.
        rules: The risk rules by id.
        catalogue: The actions that AWS has.
    """
    every = tuple(documents)
    rulebook = Rulebook(rules, catalogue)
    found = together({d.place: d.document for d in every if d.document}, rulebook)
    return JointResult(
        tuple(_alone(document, rulebook) for document in every),
        tuple(_path(rules[path.rule], path) for path in found.paths),
        found.prevented,
    )


def _alone(attached: AttachedDocument, rulebook: Rulebook) -> AttachedRisksResult:
    document = attached.document
    risks = risk_results(rulebook.flags(document), rulebook.rules) if document else None
    return AttachedRisksResult(attached.name, attached.path, attached.line, risks)


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
