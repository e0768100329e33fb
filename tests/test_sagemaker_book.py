"""The book's own data: every fact of the SageMaker book, written down a second time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import pytest
from policybook.analysis.guide_drift import claim_drift, prefix_drift
from policybook.analysis.timeline import transitions, unlisted
from policybook.build.planner import findings
from policybook.catalogue.catalogue import Catalogue
from policybook.checks.documents import document_findings
from policybook.data.loader import load
from policybook.iam.grants import explained_prefixes
from policybook.model.book import Book, Guide
from policybook.model.documents import Clause, Document
from policybook.model.policies import Policy

from tests.support.books import DATA
from tests.support.changes import in_full

FULL = "AmazonSageMakerFullAccess"
READ_ONLY = "AmazonSageMakerReadOnly"
PIPELINES = "AmazonSageMakerPipelinesIntegrations"
CATALOG = "AmazonSageMakerAdmin-ServiceCatalogProductsServiceRolePolicy"
ADMINISTRATOR = "AdministratorAccess"
SCIENTIST = "DataScientist"

LAUNCH = "AmazonSageMakerServiceCatalogProductsLaunchRole"
USE = "AmazonSageMakerServiceCatalogProductsUseRole"
EXECUTION = "AmazonSageMaker-ExecutionRole"


@cache
def book() -> Book:
    """The repository's book."""
    return load(DATA)


def policy(name: str) -> Policy:
    """A policy of it."""
    return book().policies[name]


def document(name: str, key: str) -> Document:
    """A document of it."""
    version = policy(name).version(key)
    assert version is not None
    assert version.document is not None
    return version.document


def test_the_data_has_no_faults() -> None:
    """What it has are warnings: where page and document differ, what the catalogue lacks, and what
    is too large for a policy of a customer.
    """
    found = findings(DATA)
    assert [f.level for f in found] == ["warning"] * 6
    assert [(f.kind, f.file.split("/")[-2], f.path) for f in found] == [
        ("too-large", CATALOG, ()),
        ("too-large", FULL, ()),
        ("uncatalogued-action", FULL, ("Statement", 3, "Action", 57)),
        ("notes-mismatch", FULL, ("permissions",)),
        ("claim-mismatch", FULL, ("claims", 0)),
        ("notes-mismatch", READ_ONLY, ("permissions",)),
    ]


# --- Policies and versions ------------------------------------------------------------------------


def test_the_book_has_six_policies_with_their_arns_and_types() -> None:
    """Four with documents, and two that are named as not recommended."""
    prefix = "arn:aws:iam::aws:policy/"
    assert {p.facts.arn: p.facts.type for p in book().policies.values()} == {
        prefix + ADMINISTRATOR: "job-function",
        prefix + CATALOG: "aws-managed",
        prefix + FULL: "aws-managed",
        prefix + PIPELINES: "aws-managed",
        prefix + READ_ONLY: "aws-managed",
        prefix + "job-function/" + SCIENTIST: "job-function",
    }


VERSIONS: Mapping[str, list[tuple[str | None, date, bool]]] = {
    ADMINISTRATOR: [],
    CATALOG: [("v3", date(2021, 9, 15), True), ("v2", date(2021, 7, 1), False)],
    FULL: [(None, date(2021, 8, 2), True)],
    PIPELINES: [
        ("v3", date(2023, 2, 17), True),
        ("v2", date(2022, 4, 20), False),
        ("v1", date(2021, 7, 30), True),
    ],
    READ_ONLY: [(None, date(2021, 6, 10), True)],
    SCIENTIST: [],
}


@pytest.mark.parametrize("name", sorted(VERSIONS))
def test_the_versions_have_their_ids_dates_and_documents(name: str) -> None:
    """Newest first; what is known by its date only has no document."""
    found = [(v.facts.id, v.facts.published, v.document is not None) for v in policy(name).versions]
    assert found == VERSIONS[name]


def test_what_nobody_knows_of_is_a_gap() -> None:
    """Only the first version of the Service Catalog policy is not listed."""
    assert {name: unlisted(policy(name)) for name in VERSIONS if unlisted(policy(name))} == {
        CATALOG: (1,)
    }


@pytest.mark.parametrize("name", [FULL, READ_ONLY])
def test_a_document_without_a_version_id_is_known_by_its_source(name: str) -> None:
    """AWS's page, as it was in August 2021."""
    (version,) = policy(name).versions
    assert version.facts.source is not None
    assert version.facts.source.as_of == "2021-08"
    assert version.facts.source.url == (
        "https://docs.aws.amazon.com/sagemaker/latest/dg/security-iam-awsmanpol.html"
    )


@pytest.mark.parametrize(
    ("name", "key", "words"),
    [
        (FULL, "2021-08-02", ["`sns:Publish`", "Async Inference"]),
        (READ_ONLY, "2021-06-10", ["`BatchGetRecord`", "Feature Store"]),
        (CATALOG, "v3", ["`sagemaker`", "images", "created, read, updated and deleted"]),
        (CATALOG, "v2", ["code repositories", "`codestar-connections`", "CodePipeline"]),
        (PIPELINES, "v1", ["New policy"]),
    ],
)
def test_the_updates_say_what_changed(name: str, key: str, words: list[str]) -> None:
    """In words of the book's own."""
    version = policy(name).version(key)
    assert version is not None
    change = " ".join((version.facts.change or "").split())
    assert [word for word in words if word not in change] == []


# --- Documents ------------------------------------------------------------------------------------


def listed(value: Any) -> list[Any]:
    """A single value as a list of one."""
    return value if isinstance(value, list) else [value]


def digest(found: Document) -> str:
    """A digest of the statements, in which a single value is the same as a list of it."""
    plain = []
    for statement in listed(found.source["Statement"]):
        row = {key: value for key, value in statement.items() if key in ("Effect", "Sid")}
        row |= {key: listed(value) for key, value in statement.items() if key not in row}
        if "Condition" in statement:
            row["Condition"] = {
                operator: {key: listed(values) for key, values in keys.items()}
                for operator, keys in statement["Condition"].items()
            }
        plain.append(row)
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()[:16]


# Statements, actions as listed, distinct actions, prefixes, statements with conditions, and the
# digest of the statements; each taken from the page that shows the document.
DOCUMENTS = {
    (PIPELINES, "v3"): (5, 18, 18, 5, 1, "9654ae931117d5f9"),
    (PIPELINES, "v1"): (3, 7, 7, 3, 1, "035f6d6ae006c166"),
    (CATALOG, "v3"): (31, 126, 123, 17, 7, "630e4f03861fa654"),
    (FULL, "2021-08-02"): (29, 176, 170, 29, 8, "1917b6f046526cd2"),
    (READ_ONLY, "2021-06-10"): (2, 24, 24, 6, 0, "4a562a35e3a44a25"),
}


@pytest.mark.parametrize(("name", "key"), sorted(DOCUMENTS))
def test_a_document_is_the_one_that_the_page_shows(name: str, key: str) -> None:
    """Statement for statement."""
    found = document(name, key)
    actions = [a for s in listed(found.source["Statement"]) for a in listed(s["Action"])]
    assert (
        len(found.statements),
        len(actions),
        len(set(actions)),
        len({action.split(":")[0] for action in actions}),
        sum(bool(statement.condition) for statement in found.statements),
        digest(found),
    ) == DOCUMENTS[name, key]
    assert {statement.effect for statement in found.statements} == {"Allow"}


def test_the_documents_hold_nothing_odd_but_one_retired_service() -> None:
    """Elastic Inference is in no catalogue any more."""
    catalogue = Catalogue()
    assert [
        (p.name, finding.kind, text)
        for p, _, found in book().documents()
        for text, finding in document_findings(found.source, catalogue)
    ] == [(FULL, "uncatalogued-action", "elastic-inference:Connect")]


# --- Notes, drift and claims ----------------------------------------------------------------------

NOTES = {
    FULL: """
        application-autoscaling athena aws-marketplace cloudformation cloudwatch codebuild
        codecommit cognito-idp ec2 ecr elastic-inference elasticfilesystem fsx glue
        groundtruthlabeling iam kms lambda logs redshift redshift-data robomaker s3 secretsmanager
        servicecatalog sns states tag
    """,
    CATALOG: """
        apigateway cloudformation codebuild codecommit codepipeline codestar-connections cognito-idp
        ecr events firehose glue iam lambda logs s3 sagemaker states
    """,
    READ_ONLY: "application-autoscaling aws-marketplace cloudwatch cognito-idp ecr",
    PIPELINES: "elasticmapreduce events iam lambda sqs",
    ADMINISTRATOR: "",
    SCIENTIST: "",
}


@pytest.mark.parametrize(
    ("name", "count"), [(FULL, 28), (CATALOG, 17), (READ_ONLY, 5), (PIPELINES, 5), (SCIENTIST, 0)]
)
def test_every_prefix_that_a_page_explains_has_a_note(name: str, count: int) -> None:
    """Just those."""
    assert sorted(policy(name).facts.permissions) == NOTES[name].split()
    assert len(NOTES[name].split()) == count


@pytest.mark.parametrize(
    ("name", "drift"),
    [(FULL, ["sagemaker"]), (READ_ONLY, ["sagemaker"]), (CATALOG, []), (PIPELINES, [])],
)
def test_the_notes_and_the_document_differ_where_the_pages_do(name: str, drift: list[str]) -> None:
    """`sagemaker` is granted and not explained: FullAccess's 29th prefix, ReadOnly's sixth."""
    found = prefix_drift(policy(name))
    assert [(d.prefix, d.kind) for d in found] == [(prefix, "unexplained") for prefix in drift]
    assert all(d.remark and "`sagemaker`" in d.remark for d in found)
    current = policy(name).current
    assert current is not None
    assert current.document is not None
    granted = explained_prefixes(current.document)
    assert granted == {*policy(name).facts.permissions, *drift}


def test_full_access_passes_roles_more_widely_than_its_page_says() -> None:
    """To all four services whatever the role's name, where the page asks for one for three."""
    (drift,) = claim_drift(policy(FULL))
    assert drift.change.verdict == "widened"
    assert drift.change.lost == ()
    (gained,) = drift.change.gained
    assert gained.kind == "condition"
    assert gained.grant.action.patterns == ("iam:PassRole",)
    assert gained.grant.resource.patterns == ("arn:aws:iam::*:role/*",)
    assert gained.grant.condition == (
        Clause(
            "StringEquals",
            "iam:PassedToService",
            (
                "sagemaker.amazonaws.com",
                "glue.amazonaws.com",
                "robomaker.amazonaws.com",
                "states.amazonaws.com",
            ),
        ),
    )
    assert drift.claim.drift is not None
    assert [name for name in book().policies if claim_drift(policy(name))] == [FULL]


# --- The change of the Pipelines policy -----------------------------------------------------------

GAINED = [
    *(
        f"action: Allow lambda:GetFunction on arn:aws:lambda:*:*:function:*{name}*"
        for name in ("sagemaker", "sageMaker", "SageMaker")
    ),
    "condition: Allow iam:PassRole on arn:aws:iam::*:role/* if StringEquals iam:PassedToService "
    "lambda.amazonaws.com | elasticmapreduce.amazonaws.com | ec2.amazonaws.com",
    *(
        f"action: Allow events:{action} on "
        f"arn:aws:events:*:*:rule/SageMakerPipelineExecutionEMR{rule}"
        for action in ("DescribeRule", "PutRule", "PutTargets")
        for rule in ("StepStatusUpdateRule", "ClusterStatusUpdateRule")
    ),
    *(
        f"action: Allow elasticmapreduce:{action} on arn:aws:elasticmapreduce:*:*:cluster/*"
        for action in (
            "AddJobFlowSteps",
            "CancelSteps",
            "DescribeStep",
            "RunJobFlow",
            "DescribeCluster",
            "TerminateJobFlows",
            "ListSteps",
        )
    ),
]


def test_the_pipelines_policy_was_widened_by_just_these_grants() -> None:
    """From v1 to v3, since v2 is known by its date only; nothing was lost."""
    newest, by_date, first = transitions(policy(PIPELINES))
    assert (by_date.change, first.change) == (None, None)
    assert newest.before == first.version
    assert newest.change is not None
    assert newest.change.verdict == "widened"
    assert newest.change.lost == ()
    assert list(in_full(newest.change.gained)) == GAINED
    assert len(GAINED) == 17


# --- Groups, roles and guides ---------------------------------------------------------------------


def test_the_groups_are_the_three_topics() -> None:
    """With their policies, roles and guides, and the day on which tracking began."""
    found = {
        slug: (g.policies, g.not_recommended, g.roles, g.tracking and g.tracking.since)
        for slug, g in book().groups.items()
    }
    assert found == {
        "sagemaker-core": (
            (FULL, READ_ONLY),
            (ADMINISTRATOR, SCIENTIST),
            (),
            date(2021, 6, 1),
        ),
        "sagemaker-pipelines": ((PIPELINES,), (), (EXECUTION,), date(2021, 7, 30)),
        "sagemaker-projects-and-jumpstart": ((CATALOG,), (), (LAUNCH, USE), date(2021, 6, 17)),
    }
    assert "pipelines-access" in book().groups["sagemaker-pipelines"].guides
    assert all("managed-policies" in group.guides for group in book().groups.values())


def test_the_roles_know_their_policies_and_whom_they_pass() -> None:
    """Which policy serves which role."""
    assert {name: (r.policies, r.passes) for name, r in book().roles.items()} == {
        EXECUTION: ((PIPELINES,), ()),
        LAUNCH: ((CATALOG,), (USE,)),
        USE: ((), ()),
    }


def guide() -> Guide:
    """The guide on access management for pipelines."""
    return book().guides["pipelines-access"]


def test_the_guides_are_these() -> None:
    """One on managed policies and one on pipelines, with its three sections."""
    assert sorted(book().guides) == ["managed-policies", "pipelines-access"]
    assert [section.title for section in guide().sections] == [
        "Pipeline role",
        "Step roles",
        "Service control policies",
    ]


def test_the_snippet_of_the_guide_has_two_invalid_parts() -> None:
    """`s3:HeadObject` is no IAM action, and an ARN stands inside an ARN."""
    snippet = guide().sections[0].snippet
    assert snippet is not None
    (statement,) = snippet.statements
    assert statement.effect == "Allow"
    assert statement.action == ("s3:GetObject", "s3:HeadObject")
    assert statement.resource == "arn:aws:s3:::<your-bucket-arn>/*"
    assert [invalid.part for invalid in snippet.invalid] == [
        "s3:HeadObject",
        "arn:aws:s3:::<your-bucket-arn>/*",
    ]
    assert "HeadObject" in snippet.invalid[0].why
    assert [s.snippet for s in guide().sections[1:]] == [None, None]


def test_the_guide_has_its_points_and_steps() -> None:
    """What a pipeline role needs, and the two steps to an exception in a service control policy."""
    role, _, control = guide().sections
    points = " ".join(role.points)
    named = ("`iam:PassRole`", "`Create`", "`Describe`", "`JsonGet`")
    assert [name for name in named if name not in points] == []
    assert len(control.steps) == 2
    assert "`aws:PrincipalTag/<tag key>`" in control.steps[1]


def test_every_link_leads_to_aws_s_own_pages() -> None:
    """Or to the documentation of the SageMaker Python SDK."""
    found = book()
    links = (
        *(link for policy in found.policies.values() for link in policy.facts.links),
        *(link for group in found.groups.values() for link in group.links),
        *(link for role in found.roles.values() for link in role.links),
        *(link for guide in found.guides.values() for link in guide.links),
        *(link for g in found.guides.values() for part in g.sections for link in part.links),
    )
    hosts = {link.url.split("/")[2] for link in links}
    assert hosts <= {
        "docs.aws.amazon.com",
        "console.aws.amazon.com",
        "sagemaker.readthedocs.io",
        "aws.amazon.com",
    }
    assert all(p.facts.links for p in found.policies.values())


def test_each_topic_names_its_sources() -> None:
    """Five pages, each with the month whose state it shows."""
    assert all(group.sources for group in book().groups.values())
    found = [source for group in book().groups.values() for source in group.sources]
    assert sorted(source.as_of for source in found) == [
        "2021-08",
        "2021-09",
        "2021-09",
        "2021-09",
        "2023-02",
    ]
