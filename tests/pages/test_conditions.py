"""The pages of condition keys, compared with a plain list of all clauses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest
from policybook.analysis.index import index
from policybook.book.context import BookContext
from policybook.catalogue.catalogue import Catalogue
from policybook.catalogue.services import Action, Service
from policybook.data.loader import load
from policybook.pages.conditions import condition_view

from tests.support.books import DATA, SAMPLES
from tests.support.page_rows import clauses_in as listed
from tests.support.page_rows import clauses_shown as shown


@pytest.mark.parametrize("folder", [DATA, SAMPLES / "edges"])
def test_every_clause_is_on_the_page_of_its_key_once(folder: Path) -> None:
    """With the correct numbers of policies and statements."""
    book = load(folder)
    found = BookContext(book, index(book), Catalogue())
    clauses = listed(book)
    assert clauses
    assert clauses.keys() == found.index.conditions.keys()
    for key in found.index.conditions:
        view = condition_view(found, key)
        lines = clauses[key]
        assert Counter(shown(found, key)) == Counter(lines)
        assert view.policies == len({line[0] for line in lines})
        assert view.statements == len({line[:2] for line in lines})
        for operator in view.operators:
            sizes = [len(use.policies) for use in operator.of.clauses]
            assert sizes == sorted(sizes, reverse=True)


KEYS = {
    "iam": ("iam:PassedToService", "aws:ResourceTag/${TagKey}"),
    "kms": ("kms:EncryptionContext:${Key}",),
    "s3": ("aws:ResourceTag/${TagKey}", "s3:prefix"),
}


class Known:
    """A catalogue's services, with these keys of an action."""

    date, source = "2020-02-02", "a test"
    names: Mapping[str, str] = MappingProxyType(dict.fromkeys(KEYS, "Service"))

    def service(self, prefix: str) -> Service:
        """A service with one action."""
        action = Action("Do", ("Read",), "Read", (), KEYS[prefix])
        return Service(prefix, "Service", {"do": action}, {})

    def authorised(self, _prefix: str) -> Mapping[str, tuple[str, ...]]:
        """No operation is known."""
        return {}

    def key_names(self, prefix: str) -> Collection[str]:
        """Those of its action."""
        return KEYS[prefix]

    def key_types(self, _prefix: str) -> Mapping[str, bool]:
        """No type is known."""
        return {}


@pytest.mark.parametrize(
    ("key", "services"),
    [
        ("iam:passedtoservice", ("iam",)),
        ("aws:resourcetag/<key>", ("iam", "s3")),
        ("kms:encryptioncontext:aws:s3:arn", ("kms",)),
        ("aws:sourcearn", ()),
    ],
)
def test_the_services_of_a_key_are_those_whose_actions_support_it(
    key: str, services: tuple[str, ...]
) -> None:
    """Keys are compared without case, and a variable at the end matches any text."""
    book = load(SAMPLES / "edges")
    whole = index(book)
    known = BookContext(book, whole, Catalogue(Known()))
    known.index.conditions[key] = ()  # type: ignore[index]  # a plain dictionary
    assert known.catalogue_facts.services_with(key) == services
