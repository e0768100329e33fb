"""Guide pages: one content in four forms, and pages that nobody should have written."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from policybook.errors import PolicybookError
from policybook.importers.guides.facts import GuidePage
from policybook.importers.guides.guide_pages import MAX_PAGE_BYTES, read_guide_page
from policybook.importers.snapshots import is_policy_name
from policybook.importers.wording_of_pages import day_in, names_in_heading, note

from tests.support.properties import examples

DOCUMENT = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["kite:Fly"], "Resource": "*"}],
}
JSON = json.dumps(DOCUMENT, indent=2)
ON_A_LINE = json.dumps(DOCUMENT)

MARKDOWN = f"""# Policies of Kite<a name="kite"></a>

Kite has two policies\\.

**Topics**
+ [AWS managed policy: KiteFullAccess](#kite-full)
+ [Kite updates to AWS managed policies](#kite-updates)

## AWS managed policy: KiteFullAccess<a name="kite-full"></a>

Lets you fly any `kite`, and reel it in\\. Its ARN is `arn:aws:iam::aws:policy/KiteFullAccess`\\.

Made for *everybody*\\.

**Permissions details**

It has the following permissions\\.
+ `kite` – Fly a kite\\.
+ `wind` and `wind-data` – Ask for the wind\\.

```
{JSON}
```

## AWS managed policy: KiteReader<a name="kite-reader"></a>

Lets you look at a kite\\.

## Kite updates to AWS managed policies<a name="kite-updates"></a>

See what changed in Kite\\.


| Policy | Version | Change | Date |
| --- | --- | --- | --- |
| [KiteFullAccess](#k) \\- Update to an existing policy | 2 | Added `kite:Fly`\\.  | March 4, 2026 |
| KiteReader \\- New policy | 1 |  First version  | January 12, 2025 |
|  |  |  Kite started tracking changes\\.  | June 1, 2024 |
"""

SCRAPED = f"""Policies of Kite
Kite has two policies.
Topics
AWS managed policy: KiteFullAccess
Kite updates to AWS managed policies
AWS managed policy: KiteFullAccess
Lets you fly any
kite
, and reel it in. Its ARN is
arn:aws:iam::aws:policy/KiteFullAccess
.
Made for
everybody
.
Permissions details
It has the following permissions.
-
kite
– Fly a kite. -
wind
and
wind-data
– Ask for the wind.
{ON_A_LINE}
AWS managed policy: KiteReader
Lets you look at a kite.
Kite updates to AWS managed policies
See what changed in Kite.
Policy | Version | Change | Date |
---|---|---|---|
KiteFullAccess - Update to an existing policy |
2 |
Added
kite:Fly
. |
March 4, 2026 |
KiteReader - New policy |
1 |
First version |
January 12, 2025 |
| |
Kite started tracking changes. |
June 1, 2024 |
"""

BULLETS = f"""Policies of Kite - Kite

Policies of Kite

Kite has two policies.

KiteFullAccess

Lets you fly any kite, and reel it in. Its ARN is arn:aws:iam::aws:policy/KiteFullAccess.

Made for everybody.

Permissions details

It has the following permissions.

  • kite – Fly a kite.

  • wind and wind-data – Ask for the wind.

{ON_A_LINE}

KiteReader

Lets you look at a kite.

Kite updates to AWS managed policies

See what changed in Kite.

Policy Version Change Date

KiteFullAccess - Update to an existing policy

2

Added kite:Fly.

March 4, 2026

KiteReader - New policy

1

First version

January 12, 2025

Kite started tracking changes.

June 1, 2024
"""

HTML = f"""<!DOCTYPE html>
<html><head><title>Policies of Kite - Kite</title><script>if (a < b) {{ "Effect" }}</script></head>
<body><nav><h2>AWS managed policy: Elsewhere</h2></nav><div id="main">
<h1 id="kite">Policies of Kite</h1><p>Kite has two policies.</p>
<div><h6>Topics</h6><ul><li><a href="#k">AWS managed policy: KiteFullAccess</a></li></ul></div>
<h2 id="kite-full">AWS managed policy: KiteFullAccess</h2>
<p>Lets you fly any <code class="code">kite</code>, and
  reel it in. Its ARN is <code>arn:aws:iam::aws:policy/KiteFullAccess</code>.</p><p>Made for
<em>everybody</em>.</p>
<p><b>Permissions details</b></p><p>It has the following permissions.</p>
<div class="itemizedlist"><ul><li><p><code>kite</code> &ndash; Fly a kite.</p></li>
<li><p><code>wind</code> and <code>wind-data</code> – Ask for the wind.</p></li></ul></div>
<pre class="programlisting"><div><button>Copy</button></div><!-- DEBUG --><code>{JSON}</code></pre>
<h2>AWS managed policy: KiteReader</h2><p>Lets you look at a kite.
<h2>Kite updates to AWS managed policies</h2><p>See what changed in Kite.</p>
<table><thead><tr><th>Policy</th><th>Version</th><th>Change</th><th>Date</th></tr></thead>
<tr><td><p><a href="#kite-full">KiteFullAccess</a> - Update to an existing policy</p></td><td>2</td>
<td><p>Added <code>kite:Fly</code>.</p></td><td>March 4, 2026</td></tr>
<tr><td>KiteReader - New policy</td><td>1</td><td>First version</td><td>January 12, 2025</td></tr>
<tr><td></td><td></td><td><p>Kite started tracking changes.</p></td><td>June 1, 2024</td></tr>
</table></div></body></html>
"""

FORMS = {"markdown": MARKDOWN, "scraped": SCRAPED, "bullets": BULLETS, "html": HTML}


def read(text: str) -> GuidePage:
    return read_guide_page(text.encode())


@pytest.mark.parametrize("form", FORMS)
def test_a_page_says_the_same_in_every_form(form: str) -> None:
    """Only the lines of the page differ, and the space in the document."""
    page = read(FORMS[form])
    assert page.title == "Policies of Kite"
    assert page.unread == ()
    full, reader = page.policies
    assert (full.name, full.arn) == ("KiteFullAccess", "arn:aws:iam::aws:policy/KiteFullAccess")
    assert full.introduction == (
        "Lets you fly any kite, and reel it in. Its ARN is arn:aws:iam::aws:policy/KiteFullAccess.",
        "Made for everybody.",
    )
    assert full.by_prefix == {
        "kite": ("Fly a kite.",),
        "wind": ("Ask for the wind.",),
        "wind-data": ("Ask for the wind.",),
    }
    (document,) = full.documents
    assert document.document
    assert (document.document.source, document.refused) == (DOCUMENT, "")
    assert structs.replace(reader, line=0).introduction == ("Lets you look at a kite.",)
    assert [(u.policies, u.version, u.label, u.change, u.day) for u in page.updates] == [
        (
            ("KiteFullAccess",),
            2,
            "Update to an existing policy",
            "Added kite:Fly.",
            date(2026, 3, 4),
        ),
        (("KiteReader",), 1, "New policy", "First version", date(2025, 1, 12)),
    ]
    assert page.tracking == date(2024, 6, 1)


def test_the_lines_are_those_of_the_page() -> None:
    page = read(MARKDOWN)
    lines = MARKDOWN.split("\n")
    (document,) = page.policies[0].documents
    assert lines[page.policies[0].line - 1].startswith("## AWS managed policy: KiteFullAccess")
    assert lines[document.line - 1] == "{"
    assert "Update to an existing" in lines[page.updates[0].line - 1]
    assert [lines[n.line - 1][:4] for n in page.policies[0].notes] == ["+ `k", "+ `w"]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (
            "# T\n[\\[See the AWS documentation website for more details\\]]"
            "(http://docs.aws.amazon.com/kite/a.html#b)\n",
            "https://docs.aws.amazon.com/kite/a.html",
        ),
        ("https://docs.aws.amazon.com/kite/a.html\nT\n", "https://docs.aws.amazon.com/kite/a.html"),
        (
            '<html><link rel="canonical" href="https://docs.aws.amazon.com/kite/a.html">',
            "https://docs.aws.amazon.com/kite/a.html",
        ),
        ('<html><link rel="canonical" href="https://example.com/a.html">', None),
        ('<html><link rel="canonical" href="https://docs.aws.amazon.com/a b">', None),
        ("# T\nSee https://docs.aws.amazon.com/kite/a.html\n", None),
    ],
)
def test_an_address_is_one_of_aws_that_the_page_states(text: str, address: str | None) -> None:
    assert read(text).address == address


SECTION = "# T\n\n## AWS managed policy: KiteFullAccess\n\n"
TABLE = "## Updates to policies\n\n| Change | Description | Date |\n| --- | --- | --- |\n"


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        (
            f"{SECTION}```\n{JSON[:40]}\n```\n",
            "line 6: the document is refused: line 3: expected valid JSON, "
            "found an error (Unterminated string starting at); "
            "the quote that begins here is not closed",
        ),
        (
            f"{SECTION}```\n{JSON[:40]}\n## AWS managed policy: KiteReader\n\nText.\n",
            "line 6: the document is refused: line 3: expected valid JSON, "
            "found an error (Unterminated string starting at); "
            "the quote that begins here is not closed",
        ),
        (
            f"{SECTION}```\naws kite fly\n```\n",
            "line 6: expected a JSON document of KiteFullAccess, found 'aws kite fly'",
        ),
        (
            f"{SECTION}One.\n\n## AWS managed policy: KiteFullAccess\n\nTwo.\n",
            "line 7: expected one section for KiteFullAccess, found another in line 3",
        ),
        (
            f"{SECTION}## AWS managed policies: KiteReader and KiteWriter\n",
            "line 5: expected one policy in a heading, "
            "found 'AWS managed policies: KiteReader and KiteWriter'",
        ),
        (
            f"{SECTION}## AWS managed policy: ../../etc/passwd\n",
            "line 5: expected a policy's name in the heading, "
            "found 'AWS managed policy: ../../etc/passwd'",
        ),
        (
            f"{SECTION}## AWS managed policy: index.html\n",
            "line 5: expected a policy's name in the heading, "
            "found 'AWS managed policy: index.html'",
        ),
        (
            f"{SECTION}**Permissions details**\n+ Fly any kite\\.\n",
            "line 6: expected a note that begins with a service prefix, found 'Fly any kite.'",
        ),
        (
            f"{SECTION}## Examples\n\n```\n{JSON}\n```\n",
            "line 8: expected a document below the name of a policy, "
            "found a document below 'Examples'",
        ),
        (
            f"{SECTION}## Updates to policies\n\n| Change | What |\n| --- | --- |\n| a | b |\n",
            "line 7: expected a table with the columns Change and Date, "
            "found 'the columns Change | What'",
        ),
        (
            f"{SECTION}{TABLE}| KiteFullAccess – New policy | Text | soon |\n",
            "line 9: expected a day such as March 4, 2026, found 'soon'",
        ),
        (
            f"{SECTION}{TABLE}| A new kite | Text | March 4, 2026 |\n",
            "line 9: expected a policy's name, found 'A new kite | Text | March 4, 2026'",
        ),
        (
            f"{SECTION}{TABLE}| KiteFullAccess |\n",
            "line 9: expected a row with a day, found 'KiteFullAccess'",
        ),
        (
            "Kite\n\nKiteReader\n\nA policy.\n\nChange Description Date\n\nA change\n\nsoon\n",
            "line 7: expected rows that end with a day, found none",
        ),
        ("# Kite\n\nNothing here\\.\n", "expected the section of a policy, found none"),
        (
            "<html><h1>T</h1><h2>KiteReader policy</h2><nav><p>Lost",
            "expected the end of <nav>, found the end of the page",
        ),
        (
            "<html><h1>T</h1><h2>KiteReader policy</h2><!-- Lost <p",
            "expected the end of '<!-- Lost <p', found the end of the page",
        ),
    ],
)
def test_what_is_not_understood_is_listed(text: str, unread: str) -> None:
    """In one line, and nothing else is."""
    assert read(text).unread == (unread,)


def test_a_row_without_a_day_and_a_document_of_no_policy_are_kept() -> None:
    """As they are, beside the line that lists them."""
    page = read(
        f"{SECTION}{TABLE}| KiteFullAccess | Text | soon |\n\n## More\n\n```\n{JSON}\n```\n"
    )
    assert [(u.policies, u.day) for u in page.updates] == [(("KiteFullAccess",), None)]
    assert [document.refused for document in page.documents] == [""]


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"\x89PNG\r\n\x1a\n\xff", "expected a page in UTF-8, found invalid start byte"),
        (b"# T\0\n", "expected a page of text, found a null character"),
        (b" \n", "expected a page of text, found none"),
        (
            b" " * (MAX_PAGE_BYTES + 1),
            "expected a page of at most 10000000 bytes, found more",
        ),
        (b"<html>" + b"<ul>" * 100, "expected at most 50 levels of lists, found more"),
        (b"<html>" + b"<table>" * 100, "expected at most 50 levels of lists, found more"),
        (b"# T\n" + b"+ x\n" * 100_001, "expected at most 100000 blocks in a page, found more"),
        (
            b"".join(b"## AWS managed policy: KitePolicy%d\nx\n" % n for n in range(1_001)),
            "expected at most 1000 policies in a page, found more",
        ),
        (
            b"# T\n|Policy|Date|\n" + b"|KiteReader|x|\n" * 10_001,
            "expected at most 10000 updates in a page, found more",
        ),
    ],
)
def test_what_is_no_page_is_refused_in_one_line(content: bytes, error: str) -> None:
    with pytest.raises(PolicybookError) as raised:
        read_guide_page(content)
    assert str(raised.value) == error


def test_hidden_characters_are_shown_escaped() -> None:
    """Also those that an entity stands for."""
    for text in (
        f"{SECTION}Reads\u202e all\x1b\\.\n",
        f"{SECTION}Reads&#x202e; all\x1b\\.\n",
    ):
        assert read(text).policies[0].introduction == ("Reads\\u202e all\\x1b.",)
    page = read("<html><h2>AWS managed policy: KiteReader</h2><p>Reads&#x202e; all &amp;lt;")
    assert page.policies[0].introduction == ("Reads\\u202e all &lt;",)


PIECES = st.sampled_from(
    (
        *(
            "{",
            "}",
            '"',
            "\\",
            "|",
            "\n",
            "\n\n",
            "- ",
            " -\n",
            "```\n",
            "# ",
            "<li>",
            "</td>",
            "<table>",
        ),
        *("<pre>", "<!--", "&#0;", "\u202e", "\x1b", "\r", "Date |", "March 4, 2026", "\ud7ff"),
    )
)


@examples(3)
@given(
    page=st.sampled_from(tuple(FORMS.values())),
    edits=st.lists(st.tuples(st.integers(0, 3_000), st.integers(0, 300), PIECES), max_size=12),
)
def test_a_broken_page_is_read_or_refused_in_one_line(
    page: str, edits: list[tuple[int, int, str]]
) -> None:
    """No text of it has a hidden character, and each name can be a folder's."""
    for start, length, piece in edits:
        page = page[:start] + piece + page[start + length :]
    try:
        found = read(page)
    except PolicybookError as error:
        found = GuidePage("text", str(error))
    assert all(is_policy_name(policy.name) for policy in found.policies)
    texts = [found.title, *found.unread, *(u.change + u.label for u in found.updates)]
    for policy in found.policies:
        texts += [*policy.introduction, *policy.rest, *(n.text for n in policy.notes)]
    assert all(text.isprintable() for text in texts)


def test_a_bare_name_as_a_heading_is_a_policy_if_something_about_one_is_below_it() -> None:
    """A service may be called in the same way."""
    for below in ("See the policy\\.", "+ `kite` – Fly\\.", f"```\n{JSON}\n```"):
        assert [p.name for p in read(f"# T\n## CloudKite\n{below}\n").policies] == ["CloudKite"]
    assert read("# T\n## CloudKite\nFlies\\.\n").unread[0] == (
        "line 2: expected something about a policy below the heading, found 'CloudKite'"
    )


@pytest.mark.parametrize(
    ("cell", "names", "version"),
    [
        (
            "KiteReader and KiteWriter – Update to existing policies",
            ("KiteReader", "KiteWriter"),
            None,
        ),
        ("Added permissions to KiteReader", ("KiteReader",), None),
        ("KiteReader Version 7 – Update to an existing policy", ("KiteReader",), 7),
        ("AWS managed policy: KiteReader", ("KiteReader",), None),
        ("New policy – KiteReader", ("KiteReader",), None),
        ("KiteFullAccess v2, updated for CloudKite users", ("KiteFullAccess",), 2),
    ],
)
def test_which_policies_and_version_a_row_names(
    cell: str, names: tuple[str, ...], version: int | None
) -> None:
    """A policy of the page counts in any text, another name only among words such as "and"."""
    (update,) = read(f"{SECTION}{TABLE}| {cell} | Text | March 4, 2026 |\n").updates
    assert (update.policies, update.version) == (names, version)


def test_a_lower_heading_is_part_of_the_section() -> None:
    """So is what announces notes, at any level."""
    text = (
        f"{SECTION}Flies\\.\n\n### Permissions details\n+ `kite` – Fly\\.\n\n### Notes\n\nMore\\.\n"
    )
    for page in (read(text), read(text.replace("### Permissions", "## Permissions"))):
        (policy,) = page.policies
        assert policy.introduction == ("Flies.",)
        assert policy.by_prefix == {"kite": ("Fly.",)}
        assert policy.rest == ("Notes", "More.")


def test_deeper_items_and_later_paragraphs_belong_to_the_note() -> None:
    page = read(f"{SECTION}+ `kite` – Fly\\.\n\n  High\\.\n  + any kite\n+ `wind` – Ask\\.\n")
    assert page.policies[0].by_prefix == {"kite": ("Fly. High. any kite",), "wind": ("Ask.",)}


@pytest.mark.parametrize(
    ("heading", "names"),
    [
        ("AWS managed policy: KiteReader", (("KiteReader",), True)),
        (
            "AWS managed policy: AWSServiceRoleForKite (deprecated)",
            (("AWSServiceRoleForKite",), True),
        ),
        ("KiteReader policy", (("KiteReader",), True)),
        ("DataScientist", (("DataScientist",), False)),
        ("AWS managed policies: KiteReader, KiteWriter", (("KiteReader", "KiteWriter"), True)),
        ("AWS managed policy: Kite Reader", ((), True)),
        ("AWS managed policies for Kite", ((), False)),
        ("Important", ((), False)),
    ],
)
def test_which_policies_a_heading_names(heading: str, names: tuple[tuple[str, ...], bool]) -> None:
    assert names_in_heading(heading) == names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ec2 – Describe.", (("ec2",), "Describe.")),
        ("redshift-data: Run.", (("redshift-data",), "Run.")),
        ("s3 and s3-object-lambda - Get - all.", (("s3", "s3-object-lambda"), "Get - all.")),
        ("s3:GetObject – Get.", None),
        ("All of them – get.", None),
        ("for example – get.", None),
    ],
)
def test_with_which_prefixes_a_note_begins(
    text: str, expected: tuple[tuple[str, ...], str] | None
) -> None:
    assert note(text) == expected


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("March 4, 2026", date(2026, 3, 4)),
        ("march 04 2026", date(2026, 3, 4)),
        ("Sept. 30, 2021", date(2021, 9, 30)),
        ("4 March 2026", date(2026, 3, 4)),
        ("2026-03-04", date(2026, 3, 4)),
        ("February 30, 2026", None),
        ("March 2026", None),
        ("3/4/2026", None),
        ("Smarch 4, 2026", None),
    ],
)
def test_which_texts_are_days(text: str, day: date | None) -> None:
    assert day_in(text) == day
