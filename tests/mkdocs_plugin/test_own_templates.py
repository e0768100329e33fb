"""A book's own templates: Material's blocks and partials, and the pages of the book."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from policybook.mkdocs_plugin.material.own_theme import blocks
from policybook.mkdocs_plugin.run import build_site

from tests.support.book_folders import replace
from tests.support.books import REPOSITORY, TEMPLATES, write
from tests.support.cli import run
from tests.support.sites import built_in_process, command

POLICY = "policies/ExampleReportReader/index.html"
# As Material's documentation has it: its empty blocks without `super()`, the others with it.
MAIN = """\
{% extends "base.html" %}
{% block announce %}Own announcement{% endblock %}
{% block extrahead %}<meta name="own" content="head">{% endblock %}
{% block hero %}<p>Own hero</p>{% endblock %}
{% block styles %}{{ super() }}<meta name="own" content="styles">{% endblock %}
{% block footer %}<p>Own footer</p>{{ super() }}{% endblock %}
"""
OWN = {
    "overrides/main.html": MAIN,
    "overrides/partials/copyright.html": "<p>Own copyright of {{ config.site_name }}</p>",
    "overrides/parts/owner.html": "<p>Owned by {{ view.policy.tags.get('team', 'nobody') }}</p>",
    "overrides/policybook/policy.html": """\
{% extends "pages/policy.html" %}
{% block head %}
{{ super() }}
{% include "parts/owner.html" %}
{% endblock %}
{% block related %}{% endblock %}
""",
    "overrides/policybook/services.html": "<h1>Only this</h1>",
}


def with_theme(book: Path, files: dict[str, str]) -> Path:
    """The book with these files in its `custom_dir`."""
    write(book, files)
    replace(book / "mkdocs.yml", "  font: false\n", "  font: false\n  custom_dir: overrides\n")
    return book


def test_own_templates_come_before_ours(book: Path) -> None:
    """On pages of the book, on handwritten ones and on the 404 page; nothing of ours is lost."""
    before = built_in_process(book)
    pages = (POLICY, "keeping/index.html", "404.html")
    heads = {page: _kept(before / page) for page in pages}
    site = built_in_process(with_theme(book, OWN))
    for page in pages:
        text = (site / page).read_text()
        for own in ("announcement", "hero", "footer", "copyright of Our policies"):
            assert f"Own {own}" in text, (page, own)
        assert 'name="own" content="head"' in text
        assert 'name="own" content="styles"' in text
        assert _kept(site / page) == heads[page]
    policy = (site / POLICY).read_text()
    assert "Owned by nobody" in policy
    assert '<h2 id="statements"' in policy
    assert '<h2 id="related"' not in policy
    services = (site / "services/index.html").read_text()
    assert "<h1>Only this</h1>" in services
    assert "pb-lead" not in services


def _kept(path: Path) -> list[str]:
    """What every page has of us in its head and around its content."""
    text = path.read_text()
    kept = re.findall(r'<(?:meta http-equiv|link rel="(?:alternate|stylesheet))[^>]*>', text)
    return [*kept, *re.findall(r'class="(?:pb-days|md-tabs pb-entries|pb-printed)[^>]*>', text)]


def test_an_edit_of_a_template_is_seen_in_the_next_build(book: Path) -> None:
    """The site is not taken for up to date, and no page of before is reused."""
    with_theme(book, OWN)
    built_in_process(book)
    for name, old, new in (
        ("policybook/policy.html", "Owned", "Really owned"),
        ("parts/owner.html", "Owned by", "Property of"),
        ("main.html", "Own footer", "Other footer"),
        ("partials/copyright.html", "Own copyright", "Other copyright"),
    ):
        if name != "policybook/policy.html":
            replace(book / "overrides" / name, old, new)
            assert new in (built_in_process(book) / POLICY).read_text(), name
    kept = build_site(str(book / "mkdocs.yml"), None, None, strict=True)
    assert str(book / "overrides") in kept.roots


FAULTS = [
    (
        "main.html",
        '\n{% extends "base.html" }',
        "2: the template has an error of syntax: unexpected '}'",
    ),
    (
        "main.html",
        '{% extends "base.html" %}\n{% block footer %}\n{{ nope.x }}{% endblock %}',
        "3: the template raised UndefinedError: 'nope' is undefined",
    ),
    (
        "main.html",
        '\n\n{% extends "bse.html" %}',
        "3: expected a template, found none named 'bse.html'",
    ),
    ("partials/toc.html", "\n{{ page.toc.x.y }}", "2: the template raised UndefinedError: "),
    (
        "policybook/policy.html",
        '{% extends "pages/policy.html" %}\n{% block head %}\n{{ view.nope }}{% endblock %}',
        "3: the template raised UndefinedError: ",
    ),
    (
        "policybook/home.html",
        '{% extends "pages/home.html" %}\n{% block head %}{{ 1 / 0 }}{% endblock %}',
        "2: the template raised ZeroDivisionError: division by zero",
    ),
    (
        "policybook/home.html",
        "\n{{ 1 | nope }}",
        "2: the template has an error of syntax: No filter",
    ),
    ("policybook/home.html", '{% include "no.html" %}', "1: expected a template, found none named"),
]


@pytest.mark.parametrize(("name", "text", "said"), FAULTS)
def test_an_error_in_a_template_is_one_line(
    name: str, text: str, said: str, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the file and the line; nothing is left but the cache."""
    monkeypatch.chdir(with_theme(book, {f"overrides/{name}": text}))
    ran = run("build")
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert ran.stderr.startswith(f"overrides/{name}:{said}")
    assert ran.stderr.count("\n") == 1
    assert not (book / "site").exists()


def test_a_template_in_another_encoding_is_one_line(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a page written by hand is."""
    monkeypatch.chdir(with_theme(book, {"overrides/main.html": "x\n"}))
    (book / "overrides/main.html").write_bytes(b"x\n\xff\n")
    found = "found another encoding; save the file as UTF-8"
    said = f"overrides/main.html:2: expected UTF-8 text, {found}\n"
    assert run("build").stderr == said


def test_mkdocs_itself_says_it_in_one_line_too(book: Path) -> None:
    """Without a traceback; the same for a hook."""
    with_theme(book, {"overrides/main.html": FAULTS[1][1]})
    ran = command("build", cwd=book, module="mkdocs")
    assert ran.returncode == 1
    assert "overrides/main.html:3: the template raised UndefinedError" in ran.stdout + ran.stderr
    assert "Traceback" not in ran.stdout + ran.stderr
    write(
        book, {"overrides/main.html": MAIN, "h.py": "def on_nav(nav, **rest):\n    return 1 / 0\n"}
    )
    config = book / "mkdocs.yml"
    config.write_text(config.read_text() + "hooks: [h.py]\n")
    ran = command("build", cwd=book, module="mkdocs")
    assert "h.py:2: the hook raised ZeroDivisionError: division by zero" in ran.stdout + ran.stderr
    assert "Traceback" not in ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        (
            "language: xx",
            "theme.language: expected a language of Material, found 'xx'",
        ),
        (
            "icon: {logo: no/such}",
            "theme.icon: expected an icon of Material, found 'no/such'",
        ),
    ],
)
def test_a_name_that_material_does_not_have_is_one_line(
    setting: str, said: str, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An icon or a language."""
    replace(book / "mkdocs.yml", "  font: false\n", f"  {setting}\n")
    line = (book / "mkdocs.yml").read_text().partition(setting)[0].count("\n") + 1
    monkeypatch.chdir(book)
    assert run("build").stderr == f"mkdocs.yml:{line}: {said}\n"


def test_what_would_do_nothing_is_named(book: Path) -> None:
    """A template of no page, a block that its page does not have, a missing logo, and more."""
    with_theme(
        book,
        {
            "overrides/main.html": '{% extends "base.html" %}\n{% block foter %}{% endblock %}',
            "overrides/policybook/polices.html": "",
            "overrides/policybook/policy.html": """\
{% extends "pages/policy.html" %}
{% block heads %}{% endblock %}
{% block head %}{% block own %}{% endblock %}{% endblock %}
""",
        },
    )
    config = book / "mkdocs.yml"
    replace(config, "  custom_dir", "  logo: no.svg\n  custom_dir")
    replace(config, "[content.code.copy, ", "[content.code.copy, navigation.instant, ")
    ran = command("build", cwd=book)
    lines = [line.removeprefix("WARNING: ") for line in ran.stderr.splitlines()]
    assert [re.sub(r"^mkdocs.yml:[0-9]+", "mkdocs.yml:LINE", line) for line in lines] == [
        "mkdocs.yml:LINE: theme.logo: expected a file of the docs folder, found none at no.svg",
        "mkdocs.yml:LINE: theme.features: navigation.instant is left out, since our pages have "
        "scripts that would not run again",
        "overrides/main.html:2: expected the name of a block, found 'foter'; did you mean footer "
        "or fonts?",
        "overrides/policybook/polices.html: expected the name of a page, found 'polices'; did you "
        "mean policies, policy or roles?",
        "overrides/policybook/policy.html:2: expected the name of a block, found 'heads'; did you "
        "mean head?",
    ]
    assert "navigation.instant" not in (book / "site/header.js").read_text()


def test_a_theme_without_the_policy_is_named(book: Path) -> None:
    """It would be lost in silence."""
    main = '{% extends "base.html" %}\n{% block site_meta %}<meta charset="utf-8">{% endblock %}'
    with_theme(book, {"overrides/main.html": main, "overrides/base.html": "{{ page.content }}"})
    ran = command("build", cwd=book)
    assert ran.stderr == (
        "WARNING: overrides/base.html: pages have no content security policy without our template; "
        "use blocks in main.html\n"
        "WARNING: overrides/main.html:2: pages have no content security policy without super() in "
        "site_meta\n"
    )


def test_the_reference_lists_the_blocks_of_every_page() -> None:
    """As the templates have them, in their order, and no others."""
    text = (REPOSITORY / "docs/reference/templates.md").read_text()
    rows = re.findall(r"^\| `(\w+)\.html` \| ([^|]*) \|", text, re.MULTILINE)
    found = {name: tuple(re.findall(r"`(\w+)`", named)) for name, named in rows}
    pages = sorted((TEMPLATES / "html/pages").glob("*.html"))
    assert found == {path.stem: tuple(blocks(path)) for path in pages}


def test_every_page_has_a_head() -> None:
    """So that a note below it needs one template and one block."""
    for path in sorted((TEMPLATES / "html/pages").glob("*.html")):
        assert "head" in set(blocks(path)), path
