"""The pages of AWS's guides that `data/` was written from: the reader finds what stands there.

`POLICYBOOK_CORPUS` names the archive; the pages are in the folder `seeds` beside its folder. AWS's
sentences are compared with, but none of them is here.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from policybook.build.planner import findings
from policybook.data.loader import load
from policybook.iam.statements import statements
from policybook.importers.guides.facts import GuidePage
from policybook.importers.guides.guide_pages import read_guide_page
from policybook.model.book import Book
from policybook.model.documents import says_the_same
from policybook.model.policies import Policy

from tests.support.archive import CORPUS
from tests.support.books import BOOK, DATA, write
from tests.support.guide_pages import imported
from tests.support.sites import contents

SEEDS = Path(CORPUS).resolve().parent.parent / "seeds" if CORPUS else Path()
GUIDES = Path(CORPUS).resolve().parent / "guides" if CORPUS else Path()

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(
        not CORPUS or not SEEDS.is_dir(), reason="no folder `seeds` beside POLICYBOOK_CORPUS"
    ),
]

CATALOG = "AmazonSageMakerAdmin-ServiceCatalogProductsServiceRolePolicy"
PIPELINES = "AmazonSageMakerPipelinesIntegrations"
FULL = "AmazonSageMakerFullAccess"
READ = "AmazonSageMakerReadOnly"


@cache
def page(number: str) -> GuidePage:
    """The seed of that number."""
    (path,) = SEEDS.glob(f"{number}_*.txt")
    return read_guide_page(path.read_bytes())


@cache
def book() -> Book:
    return load(DATA)


@pytest.mark.parametrize(
    ("number", "name", "count"),
    [("001", PIPELINES, 5), ("002", CATALOG, 17), ("004", FULL, 28), ("004", READ, 5)],
)
def test_each_policy_has_its_notes(number: str, name: str, count: int) -> None:
    """For the prefixes of `permissions`, whose texts are other words than the page's."""
    found = page(number).policy(name)
    assert found
    permissions = book().policies[name].facts.permissions
    assert len(found.by_prefix) == count
    assert found.by_prefix.keys() == permissions.keys()
    same = [p for p, texts in found.by_prefix.items() if permissions[p] in texts]
    assert same == []
    assert all(len(texts) == 1 and len(texts[0]) > 15 for texts in found.by_prefix.values())


def test_an_older_page_has_notes_for_fewer_prefixes() -> None:
    """The first page on Pipelines is that of version 1."""
    found = page("000").policy(PIPELINES)
    assert found
    assert sorted(found.by_prefix) == ["iam", "lambda", "sqs"]


@pytest.mark.parametrize(
    ("number", "name", "key"),
    [
        ("000", PIPELINES, "v1"),
        ("001", PIPELINES, "v3"),
        ("002", CATALOG, "v3"),
        ("004", FULL, "2021-08-02"),
        ("004", READ, "2021-06-10"),
    ],
)
def test_each_document_is_that_of_the_data(number: str, name: str, key: str) -> None:
    """Statement for statement."""
    found = page(number).policy(name)
    version = book().policies[name].version(key)
    assert found
    assert version
    assert version.document
    (shown,) = found.documents
    assert shown.document, shown.refused
    assert shown.document.statements == version.document.statements
    assert shown.document.source == version.document.source


def updates_of(policy: Policy) -> set[tuple[str, int | None, str]]:
    """The versions of a policy as rows of a table: name, number and day."""
    return {
        (policy.facts.name, int(v.facts.id[1:]) if v.facts.id else None, str(v.facts.published))
        for v in policy.versions
    }


@pytest.mark.parametrize(
    ("number", "names"), [("001", [PIPELINES]), ("002", [CATALOG]), ("004", [FULL, READ])]
)
def test_the_table_of_updates_has_the_versions_and_days_of_the_data(
    number: str, names: list[str]
) -> None:
    """Each row has one policy and the text of a change."""
    rows = {(u.policies[0], u.version, str(u.day)) for u in page(number).updates}
    assert rows == set().union(*(updates_of(book().policies[name]) for name in names))
    assert all(len(u.policies) == 1 and u.change for u in page(number).updates)


@pytest.mark.parametrize(
    ("number", "group"),
    [
        ("000", "sagemaker-pipelines"),
        ("002", "sagemaker-projects-and-jumpstart"),
        ("004", "sagemaker-core"),
    ],
)
def test_the_day_on_which_tracking_began_is_that_of_the_group(number: str, group: str) -> None:
    tracking = book().groups[group].tracking
    assert tracking
    assert page(number).tracking == tracking.since


def test_the_address_is_among_the_links_of_the_group() -> None:
    """As far as a page states it."""
    groups = {"000": "sagemaker-pipelines", "002": "sagemaker-projects-and-jumpstart"}
    for number, group in groups.items():
        assert page(number).address in [link.url for link in book().groups[group].links]


def test_policies_that_the_page_lists_are_those_of_the_group() -> None:
    """Those that it does not recommend are below another paragraph."""
    under: dict[str, list[str]] = {}
    for mention in page("004").mentions:
        under.setdefault(mention.under, []).append(mention.name)
    group = book().groups["sagemaker-core"]
    assert sorted(map(tuple, under.values())) == sorted([group.policies, group.not_recommended])


def test_the_statement_of_a_page_without_policies_is_that_of_the_guide() -> None:
    """It is listed that it belongs to no policy."""
    (shown,) = page("003").documents
    snippet = book().guides["pipelines-access"].sections[0].snippet
    assert snippet
    assert shown.alone
    assert shown.document
    assert shown.document.statements == statements(snippet.statements)
    assert [line.partition(":")[0] for line in page("003").unread] == [
        f"line {shown.line}",
        "expected the section of a policy, found none",
    ]


def test_nothing_of_the_other_seeds_is_unread() -> None:
    assert [page(number).unread for number in ("000", "001", "002", "004")] == [()] * 4


# Policies, service prefixes with notes, documents that the loader accepts, and rows of each page.
COUNTS: Mapping[str, tuple[int, int, int, int]] = {
    "amazon-ecr-user-guide--security-iam-awsmanpol": (5, 4, 3, 11),
    "amazon-sagemaker-developer-guide--security-iam-awsmanpol": (2, 35, 2, 7),
    "amazon-sagemaker-developer-guide--security-iam-awsmanpol-canvas": (2, 10, 1, 3),
    "amazon-sagemaker-developer-guide--security-iam-awsmanpol-feature-store": (1, 2, 1, 3),
    "amazon-sagemaker-developer-guide--security-iam-awsmanpol-geospatial": (2, 4, 2, 2),
    "amazon-sagemaker-developer-guide--security-iam-awsmanpol-governance": (1, 2, 0, 1),
    "amazon-sagemaker-developer-guide--security-iam-awsmanpol-ground-truth": (3, 11, 3, 5),
    "amazon-sagemaker-developer-guide--security-iam-awsmanpol-notebooks": (1, 4, 1, 1),
    "amazon-sagemaker-developer-guide--security-iam-awsmanpol-pipelines": (1, 5, 1, 3),
    "amazon-sagemaker-developer-guide--security-iam-awsmanpol-sc": (9, 42, 9, 16),
}


@pytest.mark.skipif(not GUIDES.is_dir(), reason="no folder `guides` beside POLICYBOOK_CORPUS")
@pytest.mark.parametrize("name", sorted(COUNTS))
def test_pages_of_other_services_are_read_as_well(name: str) -> None:
    """What is unread are documents with a comma too many or too few."""
    found = read_guide_page((GUIDES / f"{name}.md").read_bytes())
    documents = [d for policy in found.policies for d in policy.documents]
    assert COUNTS[name] == (
        len(found.policies),
        sum(len(policy.by_prefix) for policy in found.policies),
        sum(d.document is not None for d in documents),
        len(found.updates),
    )
    assert len(found.unread) == sum(d.document is None for d in documents)
    assert all("document is refused" in line for line in found.unread)
    assert all(u.day and u.policies for u in found.updates)


# --- Imported -------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=["an empty folder", "the curated one"])
def seeded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder into which the five seeds were imported."""
    data = tmp_path_factory.mktemp("seeded") / "data"
    if request.param == "the curated one":
        shutil.copytree(DATA, data)
    else:
        write(data, {"book.yml": BOOK})
    imported("guide", *_seeds(data))
    return data


def _seeds(data: Path) -> tuple[Any, ...]:
    first, *others = sorted(SEEDS.glob("*.txt"))
    return first, data, *others


def test_the_seeds_give_the_prefixes_documents_and_days_of_the_data(seeded: Path) -> None:
    """Each document without an id, since no page says which version it shows."""
    policies = load(seeded).policies
    for name, count in ((PIPELINES, 5), (CATALOG, 17), (FULL, 28), (READ, 5)):
        found, known = policies[name], book().policies[name]
        said = max(found.facts.descriptions.values(), key=lambda said: len(said.explained))
        assert len(said.explained) == count
        assert set(said.explained) == known.facts.permissions.keys()
        documents = [version.document for version in found.versions if version.document]
        days = {(u.version, u.day) for s in found.facts.descriptions.values() for u in s.updates}
        for version in known.versions:
            assert (version.facts.id, version.facts.published) in days
            same = [d for d in documents if says_the_same(d, version.document)]
            assert len(same) == (version.document is not None)


def test_the_curated_data_stays_and_names_the_pages_that_confirm_it(seeded: Path) -> None:
    """No version is added to it, and no line that people wrote is changed."""
    for name, known in book().policies.items() if (seeded / "roles.yml").exists() else ():
        found = load(seeded).policies[name]
        assert [v.key for v in found.versions] == [v.key for v in known.versions]
        assert all(v.shown_by for v in found.versions if v.document)
        before = (DATA / f"policies/{name}/policy.yml").read_text("utf-8").splitlines()
        after = (seeded / f"policies/{name}/policy.yml").read_text("utf-8").splitlines()
        assert [line for line in after if line in set(before)] == before


def test_no_word_of_the_seeds_is_stored_without_a_licence(seeded: Path) -> None:
    """Nor the text of an update."""
    for policy in load(seeded).policies.values():
        assert not any(said.has_words for said in policy.facts.descriptions.values())


def test_a_second_import_of_the_seeds_changes_nothing(seeded: Path) -> None:
    before = contents(seeded)
    imported("guide", *_seeds(seeded))
    assert contents(seeded) == before


@pytest.mark.skipif(not GUIDES.is_dir(), reason="no folder `guides` beside POLICYBOOK_CORPUS")
def test_pages_of_other_services_are_quoted_under_their_licence(tmp_path: Path) -> None:
    data = write(tmp_path / "data", {"book.yml": BOOK})
    first, *others = sorted(GUIDES.glob("*--*.md"))
    address = "https://docs.aws.amazon.com/sagemaker/latest/dg/"
    options = ("--license", "CC-BY-SA-4.0", "--url", address, "--as-of", "2023-06-15")
    lines = imported("guide", first, data, *others, *options)
    assert all("the document is refused" in line for line in lines[:-1])
    policies = load(data).policies
    assert len(policies) == 27
    said = [said for policy in policies.values() for said in policy.facts.descriptions.values()]
    assert sum(len(description.notes) for description in said) == 119
    assert [f for f in findings(data) if f.level == "error"] == []
