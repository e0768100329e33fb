"""Files that programs look for at fixed places: `robots.txt` and `.well-known/security.txt`."""

from __future__ import annotations

from datetime import date, timedelta

from policybook.book.context import BookContext
from policybook.book.site_file import one_file
from policybook.output.llms import LLMS

ROBOTS = "robots.txt"
SECURITY = ".well-known/security.txt"

REPLACEABLE = (ROBOTS, LLMS)
"""Files that a file of the docs folder may take the place of."""

_VALID = timedelta(days=365)


def _robots(context: BookContext) -> bytes:
    """Everything may be read (RFC 9309); with the address of the sitemap, if there is one."""
    sitemap = f"Sitemap: {context.site_url}sitemap.xml\n" if context.site_url else ""
    return f"User-agent: *\nAllow: /\n{sitemap}".encode()


def _security(context: BookContext) -> bytes:
    """Whom to tell of a vulnerability (RFC 9116).

    The RFC requires a day on which the file expires: a year after the last day of the data, since a
    build does not read the clock. Data that nobody renews has nobody who answers.
    """
    last = context.book.data_to or date.min
    lines = [f"Contact: {context.book.facts.contact}", f"Expires: {last + _VALID}T00:00:00Z"]
    if context.site_url:
        lines.append(f"Canonical: {context.site_url}{SECURITY}")
    return ("\n".join(lines) + "\n").encode()


def _has_security(context: BookContext) -> bool:
    return bool(context.book.facts.contact and context.book.data_to)


FILES = (
    one_file(ROBOTS, "", _robots),
    one_file(SECURITY, "", _security, present=_has_security),
)
