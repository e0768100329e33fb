"""What browsers would not load is a warning of the build that names the place and the way out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from policybook.mkdocs_plugin.material.blocked import Needed, needed_by_css, needed_by_html

from tests.support.book_folders import replace
from tests.support.books import write
from tests.support.sites import command

SETTINGS = """\
extra_css: [own.css, "https://css.example/x.css"]
extra_javascript:
  - own.js
  - https://unpkg.com/mathjax@3/es5/tex-mml-chtml.js
  - path: https://js.example/x.js
    defer: true
repo_url: https://github.com/example/policies
extra:
  analytics: {provider: google, property: G-1}
markdown_extensions:
  - attr_list
  - tables
  - pymdownx.superfences:
      custom_fences:
        - name: mermaid
          class: mermaid
          format: !!python/name:pymdownx.superfences.fence_code_format
"""
FILES = {
    "docs/own.js": "",
    "docs/own.css": """\
/* url(https://comment.example/x) */
@import url("https://fonts.googleapis.com/css?family=Inter");
@font-face { font-family: X; src: url(https://files.example/x.woff2?v=1); }
body { background: url('//img.example/a.png'); }
p { background: url(own.png); }
""",
    "docs/keeping.md": """\
# Page

![badge](https://img.shields.example/x.svg) <span style="color: red">x</span>

| a | b |
|---|--:|
| 1 | 2 |

```mermaid
graph LR
```

<iframe src="https://video.example/1"></iframe>
""",
    "docs/second.md": '![badge](https://img.shields.example/y.svg) <b style="color: red">x</b>\n',
    "overrides/main.html": """\
{% extends "base.html" %}
{# <script src="https://comment.example"></script> #}
{% block scripts %}
{{ super() }}
<script>window.x = "{{ config.site_name }}"</script>
<script src="https://stats.example/js" data-x="{{ 'a' | url }}"></script>
<script src="{{ 'own.js' | url }}"></script>
<script type="application/json">{}</script>
{% endblock %}
""",
}
BLOCKS = "the content security policy blocks"
ALLOW = "plugins.policybook.content_security_policy:"
COPY = "copy it into the docs folder, or allow its host with"
SCRIPT = (
    "a script within the page; put it into a file of the docs folder, and list that in "
    "extra_javascript"
)
STYLE = (
    "a style within the page; put it into a style sheet of the docs folder, and list that in "
    "extra_css"
)
WARNINGS = [
    f"mkdocs.yml:LINE: theme.font: {BLOCKS} fonts.googleapis.com and fonts.gstatic.com; "
    "write `font: false`, or use a font in the docs folder with extra_css, or allow it with "
    f"{ALLOW} "
    "{style-src: [fonts.googleapis.com], font-src: [fonts.gstatic.com]}",
    f"mkdocs.yml:LINE: repo_url: {BLOCKS} api.github.com; write `connect-src: []` in {ALLOW[:-1]} "
    f"to do without stars and forks, or allow it with {ALLOW} {{connect-src: [api.github.com]}}",
    f"mkdocs.yml:LINE: extra.analytics: {BLOCKS} {SCRIPT}",
    f"mkdocs.yml:LINE: extra_javascript: {BLOCKS} "
    "https://unpkg.com/mathjax@3/es5/tex-mml-chtml.js; use KaTeX, since MathJax writes styles into "
    f"the page, which stay blocked, or allow its host with {ALLOW} {{script-src: [unpkg.com]}}",
    f"mkdocs.yml:LINE: extra_javascript: {BLOCKS} https://js.example/x.js; {COPY} {ALLOW} "
    "{script-src: [js.example]}",
    f"docs/own.css:3: {BLOCKS} https://files.example/x.woff2?v=1; {COPY} {ALLOW} "
    "{font-src: [files.example]}",
    f"docs/own.css:4: {BLOCKS} //img.example/a.png; {COPY} {ALLOW} {{img-src: [img.example]}}",
    f"mkdocs.yml:LINE: extra_css: {BLOCKS} https://css.example/x.css; {COPY} {ALLOW} "
    "{style-src: [css.example]}",
    f"overrides/main.html:5: {BLOCKS} {SCRIPT}",
    f"overrides/main.html:6: {BLOCKS} https://stats.example/js; {COPY} {ALLOW} "
    "{script-src: [stats.example]}",
    f"docs/keeping.md:3: {BLOCKS} https://img.shields.example/x.svg; {COPY} {ALLOW} "
    "{img-src: [img.shields.example]}",
    f"docs/keeping.md:3: {BLOCKS} {STYLE}",
    f"docs/keeping.md:9: {BLOCKS} Mermaid, which comes from unpkg.com and writes styles into the "
    "page; put the diagram into an SVG file",
    f"docs/keeping.md:13: {BLOCKS} https://video.example/1; {COPY} {ALLOW} "
    "{frame-src: [video.example]}",
    f"docs/second.md:1: {BLOCKS} {STYLE}",
]


@pytest.fixture
def wishful(book: Path) -> Path:
    """A book with everything that the policy blocks."""
    write(book, FILES)
    config = book / "mkdocs.yml"
    replace(config, "  font: false\n", "  font: {text: Ubuntu}\n  custom_dir: overrides\n")
    config.write_text(config.read_text() + SETTINGS)
    return book


def warnings(text: str) -> list[str]:
    """The warnings that a build printed."""
    return re.findall(r"^WARNING: (.*)$", text, re.MULTILINE)


def test_everything_that_is_blocked_is_named_once(wishful: Path) -> None:
    """With its line, each host once; strict builds fail, and cells are aligned without a style."""
    ran = command("build", cwd=wishful)
    assert ran.returncode == 0, ran.stderr
    said = [re.sub(r"^(mkdocs\.yml):[0-9]+", r"\1:LINE", line) for line in warnings(ran.stderr)]
    assert said == WARNINGS
    text = (wishful / "mkdocs.yml").read_text().splitlines()
    for key, line in re.findall(r"mkdocs\.yml:([0-9]+): (\w+)", ran.stderr):
        assert text[int(key) - 1].strip().startswith((line, "-", "font", "analytics")), key
    page = (wishful / "site/keeping/index.html").read_text()
    assert '<td align="right">2</td>' in page
    assert "fonts.googleapis" not in page  # what is blocked is not asked for
    assert command("build", "--strict", cwd=wishful).returncode == 2


def test_a_host_that_is_named_is_allowed(wishful: Path) -> None:
    """Then nothing is said of it, and pages have what Material fetches from it."""
    option = """data_dir: data
      content_security_policy:
        script-src: [unpkg.com, "https://js.example", stats.example]
        style-src: [fonts.googleapis.com, css.example]
        font-src: [fonts.gstatic.com, files.example]
        img-src: [img.example, "*.shields.example"]
        connect-src: [api.github.com]
        frame-src: [video.example]
"""
    replace(wishful / "mkdocs.yml", "data_dir: data\n", option)
    ran = command("build", cwd=wishful)
    assert ran.returncode == 0, ran.stderr
    blocked = [line.partition(f"{BLOCKS} ")[2].partition(";")[0] for line in warnings(ran.stderr)]
    assert blocked == [
        "a script within the page",
        "a script within the page",
        "a style within the page",
        "Mermaid, which comes from unpkg.com and writes styles into the page",
        "a style within the page",
    ]
    page = (wishful / "site/policies/ExampleReportReader/index.html").read_text()
    assert "font-src 'self' https://fonts.gstatic.com https://files.example;" in page
    assert 'href="https://fonts.googleapis.com/css?family=Ubuntu:300' in page
    assert "data-md-component=source" in page
    assert '--md-text-font: "Ubuntu";' in (wishful / "site/assets/theme.css").read_text()
    assert "<style" not in page


def test_doing_without_statistics_is_a_decision(book: Path) -> None:
    """An empty list says so, and nothing else is needed for a book with a repository."""
    replace(
        book / "mkdocs.yml",
        "data_dir: data\n",
        "data_dir: data\n      content_security_policy: {connect-src: []}\n",
    )
    config = book / "mkdocs.yml"
    config.write_text(config.read_text() + "repo_url: https://gitlab.com/example/policies\n")
    ran = command("build", "--strict", cwd=book)
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<img src="a.png"><script src="/x.js"></script><a href="https://a.example">x</a>', []),
        ("<script type=application/json>{}</script>", []),
        ('<svg><path d="M0 0"/></svg><time datetime="2024-01-01">x</time>', []),
        ("<p>\n<SCRIPT TYPE=module>1</SCRIPT>", [Needed("script-src", "", 2)]),
        ('<p onclick="x()">', [Needed("script-src", "", 1)]),
        ("<style>p {}</style>", [Needed("style-src", "", 1)]),
        ('<img src="//a.example/x">', [Needed("img-src", "//a.example/x", 1)]),
        ('<form action="https://a.example/x">', [Needed("form-action", "https://a.example/x", 1)]),
        (
            '<link rel="preload stylesheet" href="https://a.example/x.css">',
            [Needed("style-src", "https://a.example/x.css", 1)],
        ),
        ('<link rel="canonical" href="https://a.example/">', []),
        ("{#\n<script>x</script>\n#}\n<style>", [Needed("style-src", "", 4)]),
        ('<a title="{{ "<style>" }}">', []),
        ("<pre><code>&lt;script&gt;</code></pre>", []),
    ],
)
def test_what_a_page_or_template_needs(html: str, found: list[Needed]) -> None:
    """Links lead away and load nothing; comments of templates are none of the page."""
    assert needed_by_html(html) == found


def test_what_a_style_sheet_needs() -> None:
    """Imports, fonts and images, each with its line."""
    css = (
        "@import 'https://a.example/x.css';\n@import url(//b.example/y.css) screen;\n"
        'a { background: url( "http://c.example/z.png" ) } /* url(https://d.example/) */\n'
        "@font-face { src: url(e.woff2), url(https://f.example/f.TTF) }"
    )
    assert list(needed_by_css(css)) == [
        Needed("style-src", "https://a.example/x.css", 1),
        Needed("style-src", "//b.example/y.css", 2),
        Needed("img-src", "http://c.example/z.png", 3),
        Needed("font-src", "https://f.example/f.TTF", 4),
    ]
