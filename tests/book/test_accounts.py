"""Accounts: how their files are read and checked, and what pages and JSON say of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from policybook.book.context import BookContext
from policybook.data.loader import load, read
from policybook.output.html.render import Renderer
from policybook.output.json.account_results import accounts_result
from policybook.output.json.role_results import role_result
from policybook.pages.plan import plan

from tests.support.books import BOOK, TEMPLATES, small_catalogue, write
from tests.support.cli import run
from tests.support.contexts import context_of
from tests.support.git_archives import document
from tests.support.html import read_html

ONE, TWO, THREE, FOUR, FIVE = (str(number) * 12 for number in range(1, 6))
POLICY = f"""name: P
arn: arn:aws:iam::{ONE}:policy/P
type: customer-managed
versions:
  - {{id: v2, published: 2024-01-02}}
  - {{id: v1, published: 2024-01-01}}
"""


def text(action: str) -> str:
    """A document that allows one action."""
    return json.dumps(document(action))


FILES: Mapping[str, str] = {
    "book.yml": BOOK,
    "policies/P/policy.yml": POLICY,
    "policies/P/v1.json": text("s3:GetObject"),
    "policies/P/v2.json": text("s3:Get*"),
    f"accounts/{ONE}/account.yml": "users: 3\npolicies:\n  P: {version: v2}\n",
    f"accounts/{TWO}/account.yml": "policies:\n  P: {version: v7, same_as: v2}\n",
    f"accounts/{THREE}/account.yml": "policies:\n  P: {version: v1, same_as: v1}\n",
    f"accounts/{FOUR}/account.yml": "policies:\n  P: {version: v3}\n",
    f"accounts/{FOUR}/P.json": text("s3:PutObject"),
    f"accounts/{FIVE}/account.yml": "policies:\n  P: {version: v9}\n",
    f"accounts/{FIVE}/P.json": text("s3:PutObject"),
    f"accounts/{ONE}/roles/R.yml": "name: R\npolicies: [P]\ntrust: {Statement: []}\n",
    f"accounts/{FOUR}/roles/R.yml": "name: R\npolicies: [P]\ntrust: {Statement: []}\n",
    f"accounts/{TWO}/roles/R.yml": "name: R\npolicies: []\n",
    f"accounts/{TWO}/groups/R.yml": "name: group/R\npolicies: [P]\n",
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with a policy of five accounts."""
    return write(tmp_path / "data", FILES)


@pytest.fixture
def context(data: Path) -> BookContext:
    """Its book."""
    return context_of(load(data), small_catalogue())


def page(context: BookContext, url: str) -> str:
    """The text of a page, with single spaces."""
    pages = tuple(plan(context))
    found = next(page for page in pages if page.url == url)
    return read_html(Renderer(TEMPLATES, context, pages).body(found).html).text


def test_the_accounts_of_a_policy_are_told_by_their_documents(context: BookContext) -> None:
    """The current version first; equal other documents are one."""
    known = context.accounts.of_policy("P")
    assert known
    assert (known.ids, known.source) == ((ONE, TWO, THREE, FOUR, FIVE), ONE)
    assert [(one.key, one.is_current, one.accounts) for one in known.same] == [
        ("v2", True, (ONE, TWO)),
        ("v1", False, (THREE,)),
    ]
    assert [other.accounts for other in known.others] == [(FOUR, FIVE)]
    assert known.others[0].change
    assert known.others[0].change.verdict == "mixed"


def test_a_document_that_became_a_version_is_no_longer_another_one(data: Path) -> None:
    """Also before the account is imported again."""
    newer = POLICY.replace("versions:\n", "versions:\n  - {id: v3, published: 2024-01-03}\n")
    write(data, {"policies/P/policy.yml": newer, "policies/P/v3.json": text("s3:PutObject")})
    known = context_of(load(data), small_catalogue()).accounts.of_policy("P")
    assert known
    assert [(one.key, one.accounts) for one in known.same] == [
        ("v3", (FOUR, FIVE)),
        ("v2", (ONE, TWO)),
        ("v1", (THREE,)),
    ]
    assert not known.others


def test_the_json_of_a_policy_has_every_account(context: BookContext) -> None:
    """With the document where it is another one."""
    found = accounts_result(context, "P")
    assert found
    assert found.source == ONE
    assert [(a.account, a.version, a.same_as, a.verdict) for a in found.accounts] == [
        (ONE, "v2", "v2", None),
        (TWO, "v7", "v2", None),
        (THREE, "v1", "v1", None),
        (FOUR, "v3", None, "mixed"),
        (FIVE, "v9", None, "mixed"),
    ]
    assert found.accounts[3].document == document("s3:PutObject")


def test_the_page_of_a_policy_says_where_it_is_and_where_it_differs(context: BookContext) -> None:
    """Older versions that are the default somewhere are marked."""
    shown = page(context, "policies/P/")
    assert "5 accounts have a policy of this name" in shown
    assert f"The versions on this page are those of the account {ONE}" in shown
    assert f"v1not the current version {THREE}" in shown
    assert "Another document in 2 accounts" in shown
    assert f"{FOUR} (v3 there), {FIVE} (v9 there)" in shown


def test_the_page_of_a_role_says_in_which_accounts_its_policies_differ(
    context: BookContext,
) -> None:
    """What is counted there is what the policy's current version allows."""
    shown = page(context, "roles/r/")
    assert f"Accounts{ONE} {FOUR}" in shown
    assert f"P has another document in {FOUR} than the one that is counted with" in shown
    assert "Show trust policy JSON" in shown
    found = role_result(context, "r")
    assert (found.kind, found.accounts) == ("role", (ONE, FOUR))
    assert found.elsewhere == (f"R~{TWO}",)
    assert found.trust == {"Statement": []}


def test_groups_are_named_as_such(context: BookContext) -> None:
    """So that a role may have the same name."""
    assert list(context.book.roles) == ["R", f"R~{TWO}", "group/R"]
    found = next(page for page in plan(context) if page.title == "group/R")
    assert found.description.startswith("The group group/R")


def test_a_role_of_people_is_first_and_has_what_its_accounts_have(data: Path) -> None:
    """Key by key; what other accounts have is apart."""
    write(data, {"roles.yml": "roles:\n  - {name: Q}\n  - {name: R, summary: It reads.}\n"})
    roles = load(data).roles
    assert list(roles) == ["Q", "R", f"R~{TWO}", "group/R"]
    assert (roles["R"].summary, roles["R"].policies) == ("It reads.", ("P",))
    assert roles["R"].accounts == (ONE, FOUR)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"accounts/1/account.yml": ""}, "accounts/1: expected a folder named as the 12 digits"),
        ({"accounts/x.yml": ""}, "accounts/x.yml: expected a folder for each account"),
        ({f"accounts/{ONE}/x.yml": ""}, f"accounts/{ONE}/x.yml: expected the document NAME.json"),
        ({f"accounts/{TWO}/P.json": "{}"}, f"accounts/{TWO}/P.json: expected the document"),
        ({f"accounts/{FOUR}/P.json": "{}"}, f"accounts/{FOUR}/P.json: expected the key Statement"),
        (
            {f"accounts/{'6' * 12}/P.json": "{}"},
            "666666: expected a file account.yml, found none",
        ),
        ({f"accounts/{ONE}/account.yml": "users: many"}, "users: expected a number, found 'many'"),
        ({f"accounts/{ONE}/roles/S.yml": "name: T"}, "name: expected the file's name S, found 'T'"),
        ({f"accounts/{ONE}/roles/S.json": ""}, "expected a file NAME.yml"),
    ],
)
def test_errors_in_the_files_of_accounts_are_named(
    data: Path, files: Mapping[str, str], said: str
) -> None:
    """With file and key path, and the rest can be read."""
    loaded = read(write(data, files))
    assert any(said in f"{f.file}: {f.reason}" for f in loaded.findings), loaded.findings
    assert "P" in loaded.book.policies


def test_a_policy_or_version_that_is_no_longer_there_is_a_warning(data: Path) -> None:
    """People may have removed it since the import."""
    text_ = "policies:\n  Gone: {version: v1}\n  P: {version: v1, same_as: v9}\n"
    write(data, {f"accounts/{TWO}/account.yml": text_})
    found = run("check", "--data", data).output
    assert "account.yml:2: policies.Gone: expected a policy of the book, found 'Gone'" in found
    assert "account.yml:3: policies.P.same_as: expected a listed version, found 'v9'" in found
    assert "0 errors, 2 warnings" in found


def test_a_policy_that_the_role_of_an_account_names_has_its_file(data: Path) -> None:
    """The finding names the file of the role."""
    write(data, {f"accounts/{ONE}/roles/S.yml": "name: S\npolicies: [Unknown]\n"})
    found = run("check", "--data", data).output
    assert f"accounts/{ONE}/roles/S.yml:2: policies[0]: expected a policy of the book" in found
