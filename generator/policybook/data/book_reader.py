"""Reads a data folder: its policy folders, groups, guides, roles and risk rules."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from pathlib import Path
from typing import TypeVar

from policybook.data.account_reader import accounts
from policybook.data.catalogue_reader import catalogues
from policybook.data.file_reader import DOCUMENT_ENDINGS, FileReader
from policybook.data.policy_reader import ParsedPolicy, Reviewed, parsed_policy
from policybook.data.remedies import file_name, folder_name, instead_of
from policybook.errors import KeyPath
from policybook.iam.patterns import covers
from policybook.model.accounts import merged_roles
from policybook.model.book import (
    Book,
    BookFile,
    Group,
    Guide,
    ImportedSource,
    SourcesFile,
)
from policybook.model.deprecation import ReviewedDeprecation, SuccessorsFile
from policybook.model.kinds import BoundariesFile, ReviewedBoundary
from policybook.model.operations import OperationGroup, OperationsFile
from policybook.model.risk_rules import Rule, RulesFile
from policybook.model.roles import Role, RolesFile

T = TypeVar("T")
E = TypeVar("E", ReviewedDeprecation, ReviewedBoundary)
Watched = Callable[[Sequence[Path]], Iterable[Path]]
"""Passes on the folders of policies, and may show how many are left."""

_TOP = (
    *("accounts", "book.yml", "boundaries.yml", "catalogues", "groups", "guides", "operations.yml"),
    *("policies", "roles.yml", "rules.yml", "sources.yml", "successors.yml"),
)
_NAME = re.compile(r"[A-Za-z0-9_+=,.@-]{1,128}(~[A-Za-z0-9_+=,.@-]{1,128})?")
_RESERVED = ("index.html",)  # the list of policies has that address
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class BookReader(FileReader):
    """Reads the files of one data folder.

    `unread` are the names of policies, groups and guides with errors, and `roles.yml` if that file
    has any. `left_out` are the policies that `only` does not match.
    """

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.unread: set[str] = set()
        self.left_out: set[str] = set()
        self._reviewed: Mapping[str, ReviewedDeprecation] = {}

    def book(self, policies: Mapping[str, ParsedPolicy]) -> Book:
        """The book of these policies and of all other files, as far as they can be read."""
        self._check_top()
        facts = self._optional("book.yml", BookFile)
        there = accounts(self)
        roles = tuple(merged_roles(self._roles(), there))
        return Book(
            facts=facts or BookFile(title="policybook", introduction=()),
            policies={name: found.policy for name, found in policies.items()},
            groups=self._by_slug("groups", Group),
            guides=self._guides(),
            roles={placed.role.name: placed.role for placed in roles},
            role_places={placed.role.name: placed for placed in roles},
            accounts=there,
            rules=self._rules(),
            sources=self.sources(),
            reviewed=self._reviewed,
            operations=self.operations(),
            catalogues=catalogues(self),
        )

    def _check_top(self) -> None:
        """Every file and folder at the top has a meaning."""
        for path in self.entries(self.root):
            if path.name not in _TOP and not path.name.startswith("."):
                expected = f"one of {', '.join(_TOP)}"
                hint = self._top_hint(path)
                self.error(path, "unlisted-file", expected, repr(path.name), (), hint)

    def _top_hint(self, path: Path) -> str:
        """What a file or folder was most likely meant to be that has no meaning at the top."""
        if os.path.lexists(path / "policy.yml"):
            return f"did you mean policies/{path.name}?"
        if path.name == "mkdocs.yml" or (path / "policies").is_dir():
            below = self.root / "data"
            return f"did you mean {below}?" if below.is_dir() else ""
        return instead_of(path.name, _TOP)

    def sources(self) -> Mapping[str, ImportedSource]:
        """The imported sources of `sources.yml`, by name."""
        file = self._optional("sources.yml", SourcesFile)
        return file.sources if file else {}

    def _optional(self, name: str, of: type[T]) -> T | None:
        """A file at the top as the type; None if there is no such file, or it has errors."""
        path = self.root / name
        return self.file(path, of) if os.path.lexists(path) else None

    def policies(
        self,
        before: Mapping[str, ParsedPolicy],
        only: str,
        untouched: Set[str] = frozenset(),
        watched: Watched = iter,
    ) -> Mapping[str, ParsedPolicy]:
        """The policies by name, in order.

        Args:
            before: Policies that were read earlier, by folder; those with unchanged files are
                returned as they are.
            only: A pattern for names, with IAM's `*` and `?`; others are left out.
            untouched: Folders that are passed over, as if they were not there.
            watched: Passes on the folders to read, one by one.
        """
        found: dict[str, ParsedPolicy] = {}
        self._reviewed = self._successors()
        boundaries = self._boundaries()
        folders = [each for each in self._policy_folders(only) if each.name not in untouched]
        for folder in watched(folders):
            name = folder.name
            reviewed = Reviewed(self._reviewed.get(name), boundaries.get(name))
            if policy := parsed_policy(self, folder, before.get(name), reviewed):
                found[policy.policy.name] = policy
            else:
                self.unread.add(folder.name)
        return dict(sorted(found.items()))

    def _policy_folders(self, only: str) -> Iterator[Path]:
        """The policy folders, in order; names must differ by more than case."""
        seen: dict[str, str] = {}
        for path in self.entries(self.root / "policies"):
            hidden = path.name.startswith(".")
            if path.is_symlink():
                self.error(path, "unreadable", "a folder for each policy", "a link")
            elif not os.path.isdir(path):
                if not hidden:
                    hint = f"did you mean {path.stem}/v1{path.suffix}, next to a policy.yml?"
                    hint = hint if path.suffix in DOCUMENT_ENDINGS else ""
                    self.error(
                        path, "unlisted-file", "a folder for each policy", "a file", (), hint
                    )
            elif hidden or not _NAME.fullmatch(path.name) or path.name.lower() in _RESERVED:
                expected = "a folder named as its policy, of letters, digits and _+=,.@-"
                hint = folder_name(path.name)
                self.error(path, "bad-name", expected, repr(path.name), (), hint)
            elif path.name.lower() in seen:
                other = seen[path.name.lower()]
                self.error(path, "bad-name", "names that differ by more than case", repr(other))
            else:
                seen[path.name.lower()] = path.name
                if covers(only, path.name):
                    yield path
                else:
                    self.left_out.add(path.name)

    def _guides(self) -> Mapping[str, Guide]:
        """The guides by slug, in order, with the errors of their snippets' statements added."""
        guides = self._by_slug("guides", Guide)
        for slug, guide in guides.items():
            for place, section in enumerate(guide.sections):
                if section.snippet:
                    at = ("sections", place, "snippet", "statements")
                    path = self.root / "guides" / f"{slug}.yml"
                    self.check_statements(path, section.snippet.statements, at)
        return guides

    def _by_slug(self, folder: str, of: type[T]) -> Mapping[str, T]:
        found: dict[str, T] = {}
        for path in self.entries(self.root / folder):
            if path.name.startswith("."):
                continue
            if path.suffix != ".yml" or not _SLUG.fullmatch(path.stem):
                expected = "a file named in lower-case words joined by hyphens, ending in .yml"
                self.error(path, "bad-name", expected, repr(path.name), (), file_name(path.name))
            elif (value := self.file(path, of)) is not None:
                found[path.stem] = value
            else:
                self.unread.add(path.stem)
        return found

    def _roles(self) -> tuple[Role, ...]:
        """The roles of `roles.yml`, in its order, each name once."""
        file = self._optional("roles.yml", RolesFile)
        path = self.root / "roles.yml"
        if file is None and os.path.lexists(path):
            self.unread.add(path.name)
        found: dict[str, Role] = {}
        seen: dict[str, int] = {}
        for place, role in enumerate(file.roles if file else ()):
            first = seen.setdefault(role.name.lower(), place)
            if first != place:
                same = role.name in found
                expected = "each role once" if same else "names that differ by more than case"
                again = repr(role.name) + (" again" if same else "")
                at, hint = ("roles", place, "name"), f"the first is roles[{first}]"
                self.error(path, "bad-name", expected, again, at, hint)
            else:
                found[role.name] = role
        return tuple(found.values())

    def _rules(self) -> Mapping[str, Rule]:
        """The risk rules of `rules.yml` by id, in the order of the file.

        Ids must be unique, and every step must name actions or a level.
        """
        file = self._optional("rules.yml", RulesFile)
        path = self.root / "rules.yml"
        found: dict[str, Rule] = {}
        for place, rule in enumerate(file.rules if file else ()):
            at: KeyPath = ("rules", place)
            if rule.id in found:
                hint = f"the first is rules[{[*found].index(rule.id)}]"
                again = f"{rule.id!r} again"
                self.error(path, "bad-name", "a unique id", again, (*at, "id"), hint)
            for number, step in enumerate(rule.steps):
                if not step.actions and step.level is None:
                    expected = "actions or a level"
                    self.error(path, "missing-key", expected, "neither", (*at, "steps", number))
            found[rule.id] = rule
        return found

    def operations(self) -> tuple[OperationGroup, ...]:
        """The groups of `operations.yml`: each needs an action, and an operation is named once."""
        file = self._optional("operations.yml", OperationsFile)
        path = self.root / "operations.yml"
        groups = file.groups if file else ()
        seen: set[str] = set()
        for place, group in enumerate(groups):
            at: KeyPath = ("groups", place)
            if not group.actions and not group.sometimes:
                self.error(path, "missing-key", "actions or sometimes", "neither", at)
            for number, name in enumerate(group.operations):
                if name.lower() in seen:
                    found = (*at, "operations", number)
                    self.error(path, "bad-name", "each operation once", repr(name), found)
                seen.add(name.lower())
        return groups

    def _successors(self) -> Mapping[str, ReviewedDeprecation]:
        """The entries of `successors.yml` by name, in the order of the file; names are unique."""
        file = self._optional("successors.yml", SuccessorsFile)
        return self._by_name("successors.yml", file.policies if file else ())

    def _boundaries(self) -> Mapping[str, ReviewedBoundary]:
        """The entries of `boundaries.yml` by name, in the order of the file; names are unique."""
        file = self._optional("boundaries.yml", BoundariesFile)
        return self._by_name("boundaries.yml", file.policies if file else ())

    def _by_name(self, file: str, entries: Sequence[E]) -> Mapping[str, E]:
        found: dict[str, E] = {}
        for place, entry in enumerate(entries):
            if entry.name in found:
                at: KeyPath = ("policies", place, "name")
                self.error(self.root / file, "bad-name", "a unique name", repr(entry.name), at)
            found[entry.name] = entry
        return found
