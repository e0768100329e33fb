"""`rules.yml`: what is read, every error with its place, and the whole way to the pages."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from policybook.analysis.index import index
from policybook.book.addresses import API_ROOT
from policybook.book.context import BookContext
from policybook.build.planner import findings, plan_site
from policybook.build.starter_book import start_book
from policybook.catalogue.catalogue import Catalogue
from policybook.data.loader import load, placed, read
from policybook.iam.mitigation import MITIGATIONS
from policybook.lists.marks import Marks
from policybook.output.files import site_files
from policybook.pages.risks import risks_view

from tests.support.books import DATA, REPOSITORY, SAMPLES, write
from tests.support.list_rows import named, several
from tests.support.sites import command

RULE = """\
  - id: {id}
    title: T
    kind: pass-role
    reason: R.
    link: {{title: T, url: "https://example.com/"}}
    steps:
      - {{does: d, actions: [{actions}]{more}}}
"""


def text(*rules: str) -> str:
    """The file of these rules."""
    return "rules:\n" + "".join(rules)


def rule(id_: str = "r", actions: str = '"iam:PassRole"', more: str = "") -> str:
    """A rule of one step."""
    return RULE.format(id=id_, actions=actions, more=more)


def found(data: Path) -> list[str]:
    """Every finding about the rules, without the folder."""
    lines = [str(finding) for finding in findings(data)]
    return [line.partition("rules.yml:")[2] for line in lines if "rules.yml:" in line]


def test_rules_are_read_in_the_order_of_their_file(tmp_path: Path) -> None:
    """A book without the file has none."""
    assert load(write(tmp_path, {"book.yml": "title: T\nintroduction: []\n"})).rules == {}
    book = load(write(tmp_path, {"rules.yml": text(rule("z"), rule("a"))}))
    assert list(book.rules) == ["z", "a"]
    assert book.rules["z"].steps[0].actions == ("iam:PassRole",)


@pytest.mark.parametrize(
    ("rules", "error"),
    [
        (
            text(rule(), rule()),
            "9: rules[1].id: expected a unique id, found 'r' again; the first is rules[0] "
            "[bad-name]",
        ),
        (
            text(rule(actions="")),
            "8: rules[0].steps[0]: expected actions or a level, found neither [missing-key]",
        ),
        (
            text(rule(more=", colour: red")),
            "8: rules[0].steps[0].colour: expected one of does, actions, level, but, own, "
            "context, open, limited_by, found 'colour' [unknown-key]",
        ),
        (
            text(rule().replace("pass-role", "danger")),
            "4: rules[0].kind: expected one of credentials, data-read, pass-role, "
            "permissions-management, privilege-escalation, resource-policy, found 'danger' "
            "[wrong-value]",
        ),
        (
            text(rule().replace("https", "ftp")),
            "6: rules[0].link.url: expected a URL that begins with https://, "
            "found 'ftp://example.com/' [bad-link]",
        ),
        (
            text(rule()).replace("    steps:\n", "    steps: []\n").rpartition("      - ")[0],
            "7: rules[0].steps: expected a list with at least one entry, "
            "found an empty list [empty]",
        ),
        (
            text(rule(actions='"*:PassRole"')),
            "8: rules[0].steps[0].actions[0]: expected an action of one service, such as "
            "iam:PassRole or s3:Get*, found '*:PassRole' [malformed-action]",
        ),
        (
            text(rule(more=', own: ["user/x"]')),
            "8: rules[0].steps[0].own[0]: expected a pattern of ARNs such as "
            "arn:*:iam::*:user/${aws:username}, found 'user/x' [bad-arn]",
        ),
        (
            text(rule() + "    paths: [iam-001, IAM 2]\n"),
            "9: rules[0].paths[1]: expected lower-case words joined by hyphens, "
            "found 'IAM 2'; did you mean iam-2? [bad-name]",
        ),
    ],
)
def test_an_error_of_a_rule_names_its_place(tmp_path: Path, rules: str, error: str) -> None:
    """With the line and the key path; the build stops."""
    assert found(write(tmp_path, {"rules.yml": rules})) == [error]
    assert [finding.level for finding in placed(read(tmp_path).findings, tmp_path)] == ["error"]


@pytest.mark.parametrize(
    ("actions", "more", "expected"),
    [
        ('"iam:PassRole", "iam:Nothing*"', "", "actions[1]: expected an action"),
        ('"iam:PassRoll"', "", "actions[0]: expected an action"),
        ('"nowhere:Do"', "", "actions[0]: expected an action"),
        ('"s3:GetObject"', ", level: Write", "actions[0]: expected an action of the level Write"),
        ('"s3:Get*", "s3:*"', ", level: Permissions management", "actions[0]: expected an action"),
    ],
)
def test_an_action_that_the_catalogue_lacks_is_noted(
    tmp_path: Path, actions: str, more: str, expected: str
) -> None:
    """With its place; the rule can never be met through it. The catalogue may change by itself."""
    (line,) = found(write(tmp_path, {"rules.yml": text(rule(actions=actions, more=more))}))
    assert line.startswith(f"8: rules[0].steps[0].{expected}")
    assert line.endswith("[uncatalogued-action]")
    assert plan_site(tmp_path).warnings.count == 1


def test_a_new_book_brings_the_rules_of_this_one(tmp_path: Path) -> None:
    """There is only one file of them, and it has no error; an editor is told its schema."""
    start_book(tmp_path / "book")
    modeline, _, rest = (tmp_path / "book/data/rules.yml").read_text().partition("\n")
    assert modeline == "# yaml-language-server: $schema=../schemas/rules.json"
    assert rest == (DATA / "rules.yml").read_text()
    assert not (REPOSITORY / "templates/starter_book/data/rules.yml").exists()
    assert found(tmp_path / "book/data") == []


def test_without_rules_nothing_is_said_of_risks(tmp_path: Path) -> None:
    """No page, no section, nothing in the navigation; with them, all three."""
    start_book(tmp_path / "book")
    data = tmp_path / "book/data"
    for there in (True, False):
        site = tmp_path / str(there)
        ran = command("build", "-d", site, cwd=tmp_path / "book")
        assert ran.returncode == 0, ran.stderr
        home = (site / "index.html").read_text()
        policy = (site / "policies/ExampleReportReader/index.html").read_text()
        assert (site / "risks/index.html").exists() == there
        assert ('href="risks/"' in home) == there
        assert ('id="risks"' in policy) == there
        (data / "rules.yml").unlink(missing_ok=True)


def context_of(data: Path) -> BookContext:
    """What pages are made from."""
    book = load(data)
    return BookContext(book, index(book), Catalogue())


def shown_matches(context: BookContext) -> dict[str, dict[str, str]]:
    """The marks of the page: what limits the risk, by rule and policy."""
    view = risks_view(context)
    found: dict[str, dict[str, str]] = {rule: {} for rule in context.book.rules}
    for row in view.table.rows:
        for column, marks in zip(view.table.columns[1:], row.cells[1:], strict=True):
            assert column.marks
            assert isinstance(marks, tuple)
            for (rule, _), mark in zip(column.marks.names, marks, strict=True):
                if mark:
                    assert isinstance(mark, int)
                    found[rule][named(row)] = MITIGATIONS[mark - 1]
    for kind in view.kinds:
        for part in kind.rules:
            limits = list(found[part.rule.id].values())
            assert part.open == limits.count("none")
            assert part.open + part.limited == len(limits)
    return found


def test_page_json_and_command_say_the_same() -> None:
    """Of which rules each policy meets, and how far each is limited."""
    context = context_of(SAMPLES / "edges")
    made = {file.path: file.render for file in site_files(context)}
    rules = json.loads(made[f"{API_ROOT}risks.json"]())["result"]["rules"]
    assert [rule["rule"]["id"] for rule in rules] == list(context.book.rules)
    shown = shown_matches(context)
    assert {rule["rule"]["id"]: rule["policies"] for rule in rules} == shown
    for name, policy in context.book.policies.items():
        result = json.loads(made[f"{API_ROOT}policies/{name}.json"]())["result"]
        told = {flag["rule"]: flag["mitigation"] for flag in result["risks"]}
        assert told == context.risks.met(name)
        assert told == {rule: of[name] for rule, of in shown.items() if name in of}
        ran = command("show", name, "--data", SAMPLES / "edges")
        lines = [line for line in ran.stdout.splitlines() if line.startswith("  risk: ")]
        assert [line.rpartition(", ")[2].rstrip("]") for line in lines] == list(told)
        for version in result["versions"]:
            changes = context.risks.history(name)
            expected = changes[version["key"]].changes if version["key"] in changes else ()
            assert [c["rule"] for c in version["risks"]] == [c.rule for c in expected]
        assert policy.name == name


def test_a_reader_filters_by_kind_rule_and_by_rules_without_limits() -> None:
    """The filter of rules without limits has each rule, and one choice for any rule of a kind."""
    context = context_of(SAMPLES / "edges")
    table = risks_view(context).table
    for row in table.rows:
        name = named(row)
        keys = [facet.key for facet in table.stored]
        values = dict(zip(keys, map(several, row.facets), strict=True))
        met = context.risks.met(name)
        kinds = {context.book.rules[rule].kind for rule in met}
        unlimited = {rule for rule, limits in met.items() if limits == "none"}
        of_any = {f"any:{context.book.rules[rule].kind}" for rule in unlimited}
        assert values["rule"] == set(met)
        assert values["kind"] == kinds
        assert values["open"] == unlimited | of_any


def test_what_marks_say_in_words() -> None:
    """For each limit the rules that have it, the weakest limit first."""
    marks = Marks((("a", "A"), ("b", "B"), ("c", "C")), ("x", "y"))
    assert marks.in_words((2, 1, 2)) == "x: B. y: A; C"
    assert marks.in_words((0, 0, 0)) == ""


def test_a_policy_left_out_of_a_preview_is_not_among_those_that_meet_a_rule(tmp_path: Path) -> None:
    """The page of risks is about the policies that are shown."""
    data = tmp_path / "data"
    shutil.copytree(SAMPLES / "edges", data)
    site = plan_site(data, only="Everything")
    assert {name for of in shown_matches(site.context).values() for name in of} == {"Everything"}
