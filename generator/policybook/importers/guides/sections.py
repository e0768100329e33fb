"""The sections of a page: which policy each is about, and what stands in it.

* A heading that names one policy begins its section, which ends with the next heading of the same
  or a higher level. Headings below it, and one that announces notes, are part of it.
* A heading that is only a bare name, such as `DataScientist`, is that of a policy if notes, a
  document or the word "policy" are below it, or if a table of updates or a list has that name too.
  Otherwise it is listed as unread.
* The introduction ends with the announcement of notes, the first note, document or lower heading.
* An item that begins with service prefixes is a note. Items deeper in a list belong to the note
  before. Other items after the announcement are listed as unread.
* Outside of sections, an item that is a bare name, a dash and a text mentions a policy.
* A second section of a policy is listed as unread, unless the first is empty.
"""

from __future__ import annotations

import re

import msgspec
from msgspec import structs

from policybook.errors import PolicybookError, shown
from policybook.importers.guides.blocks import (
    NOTICES,
    Block,
    CodeBlock,
    HeadingBlock,
    ItemBlock,
    ParagraphBlock,
    TableBlock,
)
from policybook.importers.guides.facts import (
    GuideDocument,
    GuidePolicy,
    PolicyMention,
    PrefixNote,
)
from policybook.importers.guides.shown_documents import shown_document
from policybook.importers.guides.updates import is_of_updates
from policybook.importers.wording_of_pages import (
    announces_notes,
    announces_updates,
    is_bare_name,
    names_in_heading,
    note,
)
from policybook.model.fields import Arn

MAX_POLICIES = 1_000

_ARN = re.compile(r"arn:aws[a-z-]{0,30}:iam::(?:aws|[0-9]{12}):policy/[A-Za-z0-9_+=,.@/-]{1,600}")
_MENTION = re.compile(r"(?P<name>[A-Za-z0-9_+=,.@-]{5,128})\s?[–—:-]\s(?P<text>.+)")


class _Section:
    """A section of a policy as it is being read; `level` is that of its heading."""

    def __init__(self, name: str, heading: HeadingBlock, certain: bool) -> None:
        self.name, self.level, self.line = name, heading.level, heading.line
        self.certain = certain
        self.introduction: list[str] = []
        self.rest: list[str] = []
        self.notes: list[PrefixNote] = []
        self.documents: list[GuideDocument] = []
        self.mentions: list[PolicyMention] = []
        self.announced = self.begun = False

    def say(self, text: str) -> None:
        """Add a paragraph or an item."""
        (self.rest if self.begun else self.introduction).append(text)

    def policy(self) -> GuidePolicy:
        """What was read."""
        texts = (*self.introduction, *(n.text for n in self.notes), *self.rest)
        return GuidePolicy(
            name=self.name,
            line=self.line,
            introduction=tuple(self.introduction),
            notes=tuple(self.notes),
            documents=tuple(self.documents),
            arn=_arn(self.name, texts),
            rest=tuple(self.rest),
        )

    def is_of_policy(self) -> bool:
        """Whether the section is one of a policy, also if its heading is only a bare name."""
        if self.certain or self.notes or self.documents:
            return True
        return "polic" in " ".join((*self.introduction, *self.rest)).lower()

    def is_empty(self) -> bool:
        """Whether nothing but its heading was read."""
        return not (self.introduction or self.rest or self.notes or self.documents)


class Sections:
    """What was read of a page: its title, its policies by name, and what stands outside of them."""

    def __init__(self) -> None:
        self.title = ""
        self.policies: dict[str, GuidePolicy] = {}
        self.mentions: list[PolicyMention] = []
        self.documents: list[GuideDocument] = []
        self.tables: list[TableBlock] = []
        self.unread: list[str] = []
        self._section: _Section | None = None
        self._doubtful: list[_Section] = []
        self._heading = ""
        self._under = ""
        self._of_updates = False

    def take(self, block: Block) -> None:
        """Read the next block of the page."""
        match block:
            case HeadingBlock():
                self._take_heading(block)
            case ParagraphBlock():
                self._take_paragraph(block)
            case ItemBlock():
                self._take_item(block)
            case CodeBlock():
                self._take_code(block)
            case TableBlock():
                self._take_table(block)

    def end(self) -> None:
        """End the section that is being read."""
        section, self._section = self._section, None
        if not section:
            return
        if section.is_of_policy():
            self._keep(section)
        else:
            self._doubtful.append(section)

    def finish(self) -> None:
        """End the page: a bare name that its tables or lists have is a policy's as well.

        Raises:
            PolicybookError: The page has too many policies.
        """
        self.end()
        cells = {
            word for t in self.tables for r in t.rows for cell in r.cells for word in cell.split()
        }
        named = cells.union(mention.name for mention in self.mentions)
        for section in self._doubtful:
            if section.name in named:
                self._keep(section)
            else:
                self.mentions.extend(section.mentions)
                self._note(section.line, "something about a policy below the heading", section.name)
        self.policies = dict(sorted(self.policies.items(), key=lambda item: item[1].line))

    def _keep(self, section: _Section) -> None:
        """Add the policy of a section, if it is the first that says anything."""
        before = self.policies.get(section.name)
        if before and not _is_empty(before):
            if not section.is_empty():
                found = f"another in line {before.line}"
                self._note(section.line, f"one section for {section.name}", found, quoted=False)
        else:
            self.policies[section.name] = section.policy()
        if len(self.policies) > MAX_POLICIES:
            raise PolicybookError(f"expected at most {MAX_POLICIES} policies in a page, found more")

    def _note(self, line: int, expected: str, found: str, quoted: bool = True) -> None:
        seen = shown(found) if quoted else found
        self.unread.append(f"line {line}: expected {expected}, found {seen}")

    def _take_heading(self, heading: HeadingBlock) -> None:
        if not self.title and heading.level == 1:
            self.title = heading.text
        names, said = names_in_heading(heading.text)
        section = self._section
        if section and not (names and said) and _is_below(heading, section):
            section.announced = section.announced or announces_notes(heading.text)
            section.begun = section.begun or heading.text not in NOTICES
            if not announces_notes(heading.text):
                section.say(heading.text)
            return
        self.end()
        self._heading, self._under = heading.text, ""
        self._of_updates = announces_updates(heading.text)
        if len(names) == 1 and heading.text != self.title:
            self._section = _Section(names[0], heading, said)
        elif len(names) > 1 and said:
            self._note(heading.line, "one policy in a heading", heading.text)
        elif said and not names and not self._of_updates and heading.text != self.title:
            self._note(heading.line, "a policy's name in the heading", heading.text)

    def _take_paragraph(self, block: ParagraphBlock) -> None:
        self._under = block.text
        section = self._section
        if not section:
            known = [name for name in self.policies if name in block.text]
            if self._of_updates and self.tables and known:
                self._note(block.line, "a row of the table of updates", block.text)
        elif announces_notes(block.text):
            section.announced = section.begun = True
        else:
            section.say(block.text)

    def _take_item(self, item: ItemBlock) -> None:
        section = self._section
        found = _MENTION.fullmatch(item.text)
        mention = None
        if found and is_bare_name(found["name"]):
            mention = PolicyMention(found["name"], found["text"], self._under, item.line)
        if not section:
            self.mentions.extend([mention] if mention else [])
            return
        section.mentions.extend([mention] if mention else [])
        if named := note(item.text):
            section.notes.append(PrefixNote(*named, item.line))
            section.begun = True
        elif item.depth > 1 and section.notes:
            last = section.notes[-1]
            section.notes[-1] = structs.replace(last, text=f"{last.text} {item.text}")
        else:
            section.say(item.text)
            if section.announced:
                self._note(item.line, "a note that begins with a service prefix", item.text)

    def _take_code(self, code: CodeBlock) -> None:
        document = shown_document(code)
        section = self._section
        if document and document.refused:
            self.unread.append(f"line {code.line}: the document is refused: {document.refused}")
        if section:
            section.begun = True
        if not document:
            if section:
                self._note(code.line, f"a JSON document of {section.name}", code.text.strip()[:200])
        elif section:
            section.documents.append(document)
        else:
            self.documents.append(document)
            below = f"a document below {shown(self._heading)}"
            self._note(code.line, "a document below the name of a policy", below, quoted=False)

    def _take_table(self, table: TableBlock) -> None:
        if is_of_updates(table):
            self.tables.append(table)
        elif self._section or self._of_updates:
            found = f"the columns {' | '.join(table.head.cells)}"
            self._note(table.head.line, "a table with the columns Change and Date", found)


def _is_below(heading: HeadingBlock, section: _Section) -> bool:
    """Whether a heading is part of the section."""
    return heading.level > section.level or announces_notes(heading.text)


def _is_empty(policy: GuidePolicy) -> bool:
    return not (policy.introduction or policy.rest or policy.notes or policy.documents)


def _arn(name: str, texts: tuple[str, ...]) -> str | None:
    """The ARN of the policy, if one of the texts has it."""
    for text in texts:
        for found in _ARN.findall(text):
            arn = found.rstrip(".,")
            if arn.endswith(f"/{name}"):
                try:
                    return msgspec.convert(arn, Arn)
                except msgspec.ValidationError:
                    continue
    return None
