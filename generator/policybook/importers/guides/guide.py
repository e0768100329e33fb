"""AWS guide pages as a source: what each says of policies, as records.

* Each page is a source of its own. Its name follows from its address, or from its title if neither
  the page nor the user states one: see `source_name`.
* A row of a table of updates dates the version that it numbers. No number is made up for others:
  their days are in the page's `updates` alone, like all rows.
* The document of a policy's section is kept as the one that the page shows, without a number. If
  the section shows several, it is not known which is the policy's, and none is kept.
* The state of a page is the day that the user states, or else the newest day that the page states.
* Sentences of the page are kept only under a licence, with the page's address.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from hashlib import sha256
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from policybook.errors import PolicybookError, shown
from policybook.importers.guides.deprecations import deprecations_of
from policybook.importers.guides.facts import GuideDocument, GuidePage, GuidePolicy, PolicyUpdate
from policybook.importers.guides.guide_pages import page_content, read_guide_page
from policybook.importers.policy_list import checked_arn, type_of
from policybook.importers.records import (
    Archive,
    ArchivedPolicy,
    ArchivedVersion,
    ShownDocument,
    SkippedState,
)
from policybook.importers.snapshots import formatted_document
from policybook.model.book import ImportedSource
from policybook.model.deprecation import SourceDeprecation
from policybook.model.descriptions import GUIDE, Description
from policybook.model.fields import Url
from policybook.model.version_ids import version_id

MAX_TITLE = 500

_AWS = "https://docs.aws.amazon.com/"


class GivenPages(Struct, frozen=True):
    """Files of pages, and what the user says of them: address, licence of the words, and day.

    An `url` that ends with `/` is that of a guide, and the page has the name of its file there.
    """

    files: tuple[Path, ...]
    url: str | None = None
    license: str | None = None
    as_of: date | None = None


def read(given: GivenPages) -> tuple[Archive, ...]:
    """Read guide pages in any form that `read_guide_page` reads, each as a source of its own.

    Raises:
        PolicybookError: A file cannot be read, the address is none, or two are at the same one.
    """
    if given.url and not given.url.endswith("/") and len(given.files) > 1:
        raise PolicybookError(f"expected one page at {given.url}, found {len(given.files)}")
    archives = tuple(_archive(file, given) for file in given.files)
    known: dict[str, tuple[Path, Archive]] = {}
    for file, archive in zip(given.files, archives, strict=True):
        other, same = known.setdefault(archive.source, (file, archive))
        if archive.policies and archive.origin.digest != same.origin.digest:
            raise PolicybookError(
                f"{file}: expected a page of another address than {other}, found the same"
            )
    return archives


def _archive(file: Path, given: GivenPages) -> Archive:
    content = page_content(file)
    try:
        page = read_guide_page(content)
        url = _address(file, given) or page.address
        source = source_name(url, page.title)
    except PolicybookError as error:
        lost = SkippedState(str(file), "", str(error), lost=True)
        return Archive((), (lost,), 1, GUIDE, ImportedSource(title=file.name))
    days = [day for day in (page.tracking, *(u.day for u in page.updates)) if day]
    reader = _Reader(page, url, given.license, given.as_of or max(days, default=None))
    policies = tuple(sorted(reader.policies(), key=lambda policy: policy.name))
    origin = ImportedSource(
        title=page.title or str(url),
        url=url,
        digest=f"sha256:{sha256(content).hexdigest()}",
        first=min(days, default=None),
        last=max(days, default=None),
    )
    notes = tuple(f"{file}: {line}" for line in (*page.unread, *reader.notes))
    return Archive(policies, (), 1, source, origin, notes)


def _address(file: Path, given: GivenPages) -> str | None:
    """The address that the user states for a page.

    Raises:
        PolicybookError: It is no address.
    """
    if not given.url:
        return None
    address = f"{given.url}{file.stem}.html" if given.url.endswith("/") else given.url
    try:
        return msgspec.convert(address.partition("#")[0], Url)
    except msgspec.ValidationError:
        raise PolicybookError(f"expected an address with https, found {shown(address)}") from None


def source_name(url: str | None, title: str) -> str:
    """The name of a page in the data: `guide-` and the words of its address, else of its title.

    Raises:
        PolicybookError: There is neither, or the title is too long for one.
    """
    if len(title) > MAX_TITLE:
        raise PolicybookError(f"expected a title of at most {MAX_TITLE} characters, found more")
    path = (url or "").removeprefix(_AWS).removeprefix("https://").removesuffix(".html")
    words = re.findall("[a-z0-9]+", path.replace("/latest/", "/").lower() or title.lower())
    if not words:
        raise PolicybookError("expected a page with a title or an address, found neither")
    return GUIDE + "-".join(words)


class _Reader:
    """Makes records of a page; `notes` are lines about what is left out."""

    def __init__(
        self, page: GuidePage, url: str | None, license_name: str | None, as_of: date | None
    ) -> None:
        self.page, self.url, self.as_of = page, url, as_of
        self.license = license_name if url else None
        self.notes: list[str] = []
        if license_name and not url:
            self.notes.append("expected the page's address, to quote it (--url), found none")

    def policies(self) -> Iterator[ArchivedPolicy]:
        """The policies that have a section, or a row that says that they are policies."""
        sections = {policy.name: policy for policy in self.page.policies}
        updates = self._updates(sections)
        deprecated = deprecations_of(self.page)
        for name in dict.fromkeys((*sections, *updates)):
            found = self._policy(sections.get(name, GuidePolicy(name, 0)), updates.get(name, []))
            said = deprecated.get(name, SourceDeprecation())
            yield structs.replace(found, deprecation=said)
        for mention in self.page.mentions:
            if mention.name not in sections and mention.name not in updates:
                self._note(mention.line, f"a section for {mention.name}", "its name in a list")

    def _updates(self, sections: Mapping[str, object]) -> Mapping[str, list[PolicyUpdate]]:
        found: dict[str, list[PolicyUpdate]] = {}
        for update in self.page.updates:
            for name in update.policies:
                if name in sections or "polic" in update.label.lower():
                    found.setdefault(name, []).append(update)
                else:
                    self._note(update.line, f"a section for {name}", "its name in a table")
        return found

    def _policy(self, section: GuidePolicy, updates: Sequence[PolicyUpdate]) -> ArchivedPolicy:
        arn = checked_arn(section.name, section.arn) if section.arn else None
        return ArchivedPolicy(
            section.name,
            tuple(self._versions(section.name, updates)),
            arn=arn,
            type=type_of(arn) if arn else "unknown",
            description=self._description(section, updates),
            shown=tuple(self._shown(section)),
        )

    def _versions(self, name: str, updates: Iterable[PolicyUpdate]) -> Iterator[ArchivedVersion]:
        """The versions that rows number, newest first; the earliest of several days counts."""
        days: dict[int, date] = {}
        for update in updates:
            number = _number(update)
            if not number or not update.day:
                continue
            if (other := days.setdefault(number, update.day)) != update.day:
                self._note(update.line, f"one day of v{number} of {name}, {other}", str(update.day))
            days[number] = min(other, update.day)
        for number in sorted(days, reverse=True):
            yield ArchivedVersion(number, days[number], None, None)

    def _shown(self, section: GuidePolicy) -> Iterator[ShownDocument]:
        """The document that the section shows, if it is one."""
        whole = [found for found in section.documents if found.document and not found.alone]
        if len(section.documents) > 1:
            found = f"{len(section.documents)}, none of which is kept"
            self._note(section.line, f"one document of {section.name}", found)
        elif whole:
            yield from self._formatted(whole[0])
        elif section.documents and section.documents[0].document:
            line = section.documents[0].line
            self._note(line, f"a whole document of {section.name}", "a statement alone")

    def _formatted(self, found: GuideDocument) -> Iterator[ShownDocument]:
        document, reason = formatted_document(found.content)
        if reason:
            self._note(found.line, "a document", reason)
        else:
            yield ShownDocument(document, self.as_of)

    def _description(
        self, section: GuidePolicy, updates: Sequence[PolicyUpdate]
    ) -> Description | None:
        """What the page says: facts, and its words if there is a licence."""
        prefixes = tuple(section.by_prefix)
        facts = {
            "title": self.page.title or None,
            "updates": [_row(update, words=False) for update in updates if update.day],
            "url": self.url,
            "as_of": str(self.as_of) if self.as_of else None,
        }
        words = {
            "text": "\n\n".join(section.introduction) or None,
            "notes": {prefix: "\n".join(said) for prefix, said in section.by_prefix.items()},
            "updates": [_row(update, words=True) for update in updates if update.day],
            "license": self.license,
        }
        forms: list[dict[str, object]] = [{**facts, "prefixes": prefixes}]
        if self.license:
            forms.insert(0, {**facts, **words})
        expected = f"what can be stored about {section.name}"
        return storable(forms, partial(self._note, section.line, expected))

    def _note(self, line: int, expected: str, found: str) -> None:
        self.notes.append(f"line {line}: expected {expected}, found {found}")


def storable(
    forms: Iterable[Mapping[str, object]], note: Callable[[str], object]
) -> Description | None:
    """The first form of a description that the data can hold; each other one gets a note."""
    for form in forms:
        try:
            return msgspec.convert(form, Description)
        except msgspec.ValidationError as error:
            note(f"more, which is left out: {error}")
    return None


def _number(update: PolicyUpdate) -> int | None:
    """The number of the version that a row is about; of a row about several policies, none."""
    return update.version if len(update.policies) == 1 else None


def _row(update: PolicyUpdate, words: bool) -> dict[str, object]:
    number = _number(update)
    facts: dict[str, object] = {
        "day": str(update.day),
        "version": version_id(number) if number else None,
    }
    return {**facts, "change": update.change or update.label or None} if words else facts
