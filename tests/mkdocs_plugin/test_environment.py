"""A site depends on the variables that its mkdocs.yml takes from the environment."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from policybook.mkdocs_plugin.environment import environment
from policybook.mkdocs_plugin.up_to_date import build_if_changed

UNCHANGED = "  nothing changed"


@pytest.fixture(autouse=True)
def variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two variables, and none of another name."""
    for name, value in {"BOOK_A": "one", "BOOK_B": "two"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("BOOK_C", raising=False)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("site_name: A book", ()),
        ("site_url: !ENV BOOK_A", ("BOOK_A=one",)),
        ("site_url: !ENV [BOOK_A, '']", ("BOOK_A=one",)),
        ("a: !ENV [BOOK_C, BOOK_B, x]\nb: !ENV BOOK_A\n", ("BOOK_A=one", "BOOK_B=two")),
        ("a: {b: !ENV [BOOK_A]}", ("BOOK_A=one",)),
        ("a: !ENV BOOK_C", ()),
        ("a: !ENV\n  - BOOK_A\n", None),
        ("a: !ENV [BOOK_A,\n  BOOK_B]", None),
        ("a: !ENV 'BOOK_A'", None),
        ("INHERIT: base.yml", None),
    ],
)
def test_the_variables_are_found_or_not_known(text: str, found: tuple[str, ...] | None) -> None:
    """Other forms of the tag are not known, so that every build then makes everything."""
    assert environment(text) == found


def test_a_site_is_built_again_when_a_variable_changes(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And only then."""
    config = book / "mkdocs.yml"
    lines = config.read_text().splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("site_name:")]
    config.write_text("".join(kept) + "site_name: !ENV [BOOK_A, A book]\n")

    def built() -> bool:
        return UNCHANGED not in build_if_changed(str(config), None, None, strict=True)[0]

    def title() -> str:
        return (book / "site/keeping/index.html").read_text()

    time.sleep(1.1)  # what was touched in the last second may be touched again unseen
    assert built()
    assert "one" in title()
    assert not built()
    monkeypatch.setenv("BOOK_A", "another name")
    assert built()
    assert "another name" in title()
    assert not built()
    monkeypatch.delenv("BOOK_A")
    assert built()
