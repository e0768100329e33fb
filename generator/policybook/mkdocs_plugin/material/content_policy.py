"""The content security policy of pages: what browsers load for them, and what mkdocs.yml adds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

# What a page may load if mkdocs.yml adds nothing. It is in a `meta` element, since a site is plain
# files; `frame-ancestors` does not work there.
_DEFAULT = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'self'",
}
# The directives to which mkdocs.yml can add hosts.
DIRECTIVES = (
    "script-src",
    "style-src",
    "img-src",
    "font-src",
    "connect-src",
    "frame-src",
    "media-src",
    "form-action",
)
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?:https://)?((?:\*\.)?{_LABEL}(?:\.{_LABEL})+(?::[0-9]{{1,5}})?)/?", re.I)
_EXPECTED = "expected a host such as fonts.example.org or *.example.org"


def errors_in_hosts(value: Mapping[object, object]) -> Iterator[str]:
    """Yields what is wrong with the option `content_security_policy`."""
    for directive, hosts in value.items():
        if directive not in DIRECTIVES:
            yield f"expected one of {', '.join(DIRECTIVES)}, found {directive!r}"
        elif not isinstance(hosts, list):
            yield f"{directive}: expected a list of hosts, found {hosts!r}"
        else:
            wrong = (
                host for host in hosts if not isinstance(host, str) or not _HOST.fullmatch(host)
            )
            yield from (f"{directive}: {_EXPECTED}, found {host!r}" for host in wrong)


class ContentPolicy:
    """The policy of a site.

    Args:
        hosts: The hosts that mkdocs.yml adds, by directive, without errors.
        site_url: The address of the site, or "": its own host is always allowed.
    """

    def __init__(self, hosts: Mapping[str, list[str]], site_url: str) -> None:
        self._decided = frozenset(hosts)
        self._hosts = {
            directive: [found[1].lower() for host in named if (found := _HOST.fullmatch(host))]
            for directive, named in hosts.items()
        }
        self._own = urlsplit(site_url).netloc.lower()

    def text(self) -> str:
        """The policy, as it is written in pages."""
        parts = []
        for directive in dict.fromkeys((*_DEFAULT, *DIRECTIVES)):
            hosts = [f"https://{host}" for host in self._hosts.get(directive, ())]
            own = _DEFAULT.get(directive, "")
            if own or hosts:
                parts.append(" ".join(filter(None, (directive, own, *hosts))))
        if "script-src" in self._hosts:
            parts.append("worker-src 'self'")  # else it is what script-src says
        return ";".join(parts)

    def blocks(self, directive: str, url: str) -> str:
        """The host that a page may not load the address from; "" if it may."""
        parts = urlsplit(url.strip())
        if parts.scheme not in ("", "http", "https") or not parts.netloc:
            return ""  # below the site, or data of the page itself
        host = parts.netloc.lower()
        if host == self._own:
            return ""
        allowed = self._hosts.get(directive, ())
        return "" if any(_matches(pattern, host) for pattern in allowed) else host

    def decides(self, directive: str) -> bool:
        """Whether mkdocs.yml has the directive, if only with an empty list."""
        return directive in self._decided


def _matches(pattern: str, host: str) -> bool:
    if pattern.startswith("*."):
        return host.endswith(pattern[1:])
    return host == pattern
