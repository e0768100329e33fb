"""`policybook changes`: the same in every format, and what can be left out."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import get_args

import pytest
from policybook.data.loader import read
from policybook.errors import PolicybookError
from policybook.iam.patterns import covers
from policybook.model.changes import Verdict

from tests.support.addresses import SITE_URL, config_with_address
from tests.support.books import DATA, REPOSITORY, SAMPLES
from tests.support.cli import answer, refusal, run

EDGES = SAMPLES / "edges"


@pytest.fixture(autouse=True)
def in_the_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whose mkdocs.yml names the data and the site's address."""
    monkeypatch.chdir(REPOSITORY)


def test_text_has_a_line_for_each_change_and_each_row_of_evidence() -> None:
    found = answer("changes", "--since", "2023-01-01").splitlines()
    assert found[0] == ("2023-02-17  AmazonSageMakerPipelinesIntegrations v3: widened (after v1)")
    assert all(line.startswith(("  + ", "      ")) for line in found[1:])
    assert any("events:PutRule" in line for line in found[1:])


def test_text_of_a_service_has_only_its_rows() -> None:
    found = answer("changes", "--service", "lambda").splitlines()
    assert len(found) == 2
    assert found[1].startswith("  + added: lambda:GetFunction on ")


def test_markdown_links_to_the_site_and_shows_text_as_it_is(tmp_path: Path) -> None:
    config = config_with_address(tmp_path)
    found = answer("changes", "-f", config, "--since", "2023-01-01", "--format", "markdown")
    place = f"{SITE_URL}policies/AmazonSageMakerPipelinesIntegrations/#v3"
    assert found.startswith("- 2023-02-17 [AmazonSageMakerPipelinesIntegrations v3: widened")
    assert f"]({place})" in found
    assert "  - `added: lambda:GetFunction on arn:aws:lambda:*:*" in found
    alone = answer("changes", "--data", EDGES, "--format", "markdown")
    assert "](" not in alone


def test_json_and_csv_are_those_of_the_site(site: Path) -> None:
    """The same results and rows as the files of the site."""
    found = json.loads(answer("changes", "--all", "--format", "json"))
    folder = site / "api/v1/changes"
    years = sorted(folder.glob("*.json"), reverse=True)
    assert found == [e for path in years for e in json.loads(path.read_text())["result"]]
    table = (site / "api/v1/changes.csv").read_bytes()
    assert run("changes", "--all", "--format", "csv").stdout_bytes == table
    assert len([*csv.reader(io.StringIO(table.decode()))]) == len(found) + 1


@pytest.mark.parametrize("pattern", ["*", "AmazonSageMaker*", "?mazonSageMakerP*", "*Only", "no"])
def test_a_pattern_of_policies_is_read_as_everywhere(pattern: str) -> None:
    """With IAM's `*` and `?`, as those of `serve --only` are."""

    def policies(*arguments: str) -> set[str]:
        found = json.loads(answer("changes", "--all", "--format", "json", *arguments))
        return {change["policy"] for change in found if change["policy"]}

    kept = {name for name in policies() if covers(pattern, name)}
    assert policies("--policy", pattern) == kept


@pytest.mark.parametrize("pattern", ["A[mn]*", "[A]*", "Amazon{SageMaker}*", "(?i)amazon*", "^A*$"])
def test_other_signs_in_a_pattern_are_what_they_are(pattern: str) -> None:
    """No name of a policy has them."""
    assert run("changes", "--policy", pattern).stderr == "0 changes\n"
    with pytest.raises(PolicybookError, match="expected policies named"):
        read(DATA, only=pattern)


def test_no_change_is_no_error() -> None:
    ran = run("changes", "--since", "2030-01-01")
    assert (ran.exit_code, ran.stdout, ran.stderr) == (0, "", "0 changes\n")


@pytest.mark.parametrize("verdict", get_args(Verdict))
def test_every_verdict_can_be_chosen(verdict: str) -> None:
    found = json.loads(answer("changes", "--verdict", verdict, "--format", "json"))
    assert {change["verdict"] for change in found} <= {verdict}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--service", "lamda"], "expected a service prefix, found 'lamda'; did you mean lambda"),
        (["--since", "soon"], "--since: expected a day as YYYY-MM-DD, found 'soon'"),
        (["--verdict", "odd"], "--verdict: expected one of identical, "),
    ],
)
def test_a_wrong_option_ends_with_2(arguments: list[str], message: str) -> None:
    status, text = refusal("changes", *arguments)
    assert status == 2
    assert message in text
