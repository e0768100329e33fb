"""Our risk rules beside published escalation paths and beside what cloudsplaining finds.

cloudsplaining runs in an environment of its own, because it needs other versions of packages than
the rest of the tests. `POLICYBOOK_CLOUDSPLAINING` names its interpreter.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from policybook.analysis.risks import Rulebook, flags
from policybook.catalogue.catalogue import Catalogue
from policybook.data.loader import load
from policybook.model.book import Book

from tests.support.books import DATA
from tests.support.documents import allow, bare_document

CLOUDSPLAINING = os.environ.get("POLICYBOOK_CLOUDSPLAINING", "")
METHODS = Path(__file__).parents[1] / "support" / "cloudsplaining_methods.py"

# Paths whose listed permissions alone do not meet their rule, with the reason.
MORE_NEEDED: Mapping[str, str] = {
    "sagemaker-001": "nothing runs in a new notebook instance until somebody opens it, or a "
    "lifecycle configuration does",
}


@pytest.fixture(scope="module")
def paths(corpus_path: Path) -> Mapping[str, tuple[str, ...]]:
    """The actions that each published path requires, by its id."""
    listed = json.loads((corpus_path.parent / "pathfinding.json").read_text())["paths"]
    return {
        path["id"]: tuple(needed["permission"] for needed in path["permissions"]["required"])
        for path in listed
    }


def test_every_published_path_is_named_by_a_rule_that_its_permissions_meet(
    paths: Mapping[str, tuple[str, ...]],
) -> None:
    """Without limits where the permissions have none; and rules name no other ids."""
    rules = load(DATA).rules
    assert {path for rule in rules.values() for path in rule.paths} == set(paths)
    catalogue = Catalogue()
    for path, actions in paths.items():
        met = flags(bare_document(allow(list(actions))), rules, catalogue)
        naming = [flag.mitigation for flag in met if path in rules[flag.rule].paths]
        assert bool(naming) != (path in MORE_NEEDED), path
        assert set(naming) <= {"none"}, path


# The rule for each of cloudsplaining's methods.
RULES: Mapping[str, str] = {
    "AccessExistingBedrockCodeInterpreterSession": "use-code-interpreter",
    "AddUserToGroup": "join-group",
    "AttachGroupPolicy": "attach-policy",
    "AttachRolePolicy": "attach-policy",
    "AttachRolePolicyThenUpdateAssumeRolePolicy": "attach-policy",
    "AttachUserPolicy": "attach-policy",
    "AttachUserPolicyThenCreateAccessKey": "attach-policy",
    "CreateAccessKey": "make-user-credentials",
    "CreateAndRotateAccessKey": "make-user-credentials",
    "CreateEC2WithExistingIP": "pass-role-ec2",
    "CreateLoginProfile": "make-user-credentials",
    "CreateNewPolicyVersion": "write-policy-version",
    "CreatePolicyVersionThenAssumeRole": "write-policy-version",
    "CreatePolicyVersionThenUpdateAssumeRolePolicy": "write-policy-version",
    "CreatePresignedSageMakerNotebookUrl": "open-notebooks",
    "EC2InstanceConnectSendSSHPublicKey": "log-in-to-instances",
    "ECSExecuteCommandOnRunningTask": "command-containers",
    "EditExistingLambdaFunctionWithRole": "change-function-code",
    "ExecuteCloudFormationChangeSet": "execute-change-set",
    "ModifyEC2InstanceUserDataThenRestart": "change-user-data",
    "ModifyExistingEC2LaunchTemplate": "change-launch-template",
    "PassExistingRoleToCloudFormation": "pass-role-cloudformation",
    "PassExistingRoleToNewAppRunnerService": "pass-role-app-runner",
    "PassExistingRoleToNewBedrockCodeInterpreter": "pass-role-code-interpreter",
    "PassExistingRoleToNewCloudFormationStackSet": "pass-role-cloudformation",
    "PassExistingRoleToNewCodeBuildProjectThenBuild": "pass-role-codebuild",
    "PassExistingRoleToNewCodeBuildProjectThenBuildBatch": "pass-role-codebuild",
    "PassExistingRoleToNewDataPipeline": "pass-role-data-pipeline",
    "PassExistingRoleToNewEC2SpotInstance": "pass-role-ec2",
    "PassExistingRoleToNewECSClusterRunTask": "pass-role-ecs",
    "PassExistingRoleToNewECSClusterServiceTask": "pass-role-ecs",
    "PassExistingRoleToNewECSService": "pass-role-ecs",
    "PassExistingRoleToNewECSTaskViaRunTask": "pass-role-ecs",
    "PassExistingRoleToNewECSTaskViaStartTask": "pass-role-ecs",
    "PassExistingRoleToNewGlueDevEndpoint": "pass-role-glue-endpoint",
    "PassExistingRoleToNewGlueJobThenRun": "pass-role-glue-job",
    "PassExistingRoleToNewGlueJobViaTrigger": "pass-role-glue-job",
    "PassExistingRoleToNewLambdaThenAddPermission": "pass-role-lambda",
    "PassExistingRoleToNewLambdaThenInvoke": "pass-role-lambda",
    "PassExistingRoleToNewLambdaThenTriggerWithExistingDynamo": "pass-role-lambda",
    "PassExistingRoleToNewLambdaThenTriggerWithNewDynamo": "pass-role-lambda",
    "PassExistingRoleToNewSageMakerNotebookInstance": "pass-role-sagemaker-notebook",
    "PassExistingRoleToNewSageMakerProcessingJob": "pass-role-sagemaker-job",
    "PassExistingRoleToNewSageMakerTrainingJob": "pass-role-sagemaker-job",
    "PassExistingRoleToUpdatedGlueJobThenRun": "pass-role-glue-job",
    "PassExistingRoleToUpdatedGlueJobViaTrigger": "pass-role-glue-job",
    "PassRoleToUpdateCloudFormationStackSet": "pass-role-cloudformation",
    "PutGroupPolicy": "put-inline-policy",
    "PutRolePolicy": "put-inline-policy",
    "PutRolePolicyThenUpdateAssumeRolePolicy": "put-inline-policy",
    "PutUserPolicy": "put-inline-policy",
    "PutUserPolicyThenCreateAccessKey": "put-inline-policy",
    "SetExistingDefaultPolicyVersion": "switch-policy-version",
    "UpdateAndInvokeLambdaFunction": "change-function-code",
    "UpdateExistingGlueDevEndpoint": "change-glue-endpoint",
    "UpdateLambdaFunctionAndAddPermission": "change-function-code",
    "UpdateLoginProfile": "make-user-credentials",
    "UpdateRolePolicyToAssumeIt": "rewrite-role-trust",
    "UpdateSageMakerNotebookLifecycleConfig": "change-notebook-start",
}

_BY_ARN = "allowed on ARN patterns of all resources of a type; cloudsplaining counts only `*`"
_BY_NOT = (
    "allowed by a NotResource that leaves out none of the type; cloudsplaining does not read it"
)
_DOMAIN = "our rule is also about presigned URLs of domains, which cloudsplaining does not look for"

# Each policy and rule on which the two differ, with the reason. In every one our rule is met
# without limits, and cloudsplaining finds none of the rule's methods.
DIFFERENCES: Mapping[tuple[str, str], str] = {
    ("AmazonDataZoneSageMakerEnvironmentRolePermissionsBoundary", "change-notebook-start"): _BY_NOT,
    ("AmazonDataZoneSageMakerEnvironmentRolePermissionsBoundary", "open-notebooks"): _BY_NOT,
    ("AmazonSageMakerFullAccess", "change-notebook-start"): _BY_NOT,
    ("AmazonSageMakerFullAccess", "open-notebooks"): _BY_NOT,
    (
        "AmazonSageMakerServiceCatalogProductsCloudformationServiceRolePolicy",
        "change-notebook-start",
    ): _BY_NOT,
    (
        "AmazonSageMakerServiceCatalogProductsCloudformationServiceRolePolicy",
        "open-notebooks",
    ): _BY_NOT,
    (
        "AmazonSageMakerServiceCatalogProductsLambdaServiceRolePolicy",
        "change-notebook-start",
    ): _BY_ARN,
    ("AmazonSageMakerServiceCatalogProductsLambdaServiceRolePolicy", "open-notebooks"): _BY_ARN,
    ("AwsGlueSessionUserRestrictedNotebookServiceRole", "change-glue-endpoint"): _BY_ARN,
    ("AwsGlueSessionUserRestrictedServiceRole", "change-glue-endpoint"): _BY_ARN,
    ("BedrockAgentCoreFullAccess", "use-code-interpreter"): _BY_ARN,
    ("DataScientist", "change-notebook-start"): _BY_NOT,
    ("DataScientist", "open-notebooks"): _BY_NOT,
    ("SageMakerStudioAdminIAMDefaultExecutionPolicy", "open-notebooks"): _DOMAIN,
}


@pytest.mark.skipif(not CLOUDSPLAINING, reason="POLICYBOOK_CLOUDSPLAINING names no interpreter")
def test_cloudsplaining_finds_the_same_escalations_but_for_those_explained(aws_book: Book) -> None:
    """In the current version of every policy of AWS, without limits."""
    documents = {
        name: policy.current.document
        for name, policy in aws_book.policies.items()
        if policy.current and policy.current.document
    }
    rulebook = Rulebook(aws_book.rules, Catalogue())
    theirs: dict[str, set[str]] = defaultdict(set)
    for name, methods in found_elsewhere({n: d.source for n, d in documents.items()}).items():
        theirs[name].update(RULES[method] for method in methods)
    assert sum(map(bool, theirs.values())) > 30
    ours = {
        name: {flag.rule for flag in rulebook.flags(document) if flag.mitigation == "none"}
        for name, document in documents.items()
    }
    compared = set(RULES.values())
    assert {(name, rule) for name, own in theirs.items() for rule in own - ours[name]} == set()
    more = {(name, r) for name, own in ours.items() for r in own & compared - theirs[name]}
    assert more == set(DIFFERENCES)


def found_elsewhere(documents: Mapping[str, Any]) -> Mapping[str, list[str]]:
    """The methods that cloudsplaining finds in each document."""
    ran = subprocess.run(
        [CLOUDSPLAINING, str(METHODS)],
        input=json.dumps(documents),
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, list[str]] = json.loads(ran.stdout)
    return found
