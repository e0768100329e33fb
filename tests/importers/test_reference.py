"""`policybook import reference`: pages of the form of AWS's Managed Policy Reference."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from policybook.data.loader import load

from tests.support.books import BOOK, write
from tests.support.git_archives import ARN, Archive, document, snapshot
from tests.support.git_archives import imported as import_archive
from tests.support.guide_pages import imported, run
from tests.support.sites import contents

DOCUMENT = json.dumps(document("kite:Fly"), indent=2)
PAGE = f"""# KiteReader<a name="KiteReader"></a>

**Description**: Lets you look at kites\\.

`KiteReader` is an [AWS managed policy](https://docs.aws.amazon.com/IAM/latest/x.html)\\.

## Policy details<a name="d"></a>
+ **Type**: AWS managed policy
+ **Creation time**: February 06, 2020, 18:40 UTC
+ **Edited time:** March 03, 2021, 10:05 UTC
+ **ARN**: `{ARN}/KiteReader`

## Policy version<a name="v"></a>

**Policy version:** v2 \\(default\\)

## JSON policy document<a name="j"></a>

```
{DOCUMENT}
```
"""
HTML = f"""<!DOCTYPE html><h1>KiteReader</h1><p><b>Description</b>: Lets you look at kites.</p>
<ul><li><p><b>Type</b>: AWS managed policy</p></li>
<li><p><b>Creation time</b>: February 06, 2020, 18:40 UTC</p></li>
<li><p><b>Edited time:</b> March 03, 2021, 10:05 UTC</p></li>
<li><p><b>ARN</b>: <code>{ARN}/KiteReader</code></p></li></ul>
<p><b>Policy version:</b> v2 (default)</p><pre><code>{DOCUMENT}</code></pre>
"""


@pytest.fixture
def data(data: Path) -> Path:
    """A data folder without policies."""
    return write(data, {"book.yml": BOOK})


def a_page(data: Path, text: str = PAGE, name: str = "KiteReader.md") -> Path:
    """The file of a page."""
    return write(data.parent, {name: text}) / name


def text_of(data: Path) -> str:
    """The `policy.yml`."""
    return (data / "policies/KiteReader/policy.yml").read_text("utf-8")


@pytest.mark.parametrize("text", [PAGE, HTML])
def test_a_page_gives_the_facts_and_the_version_that_it_shows(data: Path, text: str) -> None:
    """Without a licence the description stays with AWS."""
    imported("reference", a_page(data, text), data)
    address = "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/KiteReader.html"
    assert text_of(data) == (
        "name: KiteReader\n"
        f"arn: {ARN}/KiteReader\n"
        "type: aws-managed\n"
        "created: 2020-02-06\n"
        "descriptions:\n"
        "  reference: {title: KiteReader in the AWS Managed Policy Reference, "
        f"url: '{address}'}}\n"
        "versions:\n"
        "  - {id: v2, published: 2021-03-03, sources: {reference: {published: 2021-03-03}}}\n"
    )
    assert json.loads((data / "policies/KiteReader/v2.json").read_text())["Version"]


def test_with_a_licence_the_description_is_stored(data: Path) -> None:
    """The day is that on which the page showed the version, too."""
    options = ("--license", "CC-BY-SA-4.0", "--as-of", "2026-01-02")
    imported("reference", a_page(data), data, *options)
    said = load(data).policies["KiteReader"].facts.descriptions["reference"]
    assert (said.text, said.license) == ("Lets you look at kites.", "CC-BY-SA-4.0")
    assert "observed: 2026-01-02" in text_of(data)


def test_a_deprecation_in_the_description_is_a_fact(data: Path) -> None:
    """So it is stored without a licence as well."""
    text = PAGE.replace("kites\\.\n", "kites\\. Please use KiteStrictReader instead\\.\n")
    imported("reference", a_page(data, text), data)
    assert "deprecated: {sources: {reference: {state: on-the-way-out, successors: " in text_of(data)


def test_the_first_version_has_the_day_of_creation(data: Path) -> None:
    """It is not known when a later edit was of it."""
    imported("reference", a_page(data, PAGE.replace("v2 ", "v1 ")), data)
    assert "{id: v1, published: 2020-02-06," in text_of(data)


def test_a_reference_page_and_an_archive_give_the_same_in_any_order(
    archive: Archive, data: Path
) -> None:
    file = {"policies/KiteReader": snapshot(2, "kite:Fly", created="2021-03-03T10:05:00Z")}
    archive.commit("2021-03-04", file)
    other = write(data.with_name("other"), {"book.yml": BOOK})
    imported("reference", a_page(data), data)
    import_archive(archive, data)
    import_archive(archive, other)
    imported("reference", a_page(data), other)
    assert contents(data) == contents(other)
    imported("reference", a_page(data), other)
    assert contents(data) == contents(other)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("AWS managed policy\n", "Job function policy\n", "expected aws-managed as the type of"),
        ("March 03, 2021, 10:05 UTC", "lately", "expected a day as Edited time, found 'lately'"),
        ("v2 ", "the newest ", "expected a version such as v3, found 'the newest (default)'"),
        ('"Allow"', '"Perhaps"', "expected a document of KiteReader, found none"),
        (DOCUMENT, f"{DOCUMENT}\n```\n\n```\n{DOCUMENT}", "expected one document, found 2"),
        ("## Policy v", "+ **ARN**: `x`\n\n## Policy v", "expected one ARN, found another: 'x'"),
    ],
)
def test_what_is_not_understood_is_named_in_one_line(
    data: Path, old: str, new: str, said: str
) -> None:
    """The rest is imported."""
    (line, _) = imported("reference", a_page(data, PAGE.replace(old, new)), data)
    assert line.startswith(f"{data.parent}/KiteReader.md: {said}")
    assert load(data).policies["KiteReader"].facts.created


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\n", "expected a page of text, found none"),
        (PAGE.replace("# KiteReader", "# ../../etc"), "expected a policy's name as the title"),
        (PAGE.replace("/KiteReader`", "/Kite`"), "expected the ARN of KiteReader, found"),
        (PAGE.replace("arn:aws:iam", "arn:nobody:iam"), "expected the ARN of KiteReader, found"),
    ],
)
def test_what_is_no_page_of_a_policy_is_left_out(data: Path, text: str, said: str) -> None:
    """Exit status 1."""
    result = run("reference", a_page(data, text), data)
    assert result.exit_code == 1
    assert result.stdout.splitlines()[0].startswith(f"{data.parent}/KiteReader.md: {said}")
    assert not list(data.glob("policies/*"))
