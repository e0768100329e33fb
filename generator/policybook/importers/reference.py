"""Pages of AWS's Managed Policy Reference, one for each policy, as records.

A page has the policy's name as its title, and below it, each on a line of its own or as an item of
a list: `Description: …`, `Type: …`, `Creation time: …`, `Edited time: …`, `ARN: …` and
`Policy version: v3 (default)`, then the document in JSON. It is read in any form of guide pages,
with and without marks around these words.

* The document is that of the default version. "Edited time" is when that version was created; for
  `v1` it is the time of creation.
* The type follows from the ARN, as for all sources; a page that states another one is named.
* The page of a policy is known by its name, so it need not state its address.
* AWS's description is kept only under a licence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256

from policybook.errors import PolicybookError, shown
from policybook.importers.deprecation_wording import deprecation_in
from policybook.importers.guides.blocks import (
    Block,
    CodeBlock,
    HeadingBlock,
    ItemBlock,
    ParagraphBlock,
)
from policybook.importers.guides.guide import GivenPages, storable
from policybook.importers.guides.guide_pages import page_blocks, page_content
from policybook.importers.policy_list import checked_arn, type_of
from policybook.importers.records import (
    Archive,
    ArchivedPolicy,
    ArchivedVersion,
    SkippedState,
    content_days,
)
from policybook.importers.snapshots import formatted_document, is_policy_name, version_number
from policybook.importers.wording_of_pages import day_in
from policybook.model.book import ImportedSource
from policybook.model.deprecation import SourceDeprecation
from policybook.model.descriptions import REFERENCE, Description
from policybook.model.fields import PolicyType

_PAGES = "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/"
_FIELD = re.compile(
    r"(?P<key>Description|Type|Creation time|Edited time|ARN|Policy version)\s?:\s?(?P<value>.+)"
)
_TIME = re.compile(r"(?P<day>.*?[0-9]{4}),? [0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?: UTC)?")
_VERSION = re.compile(r"(?P<id>v[0-9]+)(?: \(default\))?\.?")
_TYPES: Mapping[str, PolicyType] = {
    "aws managed policy": "aws-managed",
    "job function policy": "job-function",
    "service role policy": "service-role",
    "service-linked role policy": "service-linked-role",
}


def read(given: GivenPages) -> Archive:
    """Read reference pages, all of which are one source.

    Raises:
        PolicybookError: A file cannot be read.
    """
    policies: list[ArchivedPolicy] = []
    skipped: list[SkippedState] = []
    notes: list[str] = []
    digest = sha256()
    for file in given.files:
        content = page_content(file)
        digest.update(sha256(content).digest())
        try:
            page = _Page(page_blocks(content)[1].blocks)
            policies.append(page.policy(given))
        except PolicybookError as error:
            skipped.append(SkippedState(str(file), "", str(error), lost=True))
        else:
            notes += [f"{file}: {note}" for note in page.notes]
    first, last = content_days(policies)
    origin = ImportedSource(
        title="AWS Managed Policy Reference",
        url=_PAGES,
        digest=f"sha256:{digest.hexdigest()}",
        first=first,
        last=last,
    )
    ordered = tuple(sorted(policies, key=lambda policy: policy.name))
    return Archive(ordered, tuple(skipped), len(given.files), REFERENCE, origin, tuple(notes))


class _Page:
    """A page: its fields, and its documents; `notes` are lines about what could not be read."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.notes: list[str] = []
        self.name = next((b.text for b in blocks if isinstance(b, HeadingBlock)), "")
        self.documents = [block.text for block in blocks if isinstance(block, CodeBlock)]
        self.fields: dict[str, str] = {}
        for key, value in _fields(blocks):
            if self.fields.setdefault(key, value) != value:
                self.notes.append(f"expected one {key}, found another: {shown(value)}")

    def policy(self, given: GivenPages) -> ArchivedPolicy:
        """The policy.

        Raises:
            PolicybookError: The page has no policy's name as its title, or no ARN of that name.
        """
        if not is_policy_name(self.name):
            raise PolicybookError(
                f"expected a policy's name as the title, found {shown(self.name)}"
            )
        arn = checked_arn(self.name, self.fields.get("ARN", ""))
        if not arn:
            found = shown(self.fields.get("ARN"))
            raise PolicybookError(f"expected the ARN of {self.name}, found {found}")
        stated = self.fields.get("Type", "")
        if _TYPES.get(stated.lower()) != type_of(arn):
            expected = f"{type_of(arn)} as the type of {arn}, which is kept"
            self.notes.append(f"expected {expected}, found {shown(stated)}")
        return ArchivedPolicy(
            self.name,
            tuple(self._versions(given.as_of)),
            arn=arn,
            type=type_of(arn),
            created=self._day("Creation time"),
            description=self._description(given),
            deprecation=deprecation_in(self.fields.get("Description", ""), self.name)
            or SourceDeprecation(),
        )

    def _day(self, key: str) -> date | None:
        text = self.fields.get(key, "")
        timed = _TIME.fullmatch(text)
        found = day_in(timed["day"] if timed else text) or _iso_day(text)
        if text and not found:
            self.notes.append(f"expected a day as {key}, found {shown(text)}")
        return found

    def _versions(self, as_of: date | None) -> Iterator[ArchivedVersion]:
        """The version of the page, if the page says which it is and shows its document."""
        stated = _VERSION.fullmatch(self.fields.get("Policy version", ""))
        number = version_number(stated["id"]) if stated else 0
        if not number:
            found = shown(self.fields.get("Policy version"))
            self.notes.append(f"expected a version such as v3, found {found}")
            return
        if len(self.documents) != 1:
            self.notes.append(f"expected one document, found {len(self.documents)}")
            return
        document, reason = formatted_document(self.documents[0].encode("utf-8", "replace"))
        if reason:
            self.notes.append(f"expected a document of {self.name}, found none: {reason}")
            return
        published = self._day("Creation time" if number == 1 else "Edited time")
        yield ArchivedVersion(number, published, as_of, document)

    def _description(self, given: GivenPages) -> Description | None:
        """AWS's description if there is a licence for it, and else the link."""
        facts = {
            "title": f"{self.name} in the AWS Managed Policy Reference",
            "url": f"{_PAGES}{self.name}.html",
            "as_of": str(given.as_of) if given.as_of else None,
        }
        words = {"text": self.fields.get("Description"), "license": given.license}
        forms = [{**facts, **words}, facts] if given.license else [facts]
        return storable(
            forms, lambda more: self.notes.append(f"expected what can be stored, found {more}")
        )


def _fields(blocks: Sequence[Block]) -> Iterator[tuple[str, str]]:
    for block in blocks:
        if isinstance(block, ParagraphBlock | ItemBlock) and (
            found := _FIELD.fullmatch(block.text)
        ):
            yield found["key"], found["value"].strip()


def _iso_day(text: str) -> date | None:
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        return None
