"""What a page says about itself to other sites: Open Graph (ogp.me) and JSON-LD (schema.org)."""

from __future__ import annotations

import json
from urllib.parse import quote

from markupsafe import escape
from msgspec import Struct

from policybook.book import addresses
from policybook.book.context import BookContext
from policybook.output.cards import card
from policybook.output.html.links import SAFE
from policybook.pages.page import Page

# In a script element, text that looks like its end or like a comment would end or change it.
_ESCAPED = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


class Metadata(Struct, frozen=True):
    """The HTML that a page has besides its body: in the head, and beside the days in the footer."""

    head: str = ""
    edit: str = ""


NONE = Metadata()


def metadata(context: BookContext, page: Page, data_url: str = "") -> Metadata:
    """Create the metadata of a page.

    Args:
        context: The book. Both forms need its `site_url`; without it the head is "".
        page: The page.
        data_url: The address to edit the data folder at, with a slash at its end, or "".

    Returns:
        The metadata; `edit` links to the file of the data that the page is about, if there is one.

    """
    edit = f'<a href="{escape(data_url + page.source)}" rel="noopener">Edit this data</a> · '
    head = (
        open_graph(context, page.title, page.url, page.template) + _linked_data(context, page)
        if context.site_url
        else ""
    )
    return Metadata(head, edit if data_url and page.source else "")


def open_graph(context: BookContext, title: str, url: str, template: str) -> str:
    """Return the elements of Open Graph that differ from page to page.

    Readers take the description from the page's own.
    """
    site = context.site_url
    values = {
        "og:type": "website" if template == "home" else "article",
        "og:title": title,
        "og:url": site + quote(url, safe=SAFE),
        "og:image": site + card(template),
    }
    return "".join(
        f'<meta property="{name}" content="{escape(value)}">' for name, value in values.items()
    )


def _linked_data(context: BookContext, page: Page) -> str:
    """Return the JSON-LD: the data set on two pages, an article on that of a policy, else ""."""
    if page.template in ("home", "about"):
        return _script(_dataset(context, page.description))
    if page.template == "policy":
        return _script(_article(context, page))
    return ""


def _dataset(context: BookContext, description: str) -> dict[str, object]:
    site, last = context.site_url, context.book.data_to
    download = {
        "@type": "DataDownload",
        "encodingFormat": "application/json",
        "contentUrl": f"{site}{addresses.API_ROOT}index.json",
    }
    return {
        "@type": "Dataset",
        "name": context.book.facts.title,
        "description": description,
        "url": site,
        **({"dateModified": str(last)} if last else {}),
        "distribution": [download],
    }


def _article(context: BookContext, page: Page) -> dict[str, object]:
    policy = context.book.policies[page.title]
    site, last = context.site_url, policy.updated
    identified = {"identifier": policy.facts.arn} if policy.facts.arn else {}
    return {
        "@type": "TechArticle",
        "headline": page.title,
        "description": page.description,
        "url": site + quote(page.url, safe=SAFE),
        **({"dateModified": str(last)} if last else {}),
        "about": {"@type": "Thing", "name": page.title, **identified},
        "isPartOf": {"@type": "Dataset", "name": context.book.facts.title, "url": site},
    }


def _script(data: dict[str, object]) -> str:
    """Return a data block, which browsers neither run nor hold against the policy for scripts."""
    text = json.dumps({"@context": "https://schema.org", **data}, ensure_ascii=False)
    return f'<script type="application/ld+json">{text.translate(_ESCAPED)}</script>'
