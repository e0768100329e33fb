"""The data folder as a book: what is read, what it means, and every error gathered."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from policybook.data.file_reader import digest
from policybook.data.loader import load, placed, read, read_document
from policybook.data.validation import typed
from policybook.errors import DataError, Finding, PolicybookError
from policybook.iam.statements import document_of, statements
from policybook.model.documents import Clause, StatementFile, Term

from tests.support.books import BOOK, DATA, GOLDEN, awful, facts, write

ONE = 'Statement: {Effect: Allow, Action: "s3:GetObject", Resource: "*"}\n'


def kinds(data: Path) -> list[tuple[str, int, str]]:
    """File, line and kind of each error that reading finds, in order."""
    found = placed(read(data).findings, data)
    return [(f.file.removeprefix(f"{data.as_posix()}/"), f.line, f.kind) for f in found]


# --- Errors ---------------------------------------------------------------------------------------


def test_loading_names_every_error_of_every_file_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error's findings are in order, and its text is a line for each: part of the golden."""
    monkeypatch.chdir(tmp_path)
    data = awful(Path("awful"))
    with pytest.raises(DataError) as raised:
        load(data)
    lines = str(raised.value).splitlines()
    assert lines == [str(finding) for finding in raised.value.findings]
    golden = (GOLDEN / "findings" / "awful.txt").read_text("utf-8").splitlines()
    assert lines == [line for line in golden if line in set(lines)]
    rules = {line.rpartition("[")[2].strip("]") for line in golden if line not in set(lines)}
    assert not rules & {"bad-yaml", "duplicate-key", "unknown-key", "wrong-type", "missing-key"}
    assert len(lines) > 70


def test_what_has_no_errors_is_read_beside_what_has(tmp_path: Path) -> None:
    """The book holds the sound parts, and `unread` the names of the others."""
    found = read(awful(tmp_path / "awful"))
    assert set(found.book.policies) == {"Actions", "Customer", "Long", "Notes", "Order", "Own"}
    assert set(found.book.groups) == {"references"}
    assert set(found.book.guides) == {"snippets"}
    assert set(found.book.roles) == {"Launch"}
    unread = {"Types", "Json", "Listing", "Empty", "deep", "latin", "two", "Statements", "Folder"}
    assert unread <= found.unread
    assert not found.unread & {"Actions", "references", "snippets", "roles.yml"}
    assert found.book.facts.title == "policybook"


def test_nothing_outside_of_the_folder_comes_from_a_name(tmp_path: Path) -> None:
    """Names that are no policy's are errors, whatever they would mean in a path."""
    names = ["..%2f", ".hidden", "a b", "é", "<b>", "a:b", "index.html", "x" * 129, "a\nb"]
    files = {f"policies/{name}/policy.yml": facts("Escape") for name in names}
    data = write(tmp_path / "data", files)
    assert [kind for _, _, kind in kinds(data)] == ["bad-name"] * len(names)
    assert read(data).book.policies == {}


def test_hidden_files_are_left_alone(tmp_path: Path) -> None:
    """What an editor or a desktop leaves behind is no error."""
    hidden = [
        "policies/.DS_Store",
        "policies/Thumbs.db",
        "policies/P/desktop.ini",
        "groups/Thumbs.db",
        "Thumbs.db",
        "policies/P/.v1.yml.swp",
        "groups/.keep",
        "guides/.keep",
    ]
    files = {"policies/P/policy.yml": facts("P"), **dict.fromkeys(hidden, "")}
    assert list(load(write(tmp_path, files)).policies) == ["P"]


@pytest.mark.parametrize("name", ["policy.yml", "policies", "absent"])
def test_without_a_folder_there_is_nothing_to_read(tmp_path: Path, name: str) -> None:
    """Which is no error of the data: the error says so in one line."""
    (tmp_path / "policy.yml").write_text("")
    (tmp_path / "policies").write_text("")
    with pytest.raises(PolicybookError, match="expected a data folder, found none") as raised:
        load(tmp_path / name)
    assert not isinstance(raised.value, DataError)


def test_an_empty_folder_is_an_empty_book(tmp_path: Path) -> None:
    """Every file is optional."""
    book = load(tmp_path)
    assert (book.policies, book.groups, book.guides, book.roles) == ({}, {}, {}, {})


def test_a_finding_is_placed_by_its_key_path_and_seen_from_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line that the text itself gave stays; what is not below this folder keeps its path."""
    data = write(tmp_path / "data", {"book.yml": "title: a\n\nintroduction: b\n"})
    finding = Finding(file="book.yml", path=("introduction",), kind="k", expected="e", found="f")
    of_text = Finding(file="book.yml", line=7, kind="k", expected="e")
    gone = Finding(file="gone.yml", path=("x",), kind="k", expected="e")
    (first, second, third) = placed([gone, of_text, finding], data)
    assert str(first) == f"{data}/book.yml:3: introduction: expected e, found f [k]"
    assert str(second) == f"{data}/book.yml:7: expected e [k]"
    assert str(third) == f"{data}/gone.yml: x: expected e [k]"
    monkeypatch.chdir(tmp_path)
    assert placed([finding], Path("data"))[0].file == "data/book.yml"
    assert placed([finding], data)[0].file == "data/book.yml"


def test_a_name_that_is_no_text_can_still_be_printed(tmp_path: Path) -> None:
    """The bytes are shown as what they are."""
    (tmp_path / os.fsdecode(b"policies/caf\xe9")).mkdir(parents=True)
    (finding,) = placed(read(tmp_path).findings, tmp_path)
    assert "caf\\udce9" in finding.file
    assert str(finding).encode("utf-8")


@pytest.mark.parametrize("twin", ["Launch", "LAUNCH"])
def test_a_role_stands_in_the_file_once(tmp_path: Path, twin: str) -> None:
    """A second one, in whichever case, would take the first one's place."""
    roles = f"roles:\n  - {{name: Launch, summary: a}}\n  - {{name: {twin}, summary: b}}\n"
    data = write(tmp_path, {"roles.yml": roles})
    assert kinds(data) == [("roles.yml", 3, "bad-name")]
    assert [role.summary for role in read(data).book.roles.values()] == ["a"]


def test_statements_outside_of_documents_are_held_to_the_same_form(tmp_path: Path) -> None:
    """Those of claims and of snippets."""
    claim = "claims:\n  - text: t\n    statements:\n      - {Effect: Allow, Resource: '*'}\n"
    guide = (
        "title: t\nsummary: s\nsections:\n  - title: t\n    text: []\n    snippet:\n"
        "      caption: c\n      statements:\n"
        "        - {Effect: Allow, Action: 's3:Get*', Resource: a, NotResource: b}\n"
    )
    data = write(tmp_path, {"policies/P/policy.yml": facts("P", claim), "guides/g.yml": guide})
    assert kinds(data) == [
        ("guides/g.yml", 9, "resource-and-not-resource"),
        ("policies/P/policy.yml", 7, "no-action"),
    ]


def test_policies_need_names_that_differ_by_more_than_case(tmp_path: Path) -> None:
    """The first in order is read, the second is an error: some disks could not hold both."""
    data = write(
        tmp_path,
        {f"policies/{name}/policy.yml": facts(name) for name in ("Twin", "tWin", "Other")},
    )
    if len(list((data / "policies").iterdir())) < 3:
        pytest.skip("this disk cannot hold names that differ by case only")
    twins = [(file, kind) for file, _, kind in kinds(data) if kind == "bad-name"]
    assert twins == [("policies/tWin", "bad-name")]


# --- Policies -------------------------------------------------------------------------------------


def test_a_policy_is_its_facts_and_its_versions_as_they_are_listed(tmp_path: Path) -> None:
    """With an id or without, with a document in YAML or JSON, or known by a date only."""
    versions = """\
default: v1
versions:
  - {id: v3, observed: 2023-02-18}
  - {id: v2, published: 2022-04-20}
  - published: 2021-08-02
    source: {title: Page, url: "https://example.com/", as_of: 2021-08}
    document: page-2021-08
  - {id: v1, published: 2021-07-30}
"""
    files = {
        "policies/P/policy.yml": facts("P", versions, "service-role"),
        "policies/P/v3.yml": ONE,
        "policies/P/page-2021-08.yml": ONE,
        "policies/P/v1.json": json.dumps({"Statement": []}),
    }
    policy = load(write(tmp_path, files)).policies["P"]
    assert [(v.key, v.number, v.day, v.document is None) for v in policy.versions] == [
        ("v3", 3, date(2023, 2, 18), False),
        ("v2", 2, date(2022, 4, 20), True),
        ("2021-08-02", None, date(2021, 8, 2), False),
        ("v1", 1, date(2021, 7, 30), False),
    ]
    assert [v.document.file if v.document else None for v in policy.versions] == [
        "v3.yml",
        None,
        "page-2021-08.yml",
        "v1.json",
    ]
    assert policy.current == policy.version("v1")
    assert policy.updated == date(2023, 2, 18)
    assert policy.version("v4") is None


@pytest.mark.parametrize(
    ("arn", "path"),
    [
        ("arn:aws:iam::aws:policy/P", "/"),
        ("arn:aws:iam::aws:policy/service-role/P", "/service-role/"),
        ("arn:aws-us-gov:iam::123456789012:policy/a/b/P", "/a/b/"),
    ],
)
def test_a_policy_s_path_is_that_in_its_arn(tmp_path: Path, arn: str, path: str) -> None:
    """The root is `/`."""
    text = facts("P").replace("arn:aws:iam::aws:policy/P", arn)
    assert load(write(tmp_path, {"policies/P/policy.yml": text})).policies["P"].path == path


@pytest.mark.parametrize("default", ["v2", None])
def test_without_a_known_default_the_newest_document_is_current(
    tmp_path: Path, default: str | None
) -> None:
    """A version known by its date only grants nothing that could be shown."""
    named = f"default: {default}\n" if default else ""
    versions = "versions:\n  - {id: v2, published: 2022-01-01}\n  - {id: v1}\n"
    files = {"policies/P/policy.yml": facts("P", named + versions), "policies/P/v1.yml": ONE}
    current = load(write(tmp_path, files)).policies["P"].current
    assert current is not None
    assert current.key == "v1"


def test_policies_groups_and_guides_are_in_the_order_of_their_names(tmp_path: Path) -> None:
    """Whatever order the file system gives; roles keep the order of their file."""
    group = "title: t\nintroduction: []\npolicies: []\n"
    files = {
        **{f"policies/{name}/policy.yml": facts(name) for name in ("b", "a", "C")},
        **{f"groups/{name}.yml": group for name in ("z", "y")},
        **{f"guides/{name}.yml": "title: t\nsummary: s\nsections: []\n" for name in ("d", "c")},
        "roles.yml": "roles: [{name: r, summary: s}, {name: q, summary: s}]\n",
        "book.yml": BOOK,
    }
    book = load(write(tmp_path, files))
    assert list(book.policies) == ["C", "a", "b"]
    assert (list(book.groups), list(book.guides)) == (["y", "z"], ["c", "d"])
    assert list(book.roles) == ["r", "q"]
    assert book.facts.title == "A small book"


def test_policies_that_are_left_out_are_in_no_list_of_the_book(tmp_path: Path) -> None:
    """A role keeps its own, so that nothing is said to be all that it has."""
    names = "[Kept, Other]"
    group = f"title: T\nintroduction: []\npolicies: {names}\nnot_recommended: {names}\n"
    files = {
        "book.yml": BOOK,
        "groups/g.yml": group,
        "roles.yml": f"roles: [{{name: R, summary: S, policies: {names}}}]\n",
        "policies/Kept/policy.yml": facts("Kept", "versions: [{id: v1, published: 2020-01-01}]"),
        "policies/Other/policy.yml": facts("Other", "versions: [{id: v1, published: 2020-01-01}]"),
    }
    found = read(write(tmp_path, files), only="K*")
    assert found.findings == ()
    assert found.left_out == {"Other"}
    (one,), (role,) = found.book.groups.values(), found.book.roles.values()
    assert one.policies == one.not_recommended == ("Kept",)
    assert [found.book.named(name).in_book for name in role.policies] == [True, False]


def test_a_policy_with_errors_is_not_said_to_be_missing(tmp_path: Path) -> None:
    """The pattern for names matches it."""
    files = {"book.yml": BOOK, "policies/Kept/policy.yml": "name: 1\n", "policies/Other/x": ""}
    data = write(tmp_path, files)
    assert read(data, only="Kept").findings
    with pytest.raises(PolicybookError, match="expected policies named None"):
        read(data, only="None")


def test_the_documents_of_a_book_come_by_policy_and_newest_first() -> None:
    """Those that are known."""
    found = [(policy.name, version.key) for policy, version, _ in load(DATA).documents()]
    assert found == [
        ("AmazonSageMakerAdmin-ServiceCatalogProductsServiceRolePolicy", "v3"),
        ("AmazonSageMakerFullAccess", "2021-08-02"),
        ("AmazonSageMakerPipelinesIntegrations", "v3"),
        ("AmazonSageMakerPipelinesIntegrations", "v1"),
        ("AmazonSageMakerReadOnly", "2021-06-10"),
    ]


# --- Documents ------------------------------------------------------------------------------------


def statement(**parts: Any) -> StatementFile:
    """A statement as a file holds it."""
    found, errors = typed({"Effect": "Allow", **parts}, StatementFile)
    assert found is not None, errors
    return found


def test_texts_and_lists_are_one_form() -> None:
    """Single values are lists of one; condition values are text; statements are numbered."""
    condition = {"Bool": {"aws:SecureTransport": False}, "StringLike": {"k": ["a", "b"]}}
    one, two = statements(
        [
            statement(Action="s3:GetObject", Resource="*", Condition=condition),
            statement(Sid="Two", NotAction=["a:B"], NotResource=["x", "y"], Principal="*"),
        ]
    )
    assert (one.number, one.sid, one.effect, one.has_principal) == (1, None, "Allow", False)
    assert (one.actions, one.resources) == (Term(("s3:GetObject",)), Term(("*",)))
    assert one.condition == (
        Clause("Bool", "aws:SecureTransport", ("false",)),
        Clause("StringLike", "k", ("a", "b")),
    )
    assert (two.number, two.sid, two.has_principal) == (2, "Two", True)
    assert (two.actions, two.resources) == (Term(("a:B",), True), Term(("x", "y"), True))


def test_actions_lose_the_white_space_around_them_and_repetitions() -> None:
    """Within an action it stays: such a text names no action. A resource's name may have any."""
    actions = ["s3:GetObject ", "amplify: *", "s3:GetObject"]
    (found,) = statements([statement(Action=actions, Resource=["a b", "a b"])])
    assert found.actions == Term(("s3:GetObject", "amplify: *"))
    assert found.resources == Term(("a b",))


def test_a_document_keeps_what_its_file_holds(tmp_path: Path) -> None:
    """In the order of the file, numbers and dates as text."""
    text = 'Version: 2012-10-17\nId: 007\nStatement:\n- {Effect: Deny, NotAction: "*", Resource: x}'
    found = read_document(write(tmp_path, {"d.yaml": text}) / "d.yaml")
    assert json.dumps(found.source) == (
        '{"Version": "2012-10-17", "Id": "007", '
        '"Statement": [{"Effect": "Deny", "NotAction": "*", "Resource": "x"}]}'
    )
    assert found.file == "d.yaml"
    assert document_of([], {}).file == ""


@pytest.mark.parametrize(
    ("version", "variables"),
    [("Version: 2012-10-17\n", True), ("Version: 2008-10-17\n", False), ("", False)],
)
def test_variables_are_text_in_a_document_of_another_version_or_none(
    tmp_path: Path, version: str, variables: bool
) -> None:
    text = f'{version}Statement: {{Effect: Allow, Action: "s3:*", Resource: "${{aws:userid}}"}}'
    (statement,) = read_document(write(tmp_path, {"d.yml": text}) / "d.yml").statements
    assert statement.resources.variables is variables


def test_a_digest_tells_where_a_file_ends() -> None:
    assert digest(["a", "b"], [b"x\0y", b""]) != digest(["a", "b"], [b"x", b"y\0"])
    assert digest(["a", "b"], [b"x", b"\0y"]) != digest(["a", "b"], [b"x\0", b"y"])


BARE = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}


@pytest.mark.parametrize(
    "value",
    [
        BARE,
        {"Document": BARE},
        {"PolicyVersion": {"VersionId": "v1", "IsDefaultVersion": True, "Document": BARE}},
    ],
    ids=["bare", "document", "get-policy-version"],
)
@pytest.mark.parametrize("name", ["d.json", "d.yml"])
def test_a_document_of_one_s_own_may_have_iam_s_envelope(
    tmp_path: Path, name: str, value: object
) -> None:
    """As `aws iam get-policy-version` prints it, in JSON or in YAML."""
    found = read_document(write(tmp_path, {name: json.dumps(value)}) / name)
    assert found.source == BARE
    assert len(found.statements) == 1


@pytest.mark.parametrize(
    "value",
    [BARE, {"Document": BARE}, {"PolicyVersion": {"VersionId": "v1", "Document": BARE}}],
    ids=["bare", "document", "get-policy-version"],
)
def test_a_finding_about_a_document_is_placed_in_its_envelope(
    tmp_path: Path, value: object
) -> None:
    """The checks of documents know nothing of it."""
    text = json.dumps(value, indent=1)
    at = ("Statement", "Resource")
    finding = Finding(file="d.json", path=at, kind="k", expected="e", found="f")
    (found,) = placed([finding], write(tmp_path, {"d.json": text}))
    assert '"Resource"' in text.splitlines()[found.line - 1]


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("d.json", "", [(0, "empty")]),
        ("d.json", "null", [(0, "empty")]),
        ("d.json", '{\n"Statement"}', [(2, "bad-json")]),
        (
            "d.json",
            '{"Statement": [\n{"Effect": "Allow"}]}',
            [(2, "no-action"), (2, "no-resource")],
        ),
        ("d.json", '{"PolicyVersion":\n{"Document":\n{"Statement": 1}}}', [(3, "wrong-type")]),
        (
            "d.json",
            '{"Document":{\n"Statement": [\n{"Effect": "Allow", "NotAction": []}]}}',
            [(3, "no-resource")],
        ),
        ("d.json", '{"Document":{\n"Statement": 1}}', [(2, "wrong-type")]),
        ("d.yml", "[a, list]", [(1, "wrong-type")]),
        ("d.yml", "Statement: &a {}\nVersion: *a\n", [(2, "alias")]),
    ],
)
def test_a_invalid_document_is_named_with_its_lines(
    tmp_path: Path, name: str, text: str, found: list[tuple[int, str]]
) -> None:
    """Those of the file, envelope and all."""
    with pytest.raises(DataError) as raised:
        read_document(write(tmp_path, {name: text}) / name)
    assert [(f.line, f.kind) for f in raised.value.findings] == found


@pytest.mark.parametrize("name", ["absent.json", "folder.yml"])
def test_a_document_that_is_not_there_is_no_error_of_the_data(tmp_path: Path, name: str) -> None:
    """Nor is a folder in its place: the error is one line."""
    (tmp_path / "folder.yml").mkdir()
    with pytest.raises(
        PolicybookError, match="expected a policy document, found no file"
    ) as raised:
        read_document(tmp_path / name)
    assert not isinstance(raised.value, DataError)
