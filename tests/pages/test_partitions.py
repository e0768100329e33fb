"""Policies of one name in several partitions: each has its page, which names the partition."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.books import BOOK, write
from tests.support.html import Element, read_html
from tests.support.sites import built, once

VERSIONS = "versions: [{id: v1}]"
DOCUMENT = '{"Version": "2012-10-17", "Statement": []}'
CONFIG = "site_name: T\ntheme: {name: material}\nplugins: [policybook]\n"


def policy(name: str, partition: str) -> dict[str, str]:
    """The files of a policy of the name P."""
    arn = f"arn:{partition}:iam::aws:policy/P"
    text = f"name: {name}\narn: {arn}\ntype: aws-managed\n{VERSIONS}\n"
    folder = f"data/policies/{name}"
    return {f"{folder}/policy.yml": text, f"{folder}/v1.json": DOCUMENT}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a book with two partitions."""

    def make(folder: Path) -> None:
        write(folder, {"mkdocs.yml": CONFIG, "docs/.keep": "", "data/book.yml": BOOK})
        write(folder, policy("P", "aws") | policy("P~aws-cn", "aws-cn"))
        built(folder / "site", cwd=folder)

    return once(tmp_path_factory, "partitions", make) / "site"


def page(site: Path, name: str) -> Element:
    return read_html((site / name / "index.html").read_text("utf-8"))


def test_each_has_an_address_and_only_the_other_partition_is_named(site: Path) -> None:
    """The plain address is that of the partition `aws`."""
    tags = [tag.text for tag in page(site, "policies/P~aws-cn").all("li", "pb-tag")]
    assert "AWS China" in tags
    assert "AWS" not in [tag.text for tag in page(site, "policies/P").all("li", "pb-tag")]


def test_the_list_has_a_filter_for_the_partition(site: Path) -> None:
    """It asks for what each row has."""
    found = page(site, "policies")
    (choice,) = (s for s in found.all("select") if s.get("name") == "partition")
    assert [option.text for option in choice.all("option")] == ["any", "AWS (1)", "AWS China (1)"]
    packed = [json.loads(row.get("data-f")) for row in found.all("tr")[1:]]
    assert [values[-1] for values in packed] == [0, 1]


def test_the_json_has_the_partition(site: Path) -> None:
    """In the list of policies, and in the file of each."""
    lines = json.loads((site / "api/v1/policies.json").read_text("utf-8"))["result"]
    assert {line["name"]: line["partition"] for line in lines} == {"P": "aws", "P~aws-cn": "aws-cn"}
    own = json.loads((site / "api/v1/policies/P~aws-cn.json").read_text("utf-8"))["result"]
    assert own["partition"] == "aws-cn"
