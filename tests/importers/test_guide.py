"""`policybook import guide`: what the data has of a page, and in which order pages may come."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policybook.build.planner import findings
from policybook.data.loader import load
from policybook.importers.guides.guide import source_name
from policybook.importers.records import ShownDocument
from policybook.importers.snapshots import formatted_document
from policybook.model.policies import Policy

from tests.support.books import BOOK, write
from tests.support.git_archives import ARN, Archive, document, snapshot
from tests.support.git_archives import imported as import_archive
from tests.support.guide_pages import ADDRESS, SOURCE, imported, page, run, section, table
from tests.support.properties import examples
from tests.support.sites import contents, environment

SHOWN = ShownDocument(formatted_document(json.dumps(document("s3:GetObject")).encode())[0]).name
WORDS = ("--license", "CC-BY-SA-4.0", "--url", ADDRESS)
PAGE = page(
    section("KiteReader", "s3:GetObject"),
    table(
        ("KiteReader", "2", "March 4, 2020"),
        ("KiteReader", "", "February 3, 2020"),
        ("KiteReader", "1", "January 1, 2020"),
    ),
)


@pytest.fixture
def data(data: Path) -> Path:
    """A data folder without policies."""
    return write(data, {"book.yml": BOOK})


def a_page(data: Path, text: str = PAGE, name: str = "page.md") -> Path:
    """The file of a page."""
    write(data.parent, {name: text})
    return data.parent / name


def text_of(data: Path, name: str = "KiteReader") -> str:
    """The `policy.yml`."""
    return (data / f"policies/{name}/policy.yml").read_text("utf-8")


def policy(data: Path, name: str = "KiteReader") -> Policy:
    """The policy as the loader reads it, out of a folder without an error."""
    return load(data).policies[name]


# --- What is stored -------------------------------------------------------------------------------


def test_without_a_licence_only_facts_and_the_link_are_stored(data: Path) -> None:
    """No sentence of the page is in any file."""
    assert imported("guide", a_page(data), data, "--url", ADDRESS) == [
        f"{data}: 3 new versions of 1 policy, 1 of them new; 0 of 1 state skipped"
    ]
    assert text_of(data) == (
        "name: KiteReader\n"
        "arn: null\n"
        "type: unknown\n"
        "descriptions:\n"
        f"  {SOURCE}: {{title: Policies of Kite, prefixes: [s3], updates: [{{day: 2020-03-04, "
        "version: v2}, {day: 2020-02-03}, {day: 2020-01-01, version: v1}], "
        f"url: '{ADDRESS}', as_of: '2020-03-04'}}\n"
        "versions:\n"
        f"  - {{id: v2, published: 2020-03-04, sources: {{{SOURCE}: {{published: 2020-03-04}}}}}}\n"
        f"  - {{id: v1, published: 2020-01-01, sources: {{{SOURCE}: {{published: 2020-01-01}}}}}}\n"
        f"  - {{document: {SHOWN}, sources: {{{SOURCE}: {{as_of: 2020-03-04}}}}}}\n"
    )
    stored = b"".join(contents(data).values())
    assert not [word for word in (b"lets you fly", b"Look at", b"Added") if word in stored]


def test_with_a_licence_the_words_are_stored_with_it_and_with_the_link(data: Path) -> None:
    """A row without a number gets none."""
    imported("guide", a_page(data), data, *WORDS, "--as-of", "2021-06-07")
    said = policy(data).facts.descriptions[SOURCE]
    assert said.text == "KiteReader lets you fly.\n\nHigh."
    assert said.notes == {"s3": "Look at your kites."}
    assert said.explained == ("s3",)
    assert [(u.day, u.version, u.change) for u in said.updates] == [
        (date(2020, 3, 4), "v2", "Added kites."),
        (date(2020, 2, 3), None, "Added kites."),
        (date(2020, 1, 1), "v1", "Added kites."),
    ]
    assert (said.url, said.license, said.as_of) == (ADDRESS, "CC-BY-SA-4.0", "2021-06-07")
    assert [f for f in findings(data) if f.kind != "unknown-default"] == []


def test_words_without_an_address_are_not_stored_and_the_page_is_named_by_its_title(
    data: Path,
) -> None:
    """A quotation without a link would be none."""
    (line, _) = imported("guide", a_page(data), data, "--license", "CC-BY-SA-4.0")
    assert (
        line
        == f"{data.parent}/page.md: expected the page's address, to quote it (--url), found none"
    )
    (said,) = policy(data).facts.descriptions.items()
    assert said[0] == "guide-policies-of-kite"
    assert not said[1].has_words


@pytest.mark.parametrize(
    ("url", "title", "name"),
    [
        (ADDRESS, "Any", SOURCE),
        (
            "https://docs.amazonaws.cn/en_us/kite/latest/dg/a.html",
            "Any",
            "guide-docs-amazonaws-cn-en-us-kite-dg-a",
        ),
        ("https://github.com/awsdocs/kite/a.md", "", "guide-github-com-awsdocs-kite-a-md"),
        (None, "AWS managed policies for Kite (beta)", "guide-aws-managed-policies-for-kite-beta"),
    ],
)
def test_the_name_of_a_page_follows_from_its_address(
    url: str | None, title: str, name: str
) -> None:
    assert source_name(url, title) == name


def test_the_address_of_a_guide_gives_each_page_its_own(data: Path) -> None:
    """The name of the file is that of the page."""
    imported("guide", a_page(data), data, "--url", "https://docs.aws.amazon.com/kite/latest/dg/")
    (said,) = policy(data).facts.descriptions.values()
    assert said.url == "https://docs.aws.amazon.com/kite/latest/dg/page.html"


def test_several_pages_are_imported_at_once_each_as_a_source(data: Path) -> None:
    """Also if both are about one policy."""
    other = page(section("KiteReader", "s3:PutObject"), title="Other")
    imported("guide", a_page(data), data, a_page(data, other, "other.md"))
    assert list(policy(data).facts.descriptions) == ["guide-other", "guide-policies-of-kite"]
    assert list(load(data).sources) == ["guide-other", "guide-policies-of-kite"]


def test_two_pages_of_one_address_are_refused(data: Path) -> None:
    """What one of them says would be lost. The same file twice is one page."""
    other = data.with_name("other") / "page.md"
    write(other.parent, {other.name: page(section("KiteReader", "s3:PutObject"), title="Other")})
    url = ("--url", "https://docs.aws.amazon.com/kite/latest/dg/")
    first = a_page(data)
    result = run("guide", first, data, other, *url)
    assert result.exit_code == 2
    said = f"{other}: expected a page of another address than {first}, found the same\n"
    assert result.stderr == said
    imported("guide", first, data, first, *url)


def test_a_pipe_is_no_page(data: Path, tmp_path: Path) -> None:
    """To open one may never end."""
    os.mkfifo(tmp_path / "page.md")
    result = run("guide", tmp_path / "page.md", data)
    assert result.stderr == (
        f"{tmp_path / 'page.md'}: expected a page, found none (it is no regular file)\n"
    )


# --- Documents without a number -------------------------------------------------------------------


def archived(archive: Archive) -> Archive:
    """An archive of three versions, the second of which the page shows."""
    for number, action in ((1, "s3:ListBucket"), (2, "s3:GetObject"), (3, "s3:PutObject")):
        created = f"2020-0{number}-02T08:00:00Z"
        file = {"policies/KiteReader": snapshot(number, action, created=created)}
        archive.commit(f"2020-0{number}-05", file)
    return archive


def test_a_shown_document_confirms_the_version_that_says_the_same(
    archive: Archive, data: Path
) -> None:
    """It is not a version of its own then, and the file stays."""
    imported("guide", a_page(data), data)
    assert [v.key for v in policy(data).versions] == ["v2", "v1", SHOWN]
    import_archive(archived(archive), data)
    found = policy(data).versions
    assert [(v.key, v.shown_by) for v in found] == [
        ("v3", ()),
        ("v2", ("guide-policies-of-kite",)),
        ("v1", ()),
    ]
    assert (data / f"policies/KiteReader/{SHOWN}.json").is_file()


def current_actions(data: Path) -> set[str]:
    """The action patterns of the current version."""
    current = policy(data).current
    assert current
    assert current.document
    return {p for statement in current.document.statements for p in statement.actions.patterns}


def test_a_shown_document_that_is_like_no_version_is_never_the_current_one(
    archive: Archive, data: Path
) -> None:
    """If a version with a number has a document. Otherwise that of the newest page is."""
    imported("guide", a_page(data, page(section("KiteReader", "s3:Old"), title="A")), data)
    newer = page(
        section("KiteReader", "s3:New"), table(("KiteReader", "", "May 5, 2021")), title="B"
    )
    imported("guide", a_page(data, newer), data)
    assert current_actions(data) == {"s3:New"}
    import_archive(archived(archive), data)
    assert current_actions(data) == {"s3:PutObject"}
    assert len(policy(data).versions) == 5


def test_a_document_that_people_wrote_is_confirmed_as_well(data: Path) -> None:
    """And no line of theirs is changed."""
    main = (
        "name: KiteReader\narn: null\ntype: unknown\nversions:\n"
        "  - published: 2020-03-04\n    document: guide-2020\n"
        f"    source: {{title: Kite, url: '{ADDRESS}', as_of: 2020-03}}\n"
    )
    own = json.dumps(document("s3:GetObject"), indent=7)
    write(
        data, {"policies/KiteReader/policy.yml": main, "policies/KiteReader/guide-2020.json": own}
    )
    imported("guide", a_page(data, page(section("KiteReader", "s3:GetObject"))), data)
    (version,) = policy(data).versions
    assert (version.key, version.shown_by) == ("2020-03-04", ("guide-policies-of-kite",))
    assert main.partition("versions:")[2] in text_of(data)


def test_of_several_documents_in_a_section_none_is_taken_for_the_policys(data: Path) -> None:
    """A statement alone is none either. Both are named."""
    shown = json.dumps(document("s3:Any"))
    two = section("KiteReader", "s3:A") + f"```\n{shown}\n```\n\n"
    alone = "## AWS managed policy: KiteOwner\n\n```\n"
    alone += json.dumps(document("s3:Any")["Statement"][0]) + "\n```\n"
    lines = imported("guide", a_page(data, page(two, alone)), data)
    file = f"{data.parent}/page.md"
    assert lines[:-1] == [
        f"{file}: line 3: expected one document of KiteReader, found 2, none of which is kept",
        f"{file}: line 35: expected a whole document of KiteOwner, found a statement alone",
    ]
    assert not list(data.glob("policies/*/shown-*"))


# --- Days -----------------------------------------------------------------------------------------


def test_the_day_of_a_guide_counts_only_if_no_other_source_states_one(
    archive: Archive, data: Path
) -> None:
    """AWS's tables are often a day off. Each source's own day is kept."""
    row = table(("KiteReader", "2", "February 1, 2020"))
    imported("guide", a_page(data, page(section("KiteReader", "s3:A"), row)), data)
    import_archive(archived(archive), data)
    found = {v.key: v.facts for v in policy(data).versions}
    assert found["v2"].published == date(2020, 2, 2)
    assert {name: days.published for name, days in found["v2"].sources.items()} == {
        "git": date(2020, 2, 2),
        "guide-policies-of-kite": date(2020, 2, 1),
    }


def test_a_later_day_of_a_guide_is_no_second_life(archive: Archive, data: Path) -> None:
    """Though a later day of creation in an archive is."""
    late = page(section("KiteReader", "s3:Other"), table(("KiteReader", "3", "June 6, 2024")))
    import_archive(archived(archive), data)
    imported("guide", a_page(data, late), data)
    assert [v.key for v in policy(data).versions][:3] == ["v3", "v2", "v1"]


def test_of_two_days_in_a_table_the_earlier_one_counts(data: Path) -> None:
    """A line says so."""
    rows = (("KiteReader", "1", "May 5, 2020"), ("KiteReader", "1", "May 4, 2020"))
    lines = imported("guide", a_page(data, page(section("KiteReader", "s3:A"), table(*rows))), data)
    assert lines[0].endswith("expected one day of v1 of KiteReader, 2020-05-05, found 2020-05-04")
    assert policy(data).versions[0].facts.published == date(2020, 5, 4)


def test_a_name_without_a_section_is_imported_only_if_the_row_says_that_it_is_a_policy(
    data: Path,
) -> None:
    """A service may be called in the same way."""
    rows = table(("KiteOwner", "1", "May 5, 2020"), ("CloudKite", "2", "May 6, 2020"))
    rows = rows.replace("KiteOwner – Update", "KiteOwner – New policy")
    text = page("+ KiteStorage – Keeps kites\\.\n\n", section("KiteReader", "s3:A"), rows)
    lines = imported("guide", a_page(data, text), data)
    assert sorted(load(data).policies) == ["KiteOwner", "KiteReader"]
    assert [line.partition("expected ")[2] for line in lines[:-1]] == [
        "a section for CloudKite, found its name in a table",
        "a section for KiteStorage, found its name in a list",
    ]


# --- The order of imports -------------------------------------------------------------------------

PAGES = {
    "old": (PAGE, ()),
    "new": (
        page(section("KiteReader", "s3:PutObject"), table(("KiteReader", "3", "April 5, 2020"))),
        ("--as-of", "2020-09-09"),
    ),
    "words": (PAGE, ("--license", "CC-BY-SA-4.0")),
    "other": (
        page(
            section("KiteReader", "s3:GetObject"), section("KiteOwner", "s3:*"), title="Elsewhere"
        ),
        (),
    ),
}


def import_all(order: tuple[str, ...], data: Path, archive: Archive, package: Path) -> None:
    """Import pages, an archive and a package in this order."""
    for name in order:
        if name == "git":
            import_archive(archive, data)
        elif name == "package":
            imported("package", package, data)
        else:
            text, options = PAGES[name]
            url = () if name == "other" else ("--url", ADDRESS)
            imported("guide", a_page(data, text), data, *url, *options)


CURATED = f"""# Ours.
name: KiteReader
arn: {ARN}/KiteReader
type: aws-managed
permissions:
  s3: Look at kites.
versions:
  # Of a page.
  - published: 2020-02-15
    source: {{title: Kite, url: "{ADDRESS}", as_of: 2020-03}}
    document: guide-2020

  # The first one.
  - id: v1
    published: 2020-01-01
"""


OWN = json.dumps(document("s3:GetBucketTagging"))
FIRST = json.dumps(document("s3:ListBucket"))


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> tuple[Archive, Path]:
    """An archive, and a package with a version more and fewer days."""
    folder = tmp_path_factory.mktemp("sources")
    days = ("2020-01-02", "2020-01-02", "2020-01-02", "2020-05-05")
    actions = ("s3:ListBucket", "s3:GetObject", "s3:PutObject", "s3:DeleteObject")
    versions = {
        f"v{number}": {"document": document(action), "createdDate": f"{day}T08:00:00.000Z"}
        for number, (action, day) in enumerate(zip(actions, days, strict=True), 1)
    }
    found = {
        "arn": f"{ARN}/KiteReader",
        "latestVersionId": "v4",
        "versions": versions,
        "createdDate": "2020-01-02T08:00:00.000Z",
        "lastUpdatedDate": "2020-05-05T08:00:00.000Z",
    }
    write(folder, {"package.json": json.dumps({"KiteReader": found})})
    return archived(Archive(folder / "archive")), folder / "package.json"


ORDER = ("old", "new", "words", "other", "git", "package")


def started(data: Path, curated: bool) -> Path:
    """A data folder without policies, or with one that people have written."""
    write(data, {"book.yml": BOOK})
    files = {"policy.yml": CURATED, "guide-2020.yml": OWN, "v1.yml": FIRST}
    written = {f"policies/KiteReader/{name}": text for name, text in files.items()}
    return write(data, written if curated else {})


@pytest.fixture(scope="module")
def expected(
    sources: tuple[Archive, Path], tmp_path_factory: pytest.TempPathFactory
) -> dict[bool, dict[str, bytes]]:
    """What the imports give in one order, without and with what people have written."""
    found = {}
    for curated in (False, True):
        data = started(tmp_path_factory.mktemp("expected") / "data", curated)
        import_all(ORDER, data, *sources)
        found[curated] = contents(data)
    return found


@examples(0.2)
@given(order=st.permutations(ORDER), curated=st.booleans())
def test_imports_give_the_same_data_in_any_order(
    order: list[str],
    curated: bool,
    sources: tuple[Archive, Path],
    expected: dict[bool, dict[str, bytes]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """To the byte, from an empty folder and from one that people have written in."""
    data = started(tmp_path_factory.mktemp("data") / "data", curated)
    import_all(tuple(order), data, *sources)
    assert contents(data) == expected[curated]
    import_all(tuple(order), data, *sources)
    assert contents(data) == expected[curated], "a second import changes something"
    assert [f for f in findings(data) if f.level == "error"] == []


def test_the_newer_state_of_a_page_is_kept_whichever_comes_first(data: Path) -> None:
    """The documents of both are."""
    for order in itertools.permutations(("old", "new")):
        place = write(data.parent / "-".join(order), {"book.yml": BOOK})
        for name in order:
            text, options = PAGES[name]
            imported("guide", a_page(data, text), place, "--url", ADDRESS, *options)
        assert policy(place).facts.descriptions[SOURCE].as_of == "2020-09-09"
        assert len(list(place.glob("policies/KiteReader/shown-*"))) == 2


# --- What should not be imported ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (" \n", "expected a page of text, found none"),
        ("# T\0\n", "expected a page of text, found a null character"),
        (f"# {'T' * 501}\n", "expected a title of at most 500 characters, found more"),
        ("<html><p>No title", "expected a page with a title or an address, found neither"),
    ],
)
def test_what_is_no_page_is_named_and_the_others_are_imported(
    data: Path, text: str, reason: str
) -> None:
    """Exit status 1."""
    bad = a_page(data, text, "bad.html")
    result = run("guide", bad, data, a_page(data))
    assert result.exit_code == 1
    assert result.stdout.splitlines()[0] == f"{bad}: {reason}"
    assert list(load(data).policies) == ["KiteReader"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--url", "http://docs.aws.amazon.com/a.html"), "expected an address with https"),
        (("--url", "javascript:alert(1)"), "expected an address with https"),
        (("--url", f"{ADDRESS}<script>\n"), "expected an address with https"),
        (("--license", " "), "expected the name of a licence, found ' '"),
        (("--license", "CC\u202e"), "expected the name of a licence, found"),
        (("--as-of", "June 2023"), "expected a day as YYYY-MM-DD"),
    ],
)
def test_what_the_user_says_of_a_page_is_checked(
    data: Path, options: tuple[str, ...], said: str
) -> None:
    result = run("guide", a_page(data), data, *options)
    assert result.exit_code != 0
    assert said in result.output
    assert not (data / "policies").exists() or not list((data / "policies").iterdir())


def test_a_page_cannot_put_anything_else_into_the_data(data: Path) -> None:
    """Keys, tags, aliases and ends of lines in its words stay words."""
    words = "fly: {a: *b, !!c d} # no\\.\n\n  - {id: v9, published: 2020\\-01\\-01}\n\n"
    text = page(
        section("KiteReader", "s3:A", notes="+ `null` – true\\.\n+ `no` – 'a' \"b\" \\\\ : #\\.\n"),
        title="true: {x",
    ).replace("High\\.\n\n", words)
    imported("guide", a_page(data, text), data, *WORDS)
    said = policy(data).facts.descriptions[SOURCE]
    assert said.title == "true: {x"
    assert said.notes == {"null": "true.", "no": "'a' \"b\" \\ : #."}
    assert said.text
    assert "fly: {a: b, !!c d} # no." in said.text
    assert [v.key for v in policy(data).versions if v.number] == []


def test_a_document_that_check_would_refuse_is_left_out(data: Path) -> None:
    """Or the next build would stop."""
    lines = imported("guide", a_page(data, page(section("KiteReader", "{s3:Get"))), data)
    assert lines[0].endswith(
        "line 14: expected a document, found the document has errors (expected an action, found "
        "'{s3:Get')"
    )
    assert not list(data.glob("policies/*/shown-*"))


def test_too_many_words_are_left_out_and_named(data: Path) -> None:
    """The facts stay."""
    text = PAGE.replace("High\\.", "High\\. " * 5_000)
    lines = imported("guide", a_page(data, text), data, *WORDS)
    assert "expected what can be stored about KiteReader, found more, which is left" in lines[0]
    said = policy(data).facts.descriptions[SOURCE]
    assert (said.has_words, said.explained) == (False, ("s3",))


# --- Deprecations ---------------------------------------------------------------------------------


def test_a_deprecation_that_a_page_tells_of_is_stored_without_its_words(data: Path) -> None:
    """Of two states of a page the furthest counts, in any order."""
    text = section("KiteFullReader", "s3:A").replace("High", "Use KiteStrictReader instead")
    row = table(("KiteFullReader", "", "May 5, 2020")).replace("Added kites", "It is deprecated")
    states = (page(text), page(text, row))
    for place, order in enumerate(itertools.permutations(states)):
        folder = write(data.with_name(f"data{place}"), {"book.yml": BOOK})
        for state in (*order, *order):
            imported("guide", a_page(data, state), folder, "--url", ADDRESS)
        said = f"{SOURCE}: {{state: deprecated, date: 2020-05-05, successors: "
        assert f'deprecated: {{sources: {{{said}["KiteStrictReader"]}}}}}}\n' in text_of(
            folder, "KiteFullReader"
        )
    assert contents(data.with_name("data0")) == contents(data.with_name("data1"))


# --- Interrupted imports --------------------------------------------------------------------------

KILLED = """
import os, signal, sys
from policybook.commands.main import commands
from policybook.importers.writing import writer
def kill(*arguments):
    os.kill(os.getpid(), signal.SIGKILL)
setattr(writer, {place!r}, kill)
commands(["import", "guide", *sys.argv[1:]])
"""


@pytest.mark.parametrize("place", ["staging", "merged_yaml", "publish"])
def test_a_killed_import_of_pages_leaves_the_data_and_the_next_one_finishes(
    data: Path, place: str
) -> None:
    """Two pages are imported as a whole, or neither is."""
    imported("guide", a_page(data), data, "--url", ADDRESS)
    before = contents(data)
    new, other = (
        a_page(data, PAGES["new"][0], "new.md"),
        a_page(data, PAGES["other"][0], "other.md"),
    )
    script = KILLED.format(place=place)
    arguments = [str(new), str(other), "--data", str(data)]
    ran = subprocess.run([sys.executable, "-c", script, *arguments], env=environment(), check=False)
    assert ran.returncode == -9
    seen = {n: c for n, c in contents(data).items() if not n.startswith(".")}
    assert seen == before
    imported("guide", new, data, other)
    expected = write(data.with_name("expected"), {"book.yml": BOOK})
    imported("guide", a_page(data), expected, "--url", ADDRESS)
    imported("guide", new, expected, other)
    assert contents(data) == contents(expected)
    assert not [path for path in data.iterdir() if path.name.startswith(".")]


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
            "```\n",
            "# ",
            "## ",
            "+ ",
            " – ",
            "`",
            "<",
            "&#0;",
        ),
        *(
            "\u202e",
            "\u200b",
            "\x1b",
            "\x85",
            "\u2028",
            "\ufeff",
            "\ud7ff",
            "\U000e0041",
            "'",
            ": ",
        ),
        *("KiteReader", "kite", "March 4, 2020", "Date |", "../", "null", "true", "~", "!!python"),
    )
)


@examples(1)
@given(edits=st.lists(st.tuples(st.integers(0, 700), st.integers(0, 60), PIECES), max_size=8))
def test_a_broken_page_gives_data_without_errors_or_is_named(
    edits: list[tuple[int, int, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever is in it, with its words as well; and again it changes nothing."""
    text = PAGE
    for start, length, piece in edits:
        text = text[:start] + piece + text[start + length :]
    data = write(tmp_path_factory.mktemp("broken") / "data", {"book.yml": BOOK})
    result = run("guide", a_page(data, text), data, *WORDS)
    assert result.exit_code in (0, 1)
    assert all(line.isprintable() for line in result.output.splitlines())
    assert [f for f in findings(data) if f.level == "error"] == []
    before = contents(data)
    run("guide", a_page(data, text), data, *WORDS)
    assert contents(data) == before
