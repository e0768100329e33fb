"""Pages converted to Markdown, and rendered again by Python-Markdown."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown import markdown
from policybook.output.markdown.convert import to_markdown
from policybook.output.markdown.tokens import destination

from tests.support.html import read_html


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("<p>One</p>\n<p>two</p>", "One\n\ntwo"),
        ("<p><b>bold</b> and <i>leaning</i></p>", "**bold** and *leaning*"),
        ("<p>a<br>b</p>", "a<br>b"),
        ('<p><a href="../b/#c">B</a></p>', "[B](../b/index.md#c)"),
        ('<p><b><a href="../b/">B</a></b></p>', "**[B](../b/index.md)**"),
        ('<p><a href="#c"><code>s3:Get*</code></a></p>', "[`s3:Get*`](#c)"),
        ("<p><code>a</code> <code>b|</code></p>", "`a` <code>b&#124;</code>"),
        ("<h1><code>s3:<wbr>Get</code></h1>", "# `s3:Get`"),
        (
            '<h2 id="x">X<a class="headerlink" href="#x" title="Link">¶</a></h2>',
            '<a id="x"></a>\n\n## X',
        ),
        ('<section id="s">\n<h3>S</h3>\n</section>', '<a id="s"></a>\n\n### S'),
        ('<p><code>c</code><span class="pb-tag">new</span> 1</p>', "`c` *new* 1"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n    - b\n- c"),
        ("<ul><li><p>a</p><p>b</p></li><li>c</li></ul>", "- a\n\n    b\n\n- c"),
        ('<ol>\n<li id="v1"><h3>One</h3><p>x</p></li></ol>', '<a id="v1"></a>\n\n### One\n\nx'),
        ("<dl><dt>if</dt><dd>always</dd></dl>", "- **if**: always"),
        ('<p><span aria-hidden="true">L</span><span class="pb-hidden">List</span></p>', "List"),
        ('<p>v1 · <a href="../check/?policy=P@v1">Check</a></p>', "v1"),
        ('<p><a href="../check/" class="pb-x">Check</a></p>', "[Check](../check/index.md)"),
        ('<p class="pb-examples">Try <a href="search/#q=x">x</a></p>\n<p>b</p>', "b"),
        (
            '<blockquote class="pb-quote" cite="https://a.b/"><p>a</p>\n<p>b</p></blockquote><p>c</p>',
            "> a\n>\n> b\n\nc",
        ),
        ("<ul><li>a<blockquote><p>b</p></blockquote></li></ul>", "- a\n\n    > b"),
        ("<dl><div><dt>n</dt><dd>5</dd></div></dl>", "- **n**: 5"),
        ("<details><summary>More</summary><p>a</p></details>", "**More**\n\na"),
        (
            "<table><thead><tr><th>A</th><th>B</th></tr></thead><tbody>\n"
            "<tr><td><ul><li>a</li><li>b</li></ul></td><td>1</td></tr></tbody></table>",
            "| A | B |\n| --- | --- |\n| a<br>b | 1 |",
        ),
        (
            "<table><tr><td><details><summary>2</summary><p>a, b</p></details></td></tr></table>",
            "| 2<br>a, b |\n| --- |",
        ),
        (
            '<pre><code class="language-json">{\n  &#34;a&#34;: &#34;&lt;&gt;&#34;\n}</code></pre>',
            '```json\n{\n  "a": "<>"\n}\n```',
        ),
        ("<p>a <button>Copy</button></p>", "a"),
        ("<form hidden>\n<label>Find</label>\n</form>\n<p>a</p>", "a"),
        ('<nav class="pb-jump"><a href="#a">A</a></nav>\n<p>a</p>', "a"),
        (
            '<figure>\n<svg>\n<title id="t">Bars</title><desc id="d">1; 2</desc>\n'
            "<g><title>1</title>\n</g>\n</svg>\n<figcaption>Bars</figcaption>\n</figure>",
            "Bars: 1; 2",
        ),
    ],
)
def test_each_element_has_its_markdown(page: str, shown: str) -> None:
    """One case for each element that our templates write."""
    assert to_markdown(page) == f"{shown}\n"


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("../../services/s3/#actions", "../../services/s3/index.md#actions"),
        ("./", "index.md"),
        ("../../actions/s3/GetObject.html", "../../actions/s3/GetObject.md"),
        ("https://example.org/a.html", "https://example.org/a.html"),
        ("#here", "#here"),
        ("../feed.xml", "../feed.xml"),
        ("https://example.org/a/", "https://example.org/a/"),
        (
            "https://example.org/?a=(b)|[c]&amp;d=`e`",
            "https://example.org/?a=%28b%29%7C%5Bc%5D&amp;d=%60e%60",
        ),
    ],
)
def test_links_lead_to_files_of_pages(href: str, address: str) -> None:
    """As builders resolve them; special characters of Markdown in an address are quoted."""
    assert destination(href) == address


PLACES = {
    "paragraph": "<p>{}</p>",
    "bold": "<p>a <b>{}</b> c</p>",
    "badge": '<p>a <span class="pb-tag">{}</span> c</p>',
    "heading": '<h2 id="h">{}</h2>',
    "link": '<p><a href="../x/">{}</a></p>',
    "linked code": '<p><a href="../x/"><code>{}</code></a></p>',
    "code": "<p><code>{}</code></p>",
    "item": "<ul><li>{}</li><li>b</li></ul>",
    "term": "<dl><dt>{}</dt><dd>b</dd></dl>",
    "cell": "<table><tr><th>A</th></tr><tr><td>{0} <code>{0}</code></td></tr></table>",
    "fence": "<pre><code>{}</code></pre>",
}


# The characters of the pages above, and what Python-Markdown writes around code.
ALLOWED = {
    "p",
    "strong",
    "em",
    "h2",
    "a",
    "code",
    "ul",
    "li",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "br",
    "pre",
    "div",
    "span",
}


def visible(page: str) -> str:
    """The text of HTML without white space."""
    text = read_html(f"<body>{page}</body>").text
    return re.sub(r"[\s\x1c-\x1f\x85\u2028\u2029]+", "", text)


@pytest.mark.parametrize("place", PLACES)
@given(
    text=st.text(
        st.sampled_from("ab1 \n<>&\"'`|\\*_-+.)([]{}#!~^=:/?;$%@")
        | st.characters(codec="utf-8", exclude_categories=["Cc"]),
        min_size=1,
        max_size=12,
    )
)
@example("<script>alert(1)</script>")
@example("[a](javascript:alert(1))")
@example("![a](x) &copy; &#60;b> -->")
@example("a`|`\\`|b\\|")
@example("\xa0")
@example("1) a")
@example("--")
@example("    code")
def test_text_stays_text_in_every_place(place: str, text: str) -> None:
    """The visible text of the page that a builder renders is the text of the data."""
    page = PLACES[place].format(
        html.escape(text).replace("&quot;", "&#34;").replace("&#x27;", "&#39;")
    )
    written = to_markdown(page)
    shown = markdown(written, extensions=["tables", "pymdownx.superfences"])
    # A term and its definition are one item, with a colon between them.
    assert visible(shown) == visible(page.replace("</dt>", ":</dt>")), written
    assert {element.tag for element in read_html(shown)} <= ALLOWED, written
