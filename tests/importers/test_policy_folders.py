"""A policy is identified by its ARN: several of one name have folders of their own."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from itertools import permutations
from pathlib import Path

import pytest
from policybook.data.loader import load
from policybook.errors import PolicybookError
from policybook.importers.policy_list import type_of
from policybook.importers.records import Archive, ArchivedPolicy, ArchivedVersion
from policybook.importers.snapshots import formatted_document
from policybook.importers.writing.writer import write as import_into
from policybook.model.book import ImportedSource

from tests.support.books import BOOK, write
from tests.support.sites import contents

ARNS = {
    "P": "arn:aws:iam::aws:policy/P",
    "P~service-role": "arn:aws:iam::aws:policy/service-role/P",
    "P~aws-cn": "arn:aws-cn:iam::aws:policy/P",
    "P~aws-us-gov.service-role": "arn:aws-us-gov:iam::aws:policy/service-role/P",
    "P~123456789012": "arn:aws:iam::123456789012:policy/P",
    "P~123456789012.team-a.b.c525bb67cdd1": "arn:aws:iam::123456789012:policy/team:a/b/P",
    "P~123456789012.team-a.b": "arn:aws:iam::123456789012:policy/team-a/b/P",
    "P~123456789012.team-a.b.98cd8ab62d8f": "arn:aws:iam::123456789012:policy/team-a.b/P",
}
LONG = "/".join(["x" * 60] * 8)
AWS = {name: arn for name, arn in ARNS.items() if "::aws:" in arn}


def archive(*arns: str | None, name: str = "P") -> Archive:
    """Policies of one name, each with a document that names its ARN."""
    policies = []
    for arn in arns:
        action = f"s3:{sha256((arn or '').encode()).hexdigest()}"
        statement = f'{{"Effect": "Allow", "Action": "{action}", "Resource": "*"}}'
        content = f'{{"Version": "2012-10-17", "Statement": [{statement}]}}'.encode()
        document, reason = formatted_document(content)
        assert not reason
        version = ArchivedVersion(1, date(2020, 1, 1), None, document)
        policies.append(ArchivedPolicy(name, (version,), arn=arn, type=type_of(arn)))
    return Archive(tuple(policies), (), len(policies), "test", ImportedSource(title="Test"))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """An empty data folder."""
    return write(tmp_path / "data", {"book.yml": BOOK})


def test_each_arn_has_a_folder_whichever_comes_first(tmp_path: Path) -> None:
    """The plain name is that of the partition `aws` with the shortest path, and of AWS's own."""
    results = []
    for place, order in enumerate(permutations(list(AWS.values()))):
        data = write(tmp_path / f"data{place}", {"book.yml": BOOK})
        for arn in (*order, *order):
            import_into([archive(arn)], data)
        results.append(contents(data))
    assert all(result == results[0] for result in results)
    found = load(tmp_path / "data0").policies
    assert {name: policy.facts.arn for name, policy in found.items()} == dict(
        list(ARNS.items())[:4]
    )


def test_policies_of_one_name_in_one_source_are_kept_apart(data: Path) -> None:
    """Also those of a customer's account, in any path."""
    import_into([archive(*reversed(ARNS.values()))], data)
    found = load(data).policies
    assert {name: policy.facts.arn for name, policy in found.items()} == ARNS
    assert len({str(policy.versions[0].document) for policy in found.values()}) == len(ARNS)


def test_a_path_as_long_as_iam_allows_has_a_folder_whichever_comes_first(tmp_path: Path) -> None:
    """No disk has names of files that are so long."""
    arns = (ARNS["P"], f"arn:aws:iam::aws:policy/{LONG}/P", f"arn:aws:iam::aws:policy/{LONG}y/P")
    for place, order in enumerate(permutations(arns)):
        data = write(tmp_path / f"data{place}", {"book.yml": BOOK})
        for arn in (*order, *order):
            import_into([archive(arn)], data)
        found = load(data).policies.values()
        assert {policy.facts.arn for policy in found} == {*arns}
        assert contents(data) == contents(tmp_path / "data0")


@pytest.mark.parametrize("name", ["null", "True", "yes", "off", "1e3", "2020-01-01", "-", "=", "x"])
def test_a_name_that_yaml_reads_as_something_else_is_a_name(data: Path, name: str) -> None:
    """Customers name their policies as they like."""
    arn = f"arn:aws:iam::123456789012:policy/{name}"
    import_into([archive(arn, name=name)], data)
    assert load(data).policies[name].facts.arn == arn


def test_no_policy_is_written_into_the_folder_of_another_one(data: Path) -> None:
    """A partition and a path can give the same name."""
    one, other = ARNS["P~aws-cn"], "arn:aws:iam::aws:policy/aws-cn/P"
    import_into([archive(ARNS["P"], one)], data)
    before = contents(data)
    with pytest.raises(PolicybookError, match=r"expected a folder for .*/aws-cn/P, found one of"):
        import_into([archive(other)], data)
    assert contents(data) == before


def test_a_policy_of_an_unknown_arn_is_the_one_with_the_plain_name(data: Path) -> None:
    """A later source says which one it is."""
    import_into([archive(None)], data)
    import_into(
        [archive(ARNS["P~aws-cn"].replace("aws-cn", "aws"))], write(data.parent / "other", {})
    )
    assert list(load(data).policies) == ["P"]


def test_a_folder_that_people_wrote_keeps_its_name(data: Path) -> None:
    """The newcomer is told apart instead, also if it would have the plain name."""
    own = f"name: P\narn: {ARNS['P~aws-cn']}\ntype: aws-managed\nversions:\n  - id: v1\n"
    files = {
        "policies/P/policy.yml": own,
        "policies/P/v1.json": '{"Version": "2012-10-17", "Statement": []}',
    }
    write(data, files)
    import_into([archive(ARNS["P"])], data)
    assert {n: p.facts.arn for n, p in load(data).policies.items()} == {
        "P": ARNS["P~aws-cn"],
        "P~aws": ARNS["P"],
    }
    assert (data / "policies/P/policy.yml").read_text("utf-8") == own


def test_names_of_two_owners_may_differ_by_case_only(tmp_path: Path) -> None:
    """Their folders differ by more, in any order."""
    own = archive("arn:aws:iam::123456789012:policy/p", name="p")
    results = []
    for place, order in enumerate(permutations((own, archive(ARNS["P"])))):
        data = write(tmp_path / f"data{place}", {"book.yml": BOOK})
        for found in order:
            import_into([found], data)
        results.append(contents(data))
    assert results[0] == results[1]
    assert set(load(tmp_path / "data0").policies) == {"P", "p~123456789012"}
