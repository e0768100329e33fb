"""The check: a book with every error, and good data broken in one way at a time.

`UPDATE_GOLDEN=1 pytest tests/checks` rewrites the golden list of findings.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner
from policybook.build.planner import findings
from policybook.catalogue.catalogue import Catalogue
from policybook.commands.main import commands

from tests.support.books import BOOK, DATA, awful, facts, line_of_text, same_as_golden, write
from tests.support.sites import command

# Every kind of error, and every kind of warning, that the program can tell apart.
ERRORS = [
    "action-and-not-action",
    "alias",
    "bad-arn",
    "bad-date",
    "bad-json",
    "bad-link",
    "bad-name",
    "bad-prefix",
    "bad-sid",
    "bad-value",
    "bad-version",
    "bad-yaml",
    "claim-mismatch",
    "control-character",
    "duplicate-action",
    "duplicate-key",
    "empty",
    "malformed-action",
    "malformed-resource",
    "missing-document",
    "missing-file",
    "missing-key",
    "no-action",
    "no-effect",
    "no-resource",
    "notes-mismatch",
    "principal",
    "resource-and-not-resource",
    "rollback-twice",
    "sid-twice",
    "stale-drift",
    "stale-invalid",
    "stray-space",
    "tag",
    "time-order",
    "too-deep",
    "too-large",
    "uncatalogued-action",
    "unknown-key",
    "unknown-operator",
    "unknown-reference",
    "unlisted-document",
    "unlisted-file",
    "unreadable",
    "version-order",
    "version-twice",
    "wrong-type",
    "wrong-value",
]
WARNINGS = [
    "claim-mismatch",
    "deprecated-successor",
    "future-day",
    "incomplete-arn",
    "malformed-resource",
    "notes-mismatch",
    "placeholder",
    "principal",
    "same-name",
    "stray-space",
    "time-order",
    "too-large",
    "uncatalogued-action",
    "unknown-default",
    "unknown-operator",
    "unlisted-condition-key",
]


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What the command prints of the awful book, as a user sees it."""
    folder = tmp_path_factory.mktemp("check")
    awful(folder / "awful")
    ran = command("check", "--data", "awful", cwd=folder)
    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr
    lines = ran.stdout.splitlines()
    warnings = sum(line.startswith("warning: ") for line in lines)
    assert ran.stderr == f"{len(lines) - warnings} errors, {warnings} warnings\n"
    return lines


def test_every_error_of_the_awful_book_is_named(listed: list[str]) -> None:
    """Each with file, line, key path, what was expected, what was found and its kind; in order."""
    text = "\n".join(listed) + "\n"
    same_as_golden("findings/awful.txt", text.replace(Catalogue().date, "(its date)"))


def test_the_awful_book_has_every_kind_of_error_and_warning(listed: list[str]) -> None:
    """So the golden list is the list of what can be told apart."""
    kinds = {warning: set[str]() for warning in (False, True)}
    for line in listed:
        kinds[line.startswith("warning: ")].add(line.rpartition("[")[2].removesuffix("]"))
    assert sorted(kinds[False]) == ERRORS
    assert sorted(kinds[True]) == WARNINGS


def test_findings_are_in_the_order_of_files_and_lines(tmp_path: Path) -> None:
    """Whichever rule found them."""
    found = findings(awful(tmp_path / "awful"))
    assert list(found) == sorted(found, key=lambda f: (f.file, f.line))
    assert len(set(map(str, found))) == len(found)


# --- One thing broken -----------------------------------------------------------------------------

FULL = "policies/AmazonSageMakerFullAccess/"
PIPELINES = "policies/AmazonSageMakerPipelinesIntegrations/"
READ_ONLY = "policies/AmazonSageMakerReadOnly/"
SCIENTIST = "policies/DataScientist/"
# A customer's policy is added to the good data, as IAM refuses more of those.
OWN = "policies/Own/"
OWN_FILES = {
    OWN + "policy.yml": facts("Own", "versions: [{id: v1}]\n", "customer-managed").replace(
        "::aws:", "::123456789012:"
    ),
    OWN + "v1.yml": "Statement:\n"
    "  - Sid: One\n"
    "    Effect: Allow\n"
    "    Action: s3:GetObject\n"
    "    Resource: '*'\n"
    "    Condition:\n"
    "      Bool:\n"
    "        aws:SecureTransport: 'true'\n"
    "  - {Sid: Two, Effect: Deny, NotAction: 's3:*', Resource: '*'}\n",
}


class Break(NamedTuple):
    """One edit of the good data, and the one error that has to follow.

    In `file`, `old` becomes `new`, or `new` is the whole file where there is no `old`. The error is
    in `file` too, or in `where`, on the line where `at` begins, or on none where there is no `at`.
    """

    kind: str
    file: str
    old: str
    new: str | bytes
    at: str = ""
    where: str = ""


BREAKS = [
    Break("empty", "book.yml", "", ""),
    Break("empty", PIPELINES + "v1.yml", "", "\n \n"),
    Break("empty", "roles.yml", "", "# none yet\n"),
    Break(
        "unreadable",
        SCIENTIST + "policy.yml",
        "",
        b"name: DataScientist\nsummary: caf\xe9\n",
        "summary:",
    ),
    Break("too-large", SCIENTIST + "policy.yml", "", b" " * 2_000_001),
    Break("bad-yaml", SCIENTIST + "policy.yml", "attachable: true", "attachable: [", "- title"),
    Break("bad-yaml", "book.yml", "introduction:\n", "---\nintroduction:\n", "---"),
    Break(
        "duplicate-action",
        "catalogues/2020-01-01/catalogue.json",
        "",
        b'{"day": "2020-01-01", "source": "a list", "services": {\n"s3": {"name": "S3", '
        b'"actions": {"Read": [{"names": ["Get", "get"]}]}}}}',
        '"s3"',
    ),
    Break(
        "duplicate-key",
        PIPELINES + "policy.yml",
        "  events: >-",
        "  lambda: >-",
        "  lambda: >-\n    Create",
    ),
    Break("alias", "roles.yml", "passes: [", "passes: [*role, ", "passes: ["),
    Break("tag", SCIENTIST + "policy.yml", "attachable: ", "attachable: !!bool ", "attachable"),
    Break(
        "too-deep",
        "guides/pipelines-access.yml",
        "points:\n",
        f"points: {'[' * 99}{']' * 99}\n",
        "points: [[",
    ),
    Break("bad-json", PIPELINES + "v2.json", "", '{\n"Statement": nothing}', '"Statement"'),
    Break("unknown-key", PIPELINES + "policy.yml", "attachable:", "atachable:", "atachable:"),
    Break("unknown-key", PIPELINES + "v3.yml", "Action: [sqs", "action: [sqs", "action: [sqs"),
    Break("missing-key", "groups/sagemaker-core.yml", "title: SageMaker core\n", "", "intro"),
    Break("wrong-type", FULL + "policy.yml", "attachable: true", "attachable: yes", "attachable"),
    Break(
        "wrong-type", "groups/sagemaker-core.yml", "guides: [managed-policies]", "guides: x", "gu"
    ),
    Break("wrong-value", SCIENTIST + "policy.yml", "type: job-function", "type: job", "type: job"),
    Break("bad-arn", SCIENTIST + "policy.yml", "arn:aws:iam::", "arn:aws:s3::", "arn: "),
    Break("bad-arn", SCIENTIST + "policy.yml", "policy/job-function/Data", "policy/", "arn: "),
    Break("bad-arn", SCIENTIST + "policy.yml", "iam::aws:", "iam::123456789012:", "arn: "),
    Break(
        "bad-arn", SCIENTIST + "policy.yml", "type: job-function", "type: customer-managed", "arn:"
    ),
    Break("bad-name", SCIENTIST + "policy.yml", "name: Data", "name: data", "name: data"),
    Break("bad-name", "policies/..%2f/policy.yml", "", facts("escape"), where="policies/..%2f"),
    Break(
        "bad-name",
        "policies/datascientist/policy.yml",
        "",
        facts("datascientist"),
        where="policies/datascientist",
    ),
    Break("bad-name", "groups/Pipelines.yml", "", "title: x\n"),
    Break("bad-date", PIPELINES + "policy.yml", "2023-02-17", "2023-02-29", "published: 2023"),
    Break("bad-date", FULL + "policy.yml", "as_of: 2021-08", "as_of: August", "as_of"),
    Break("bad-version", PIPELINES + "policy.yml", "id: v3", "id: 3", "id: 3"),
    Break("bad-prefix", PIPELINES + "policy.yml", "  sqs: >", "  Amazon SQS: >", "  Amazon SQS"),
    Break("bad-link", SCIENTIST + "policy.yml", "url: https", "url: javascript", "url: java"),
    Break("version-order", PIPELINES + "policy.yml", "id: v2", "id: v4", "id: v4"),
    Break(
        "version-twice",
        PIPELINES + "policy.yml",
        "id: v2",
        "id: v3",
        "- id: v3\n    published: 2022",
    ),
    Break(
        "version-twice", PIPELINES + "v3.json", "", '{"Statement": []}', where=PIPELINES + "v3.yml"
    ),
    Break("time-order", PIPELINES + "policy.yml", "2021-07-30", "2022-07-30", "published: 2022-07"),
    Break(
        "missing-document", PIPELINES + "policy.yml", "    published: 2022-04-20\n", "", "- id: v2"
    ),
    Break(
        "rollback-twice",
        PIPELINES + "policy.yml",
        "versions:\n",
        "rollbacks:\n  - {to: v1, observed: 2022-01-01}\n  - {observed: 2022-01-01, to: v1}\n"
        "versions:\n",
        "- {observed",
    ),
    Break("unlisted-document", PIPELINES + "v4.yml", "", 'Version: "2012-10-17"\nStatement: []\n'),
    Break("unlisted-file", PIPELINES + "v3.txt", "", "notes\n"),
    Break("unlisted-file", "policies/notes.md", "", "notes\n"),
    Break("missing-file", "policies/New/v1.yml", "", "Statement: []\n", where="policies/New"),
    Break(
        "no-effect",
        PIPELINES + "v1.yml",
        "- Effect: Allow\n    Action: [sqs",
        "- Action: [sqs",
        "Action: [sqs",
    ),
    Break(
        "wrong-value", PIPELINES + "v1.yml", "- Effect: Allow", "- Effect: allow", "Effect: allow"
    ),
    Break(
        "no-action",
        PIPELINES + "v1.yml",
        "    Action: [iam:PassRole]\n",
        "",
        "- Effect: Allow\n    Resource: arn",
    ),
    Break(
        "action-and-not-action",
        PIPELINES + "v1.yml",
        "    Action: [iam:PassRole]",
        "    Action: [iam:PassRole]\n    NotAction: [iam:GetRole]",
        "- Effect: Allow\n    Action: [iam",
    ),
    Break(
        "no-resource",
        PIPELINES + "v1.yml",
        "    Resource: arn:aws:iam::*:role/*\n",
        "",
        "- Effect: Allow\n    Action: [iam",
    ),
    Break(
        "resource-and-not-resource",
        PIPELINES + "v1.yml",
        "    Resource: arn:aws:iam::*:role/*\n",
        "    Resource: arn:aws:iam::*:role/*\n    NotResource: arn:aws:iam::*:role/a\n",
        "- Effect: Allow\n    Action: [iam",
    ),
    Break(
        "malformed-action",
        PIPELINES + "v1.yml",
        "sqs:CreateQueue",
        "sqs.CreateQueue",
        "Action: [sqs",
    ),
    Break(
        "unknown-reference",
        "groups/sagemaker-core.yml",
        "[AmazonSageMakerF",
        "[AmazonSageMakerf",
        "policies: [",
    ),
    Break(
        "unknown-reference",
        "groups/sagemaker-core.yml",
        "DataScientist]",
        "Data]",
        "not_recommended: ",
    ),
    Break(
        "unknown-reference", "groups/sagemaker-core.yml", "[managed-pol", "[manage-pol", "guides: "
    ),
    Break(
        "unknown-reference",
        SCIENTIST + "policy.yml",
        "attachable: true",
        "deprecated: {successors: [DataScientistV2]}",
        "deprecated:",
    ),
    Break(
        "unknown-reference",
        SCIENTIST + "policy.yml",
        "attachable: true",
        "deprecated: {successors: [DataScientist]}",
        "deprecated:",
    ),
    Break(
        "unknown-reference",
        "groups/sagemaker-pipelines.yml",
        "-ExecutionRole]",
        "-Role]",
        "roles: ",
    ),
    Break("unknown-reference", "roles.yml", "CatalogProductsUseRole]", "UseRole]", "passes: "),
    Break(
        "unknown-reference",
        "roles.yml",
        "policies: [AmazonSageMakerP",
        "policies: [P",
        "policies: [P",
    ),
    Break(
        "unknown-reference",
        SCIENTIST + "policy.yml",
        "attachable: true",
        "deprecated: {successors: [Gone]}",
        "deprecated: {successors: [Gone]}",
    ),
    Break(
        "unknown-reference",
        PIPELINES + "policy.yml",
        "attachable: true",
        "default: v9",
        "default: v9",
    ),
    Break(
        "unknown-reference",
        PIPELINES + "policy.yml",
        "attachable: true",
        "descriptions: {account: {default: v9}}",
        "descriptions: {account: {default: v9}}",
    ),
    Break(
        "wrong-type",
        PIPELINES + "policy.yml",
        "attachable: true",
        f"descriptions: {{account: {{tags: {{{', '.join(f'k{n}: x' for n in range(51))}}}}}}}",
        "descriptions: ",
    ),
    Break("notes-mismatch", PIPELINES + "policy.yml", "  sqs: >-", "  sns: x\n  sqs: >-", "  sns:"),
    Break(
        "notes-mismatch",
        PIPELINES + "policy.yml",
        "  iam: Pass a role to AWS Lambda, to Amazon EMR and to Amazon EC2.\n",
        "",
        "permissions:",
    ),
    Break(
        "stale-drift", FULL + "policy.yml", "drift:\n", "drift:\n  s3: All is well.\n", "  s3: All"
    ),
    Break(
        "stale-drift",
        PIPELINES + "policy.yml",
        "links:\n",
        "claims:\n  - text: Nothing.\n    statements: []\n    drift: None.\nlinks:\n",
        "    drift: None.",
    ),
    Break(
        "claim-mismatch",
        PIPELINES + "policy.yml",
        "links:\n",
        "claims:\n  - text: All.\n"
        '    statements: [{Effect: Allow, Action: "sqs:*", Resource: "*"}]\nlinks:\n',
        "- text: All.",
    ),
    Break(
        "stale-invalid",
        "guides/pipelines-access.yml",
        "invalid:\n",
        "invalid:\n        - {part: s3:GetObject, why: no}\n",
        "- {part",
    ),
    Break("bad-sid", OWN + "v1.yml", "Sid: One", "Sid: Number one", "- Sid: Number"),
    Break("sid-twice", OWN + "v1.yml", "Sid: Two", "Sid: One", "- {Sid: One"),
    Break("stray-space", OWN + "v1.yml", "s3:GetObject", "'s3: GetObject'", "Action"),
    Break("malformed-resource", OWN + "v1.yml", "Resource: '*'", "Resource: bucket", "Resource"),
    Break("principal", OWN + "v1.yml", "    Effect", "    Principal: '*'\n    Effect", "Principal"),
    Break("unknown-operator", OWN + "v1.yml", "Bool", "Boolean", "Boolean"),
    Break("unknown-operator", OWN + "v1.yml", "Bool", "NullIfExists", "NullIfExists"),
    Break("bad-value", OWN + "v1.yml", "'true'", "yes", "aws:SecureTransport"),
    Break("too-large", OWN + "v1.yml", "Sid: One", f"Sid: {'A' * 6_144}"),
    Break("too-large", OWN + "v1.yml", "s3:GetObject", f"s3:{'A' * 190}", "Action"),
    Break("control-character", OWN + "v1.yml", "'*'", '"a\\nb"', "Resource"),
    Break("control-character", "book.yml", "title: ", "title: \u202e", "title"),
    Break("control-character", "book.yml", "title: ", 'title: "\\e[2J"\n# ', "title"),
    Break(
        "uncatalogued-action",
        "guides/pipelines-access.yml",
        "s3:HeadObject]",
        "s3:HeadObject, s3:Nope]",
        "- Action:",
    ),
    Break(
        "malformed-action",
        "guides/pipelines-access.yml",
        "s3:HeadObject]",
        "s3:HeadObject, s3]",
        "- Action:",
    ),
]


@pytest.mark.parametrize("edit", BREAKS, ids=lambda edit: f"{edit.kind}-{edit.new[:16]!r}")
def test_good_data_broken_in_one_way_has_that_one_error(edit: Break, tmp_path: Path) -> None:
    """Named by kind, file and line, and nothing else because of it; the command exits with 1."""
    data = tmp_path / "data"
    shutil.copytree(DATA, data)
    write(data, OWN_FILES)
    new = edit.new
    if edit.old:
        good = (data / edit.file).read_text("utf-8")
        assert edit.old in good
        assert isinstance(new, str)
        new = good.replace(edit.old, new, 1)
    write(data, {edit.file: new})
    where = data / (edit.where or edit.file)
    line = line_of_text(where, edit.at)
    ran = CliRunner().invoke(commands, ["check", "--data", str(data)])
    assert (ran.exit_code, type(ran.exception)) == (1, SystemExit)
    errors = [row for row in ran.stdout.splitlines() if not row.startswith("warning: ")]
    place = f"{where.as_posix()}:{line}: " if line else f"{where.as_posix()}: "
    assert [(row[: len(place)], row.rpartition(" ")[2]) for row in errors] == [
        (place, f"[{edit.kind}]")
    ]


def test_every_kind_of_error_is_broken_on_purpose() -> None:
    """The table above leaves none out."""
    assert sorted({edit.kind for edit in BREAKS}) == ERRORS


def test_the_good_data_has_no_errors_and_the_command_says_so() -> None:
    """Warnings do not change the exit status."""
    ran = command("check")
    assert (ran.returncode, ran.stderr) == (0, "0 errors, 6 warnings\n")
    assert all(line.startswith("warning: data/policies/") for line in ran.stdout.splitlines())


# --- What is no error -----------------------------------------------------------------------------


def errors_of(data: Path) -> list[tuple[str, str]]:
    """Kind and place of each finding that stops a build."""
    found = (finding for finding in findings(data) if finding.level == "error")
    return [(f.kind, f"{f.file.removeprefix(data.as_posix() + '/')}:{f.line}") for f in found]


def test_what_refers_to_a_file_with_errors_is_not_called_unknown(tmp_path: Path) -> None:
    """One mistake is one finding, whether in a policy, a guide or the roles."""
    files = {
        "policies/P/policy.yml": facts("P", "oops: 1\n"),
        "guides/g.yml": "",
        "roles.yml": "roles: [{name: R, summary: s, passes: [Q], oops: 1}]\n",
        "groups/g.yml": ("title: t\nintroduction: []\npolicies: [P]\nroles: [R, Q]\nguides: [g]\n"),
        "policies/Old/policy.yml": facts("Old", "deprecated: {successors: [P]}\n"),
    }
    assert errors_of(write(tmp_path, files)) == [
        ("empty", "guides/g.yml:0"),
        ("unknown-key", "policies/P/policy.yml:4"),
        ("unknown-key", "roles.yml:1"),
    ]


@pytest.mark.parametrize(
    "versions",
    [
        "versions: [{id: v12, published: 2020-01-02}, {id: v9, published: 2020-01-02}]\n",
        "versions: [{id: v3, published: 2021-01-01}, {id: v2, published: 2020-01-01}]\n"
        "default: v2\n",
        "versions: [{id: v3, published: 2020-01-01},"
        " {id: v2, published: 2019-01-01, observed: 2024-01-01}]\n",
        "versions: []\ndeprecated: {}\n",
        "permissions: {s3: There is no document to compare with.}\n",
    ],
    ids=["gap", "rollback", "observed-later", "deprecated", "no-document"],
)
def test_unusual_but_real_history_is_no_error(tmp_path: Path, versions: str) -> None:
    """Gaps, two versions on a day, a default that went back, and what is not known."""
    assert errors_of(write(tmp_path, {"policies/P/policy.yml": facts("P", versions)})) == []


def test_a_successor_that_is_deprecated_too_is_a_warning(tmp_path: Path) -> None:
    """It may be so; the one whose successor lives is without."""
    files = {
        "policies/A/policy.yml": facts("A", "deprecated: {successors: [B]}\n"),
        "policies/B/policy.yml": facts("B", "deprecated: {successors: [C]}\n"),
        "policies/C/policy.yml": facts("C"),
    }
    (warning,) = findings(write(tmp_path, {"book.yml": BOOK, **files}))
    assert (warning.level, warning.kind, warning.line) == ("warning", "deprecated-successor", 4)
    assert str(warning).endswith(
        "deprecated.successors[0]: expected a policy that is neither deprecated nor on the way "
        "out, found 'B' [deprecated-successor]"
    )


def test_a_customer_s_policy_has_an_account_of_its_own(tmp_path: Path) -> None:
    """And AWS's have the account `aws`."""
    text = facts("P", kind="customer-managed").replace("::aws:", "::123456789012:")
    assert errors_of(write(tmp_path, {"policies/P/policy.yml": text})) == []


def test_notes_are_asked_for_only_where_there_are_some(tmp_path: Path) -> None:
    """A policy without any says nothing of what it grants, and so nothing wrong."""
    files = {
        "policies/P/policy.yml": facts("P", "versions: [{id: v1}]\n"),
        "policies/P/v1.yml": "Statement: {Effect: Allow, Action: 's3:*', Resource: '*'}\n",
    }
    assert errors_of(write(tmp_path, files)) == []
