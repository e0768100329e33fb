"""Text and code in Markdown."""

from __future__ import annotations

import pytest
from policybook.output.markdown.text import code, escaped, fence


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("a*b_c`d", r"a\*b\_c\`d"),
        ("<b> & |", r"&lt;b&gt; &amp; \|"),
        ("- item", r"\- item"),
        ("---", r"\---"),
        ("-", r"\-"),
        ("12. item", r"12\. item"),
        ("1.5 and -x", "1.5 and -x"),
        ("# head", r"\# head"),
        ("a=b ~~c~~", "a&#61;b &#126;&#126;c&#126;&#126;"),
        ("two\nlines", "two lines"),
        ("4\u202f436", "4\u202f436"),
    ],
)
def test_text_is_escaped(text: str, shown: str) -> None:
    """Special characters of Markdown and HTML; builders show entities as characters."""
    assert escaped(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("s3:Get*", "`s3:Get*`"),
        ("aws:RequestTag/<key>", "`aws:RequestTag/<key>`"),
        ("a|b", "<code>a&#124;b</code>"),
        ("a`b<", "<code>a&#96;b&lt;</code>"),
        ("a\\", "<code>a&#92;</code>"),
        (" a_", "<code> a&#95;</code>"),
        ("", "<code></code>"),
    ],
)
def test_code_is_an_element_only_if_backticks_are_ambiguous(text: str, shown: str) -> None:
    """A backtick, a bar or a backslash in a table, and outer spaces."""
    assert code(text) == shown


def test_a_fence_is_longer_than_any_run_of_backticks_in_it() -> None:
    """So that no line of the code ends it."""
    assert fence("a\n````\nb", "json") == "`````json\na\n````\nb\n`````"
    assert fence("a") == "```\na\n```"
