"""The content security policy: what it is, and which hosts mkdocs.yml can add."""

from __future__ import annotations

from pathlib import Path

import pytest
from policybook.mkdocs_plugin.material.content_policy import ContentPolicy, errors_in_hosts

from tests.support.book_folders import replace
from tests.support.cli import run

OWN = (
    "default-src 'none';script-src 'self';style-src 'self';img-src 'self' data:;"
    "font-src 'self';connect-src 'self';manifest-src 'self';form-action 'self';base-uri 'self'"
)


def test_a_page_loads_from_its_own_host_only() -> None:
    """That is what a policy without hosts says."""
    assert ContentPolicy({}, "").text() == OWN


def test_hosts_are_added_to_their_directives_over_https() -> None:
    """In the order of mkdocs.yml; one that has no default of its own comes last."""
    hosts = {
        "style-src": ["Fonts.example.org", "https://css.example.org/"],
        "frame-src": ["*.video.example:8443"],
        "img-src": [],
    }
    expected = OWN.replace(
        "style-src 'self'", "style-src 'self' https://fonts.example.org https://css.example.org"
    )
    found = ContentPolicy(hosts, "").text()
    assert found == f"{expected};frame-src https://*.video.example:8443"


def test_workers_are_of_the_own_host_whatever_scripts_are_added() -> None:
    """Browsers take what is said of scripts for workers, unless there is a directive for these."""
    found = ContentPolicy({"script-src": ["js.example.org"]}, "").text().split(";")
    assert "script-src 'self' https://js.example.org" in found
    assert "worker-src 'self'" in found


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("a.js", ""),
        ("../a.js", ""),
        ("/a.js", ""),
        ("data:image/png;base64,AA==", ""),
        ("https://own.example/book/a.js", ""),
        ("https://good.example/a.js", ""),
        ("//good.example/a.js", ""),
        ("https://a.many.example/x", ""),
        ("https://many.example/x", "many.example"),
        ("https://xmany.example/x", "xmany.example"),
        ("https://good.example:444/a.js", "good.example:444"),
        ("http://other.example/a.js", "other.example"),
        (" //OTHER.example/a.js", "other.example"),
    ],
)
def test_the_host_of_a_blocked_address(url: str, host: str) -> None:
    """An address below the site, of its host or of one that is named is not blocked."""
    policy = ContentPolicy(
        {"script-src": ["good.example", "*.many.example"]}, "https://own.example/book/"
    )
    assert policy.blocks("script-src", url) == host


@pytest.mark.parametrize(
    "host",
    [
        "*",
        "https:",
        "data:",
        "'unsafe-inline'",
        "'self'",
        "localhost",
        "http://a.example",
        "https://a.example/path",
        "a.example b.example",
        "a.example; script-src *",
        "a.*.example",
        "*.",
        "",
        '"><script>',
        "a.example\n",
        5,
        None,
    ],
)
def test_only_a_named_host_can_be_added(host: object) -> None:
    """No keyword, no scheme, no path, and nothing that could end the directive."""
    (error,) = errors_in_hosts({"script-src": [host]})
    assert error == (
        f"script-src: expected a host such as fonts.example.org or *.example.org, found {host!r}"
    )


def test_only_known_directives_have_lists_of_hosts() -> None:
    """The others stay as they are."""
    named = (
        "script-src, style-src, img-src, font-src, connect-src, frame-src, media-src, form-action"
    )
    assert list(errors_in_hosts({"base-uri": [], 5: [], "img-src": "a.example"})) == [
        f"expected one of {named}, found 'base-uri'",
        f"expected one of {named}, found 5",
        "img-src: expected a list of hosts, found 'a.example'",
    ]


def test_an_error_names_the_line(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As every error of mkdocs.yml."""
    monkeypatch.chdir(book)
    option = "data_dir: data\n      content_security_policy: {style-src: [unsafe-inline]}"
    replace(book / "mkdocs.yml", "data_dir: data", option)
    line = (book / "mkdocs.yml").read_text().partition("content_sec")[0].count("\n") + 1
    ran = run("build")
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert ran.stderr == (
        f"mkdocs.yml:{line}: plugins.policybook.content_security_policy: style-src: expected a "
        "host such as fonts.example.org or *.example.org, found 'unsafe-inline'\n"
    )
