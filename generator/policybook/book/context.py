"""BookContext: the book and its derived facts, for pages, JSON, feeds, tables and commands."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from policybook.analysis.index import Index
from policybook.analysis.overlap import Related
from policybook.book.derived import Facts
from policybook.book.facts.accounts import AccountFacts
from policybook.book.facts.actions import ActionFacts
from policybook.book.facts.catalogue import CatalogueFacts
from policybook.book.facts.events import EventFacts
from policybook.book.facts.growth import GrowthFacts
from policybook.book.facts.history import HistoryFacts
from policybook.book.facts.levels import LevelFacts
from policybook.book.facts.membership import MembershipFacts
from policybook.book.facts.operations import OperationFacts
from policybook.book.facts.overlap import OverlapFacts
from policybook.book.facts.passrole import PassRoleFacts
from policybook.book.facts.policy_lines import PolicyLines
from policybook.book.facts.removals import RemovalFacts
from policybook.book.facts.resources import ResourceFacts
from policybook.book.facts.risks import RiskFacts
from policybook.book.facts.roles import RoleFacts
from policybook.book.facts.sentences import SentenceFacts
from policybook.book.facts.services import ServiceFacts
from policybook.book.facts.statements import StatementFacts
from policybook.book.facts.successors import SuccessorFacts
from policybook.catalogue.catalogue import Catalogue
from policybook.model.book import Book


class BookContext:
    """A book with the facts derived from it, by subject.

    Each fact is computed when it is first needed.
    """

    def __init__(
        self,
        book: Book,
        index: Index,
        catalogue: Catalogue,
        *,
        site_url: str = "",
        folders: bool = True,
        action_pages: tuple[str, ...] = ("*",),
        database: bool = False,
        markdown: bool = False,
        aws_book: str = "",
        related: Related | None = None,
        overlap_about: Collection[str] | None = None,
    ) -> None:
        """Set up the subjects; nothing is computed yet.

        Args:
            book: The book.
            index: The book's index.
            catalogue: The catalogue of actions, used to expand wildcards.
            site_url: The URL of the site, ending in a slash. Default: unknown.
            folders: Whether links to pages in folders name the folder, and not the file in it.
            action_pages: Patterns of the full names of actions that have pages.
            database: Whether the site has the whole book as files of data.
            markdown: Whether the site has some pages as Markdown, too.
            aws_book: The URL of a book of AWS's policies, ending in a slash. Default: none.
            related: The pairs of overlapping policies. Default: computed when needed.
            overlap_about: Names of the policies to compute the overlap for. Default: all.

        """
        self.book = book
        self.index = index
        self.catalogue = catalogue
        self.site_url = site_url
        self.has_database = database
        self.has_markdown = markdown
        self.folders = folders
        self.levels = LevelFacts(index, catalogue)
        self.sentences = SentenceFacts(book, catalogue)
        self.statements = StatementFacts(index, catalogue)
        self.policy_lines = PolicyLines(book, index, self.levels, self.sentences)
        self.history = HistoryFacts(book, index, catalogue)
        self.actions = ActionFacts(book, index, catalogue, self.history, action_pages)
        self.events = EventFacts(book, index, catalogue)
        self.removals = RemovalFacts(book.policies, index, catalogue)
        self.risks = RiskFacts(book, catalogue, self.history)
        self.membership = MembershipFacts(book, catalogue, self.risks.rulebook)
        self.services = ServiceFacts(index, catalogue, self.actions, self.levels, self.membership)
        self.overlap = OverlapFacts(book, catalogue, related, overlap_about)
        self.successors = SuccessorFacts(book, index, catalogue)
        self.passrole = PassRoleFacts(book, index, catalogue)
        self.resources = ResourceFacts(book.policies, index)
        self.catalogue_facts = CatalogueFacts(catalogue)
        self.operations = OperationFacts(book.operations, catalogue)
        self.growth = GrowthFacts(book, catalogue)
        self.roles = RoleFacts(book, catalogue, aws_book)
        self.accounts = AccountFacts(book, catalogue)

    def subjects(self) -> Iterator[tuple[str, Facts]]:
        """Yields each subject with its name."""
        for name, value in vars(self).items():
            if isinstance(value, Facts):
                yield name, value
