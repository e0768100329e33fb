"""Values are put into the theme's frame at marks, which no text of the book can contain."""

from __future__ import annotations

import re
from html import escape

import pytest
from policybook.output.html.links import NO_LINKS, Linked
from policybook.output.html.metadata import Metadata
from policybook.output.html.render import Body
from policybook.output.html.theme_frame import Frames, Head
from policybook.pages.page import Page, TocItem, View

ITEM = '<li class="md-nav__item"><a href="#{0}">{1}</a></li>'


class Theme:
    """A theme that shows every value of the head, and a text of the book in its navigation."""

    def __init__(self, nav: str) -> None:
        self.nav = nav
        self.drawn: list[str] = []

    def draw(self, head: Head, content: str) -> str:
        """The page; what was drawn is remembered."""
        items = "".join(ITEM.format(item.anchor, item.title) for item in head.toc)
        page = (
            f"<title>{head.title}</title><meta {head.description}><link {head.canonical}>"
            f'<link {head.feed}><a href="#{head.toc[0].anchor if head.toc else ""}">skip</a>'
            f"{head.metadata.head}<p>{head.metadata.edit}</p>"
            f"<nav>{escape(self.nav)}</nav><ul>{items}</ul><main>{content}</main>"
        )
        self.drawn.append(page)
        return page


def page(title: str, feed: str = "") -> Page:
    """A page of a guide."""

    def view() -> View:
        raise NotImplementedError

    return Page("guides/a/", title, f"about {title}", "guide", "guides/", view, feed=feed)


def body(html: str, *toc: TocItem) -> Body:
    """A page's body."""
    return Body(html, toc, Linked((), NO_LINKS))


PARTS = ("content", "title", "items", "item", "anchor", "heading", "feed", "description")
FIXED = [f"policybook-slot-{name}" for name in PARTS]


def marks(theme: Theme) -> list[str]:
    """All marks that the theme has drawn so far."""
    return sorted(
        {mark for text in theme.drawn for mark in re.findall(r"policybook-\w+-\w+-", text)}
    )


@pytest.mark.parametrize("nav", FIXED)
def test_a_text_that_looks_like_a_mark_stays_a_text(nav: str) -> None:
    """In the navigation, the head, the headings and the content."""
    theme = Theme(nav)
    toc = (TocItem(nav, nav), TocItem(f"{nav}-2", "Second"))
    described = Metadata(f"<meta {nav}>", f"<a>{nav}</a>")
    frames = Frames(theme.draw, "https://book.example/", metadata=lambda page: described)
    shown = page(nav, "guides/feed.xml"), body(f"<p>{nav}</p>", *toc)
    assert frames.whole(*shown) == frames.direct(*shown)


def test_the_marks_of_one_build_are_texts_in_another() -> None:
    """They are random, so nobody can write them into the data."""
    first = Theme("nothing")
    Frames(first.draw, "").whole(page("A"), body("<p></p>", TocItem("a", "A")))
    assert len(marks(first)) == 7
    for mark in marks(first):
        second = Theme(mark)
        frames = Frames(second.draw, "")
        shown = page(mark), body(f"<p>{mark}</p>", TocItem(mark, mark), TocItem("b", mark))
        assert frames.whole(*shown) == frames.direct(*shown)
        assert set(marks(second)) & set(marks(first)) == {mark}


def test_frames_are_kept_without_marks() -> None:
    """A frame of an earlier build serves the next one, and gives the same bytes."""
    theme = Theme("nothing")
    shown = page("A"), body("<p></p>", TocItem("a", "A"))
    first = Frames(theme.draw, "")
    whole = first.whole(*shown)
    drawn = len(theme.drawn)
    for mark in marks(theme):
        assert mark not in repr(first.drawn)
    assert Frames(theme.draw, "", dict(first.drawn)).whole(*shown) == whole
    assert len(theme.drawn) == drawn
