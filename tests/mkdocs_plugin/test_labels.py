"""Labels in the language of the site: complete catalogs, and which language each part is in."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from policybook.mkdocs_plugin.run import build_site
from policybook.output.html.labels import Labels, labels_of

from tests.support.book_folders import replace
from tests.support.books import REPOSITORY, TEMPLATES
from tests.support.html import pages

LANGUAGES = sorted(path.stem for path in (TEMPLATES / "labels").glob("*.po"))
PROGRAM = REPOSITORY / "generator" / "policybook"


def labels_in_templates() -> set[str]:
    """What templates hand over to be translated, and the headings of sections."""
    texts = [p.read_text() for p in sorted(TEMPLATES.rglob("*")) if p.suffix in (".html", ".js")]
    pattern = r'\b_(?:text)?\("([^"]+)"\)|\bheading\("[^"]*", "([^"]+)"'
    return {a or b for text in texts for a, b in re.findall(pattern, text)}


def labels_in_lists() -> Iterator[str]:
    """The titles of columns and filters."""
    for path in sorted((PROGRAM / "lists").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in (
                "ListColumn",
                "Facet",
            ):
                texts = [a.value for a in node.args if isinstance(a, ast.Constant)]
                yield from (str(text) for text in texts[1:2])


def labels_of_navigation() -> set[str]:
    """The sections and entries of the navigation."""
    source = (PROGRAM / "mkdocs_plugin" / "theme.py").read_text()
    entries = source[source.index("def _entries") : source.index("def nav_links")]
    return set(re.findall(r'"([A-Z][^"]+)"(?:,|:)', entries)) | {"Docs", "About"}


def test_there_are_catalogs() -> None:
    """Of two languages as a start."""
    assert LANGUAGES == ["de", "fr"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_label_is_translated(language: str) -> None:
    """And the catalog has no two entries of one label."""
    labels = labels_of(TEMPLATES, language)
    needed = labels_in_templates() | set(labels_in_lists()) | labels_of_navigation()
    text = (TEMPLATES / "labels" / f"{language}.po").read_text()
    catalog = re.findall(r'^msgid "(.+)"$', text, re.MULTILINE)
    assert sorted(needed - set(catalog)) == []
    assert len(catalog) == len(set(catalog))
    assert labels.text("Policies") != "Policies"
    assert {html for html in map(labels.text, catalog) if "<" in html} == set()


def test_a_label_says_its_language_where_sentences_are_english() -> None:
    """A text without a translation, and what is no text, stays as it is, escaped."""
    labels = Labels("de", {"Risks": "Risiken & mehr"})
    assert labels.html("Risks") == '<span lang="de">Risiken &amp; mehr</span>'
    assert labels.text("Risks") == "Risiken & mehr"
    assert labels.html("<b>") == "&lt;b&gt;"
    assert labels.html(5) == 5
    assert Labels().html("Risks") == "Risks"


@pytest.mark.parametrize("language", ["en", "es", "../de", "", "de/../fr"])
def test_other_languages_have_english_labels(language: str) -> None:
    """A name of a language is no path."""
    labels = labels_of(TEMPLATES, language)
    assert labels.text("Policies") == labels.html("Policies") == "Policies"
    assert labels.are_english == (language == "en")


def test_strings_of_a_catalog_may_go_on_and_have_escapes(tmp_path: Path) -> None:
    """As gettext writes them."""
    (tmp_path / "labels").mkdir()
    (tmp_path / "labels/xx.po").write_text(
        '# a comment\nmsgid ""\nmsgstr "Language: xx\\n"\n\nmsgid "One "\n"\\"two\\""\n'
        'msgstr ""\n"Eins "\n"\\\\ zwei"\n\nmsgid "None"\nmsgstr ""\n'
    )
    labels = labels_of(tmp_path, "xx")
    assert labels.text('One "two"') == "Eins \\ zwei"
    assert labels.text("None") == "None"


def test_a_german_site_has_german_labels_and_english_sentences(book: Path) -> None:
    """The page is German, its content English, and each label in it German again."""
    replace(book / "mkdocs.yml", "  font: false\n", "  language: de\n")
    site = build_site(str(book / "mkdocs.yml"), None, None, strict=True).folder
    policy = (site / "policies/ExampleReportReader/index.html").read_text()
    assert "<html lang=de" in policy
    assert policy.index("<div lang=en>") < policy.index("An example to replace")
    assert '<h2 id="permissions"><span lang="de">Berechtigungen nach Service</span>' in policy
    assert "Allows only" in policy
    lists = (site / "policies/index.html").read_text()
    assert "<title>Richtlinien - Our policies</title>" in lists
    assert '<span lang="de">Letzte wirksame Änderung</span></th>' in lists
    assert ">Permissions by service<" not in policy
    home = (site / "index.html").read_text()
    assert "Services &amp; Aktionen" in home
    assert "Daten bis" in home
    missing = (site / "404.html").read_text()
    assert "<h1>Seite nicht gefunden</h1>" in missing
    assert "Startseite" in (site / "header.js").read_text()
    read = pages(site)
    assert "roles/report-viewer/" in read
    for address, page in read.items():
        values = [value for element in page.all() for value in element.attributes.values()]
        assert [value for value in values if value and "<span" in value] == [], address
