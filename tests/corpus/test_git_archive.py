"""The import of AWS's whole archive, compared with independent code for the same history.

`POLICYBOOK_CORPUS` names the archive, a git bundle or a clone of it. The independent
code reads files at commits with git, without the importer.
"""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from policybook.analysis.default_version import default_at
from policybook.analysis.successors import successors
from policybook.model.book import Book

from tests.support.archive import Archive, import_output
from tests.support.sites import command

BRANCH = "archive"
SAMPLE = 100

# Policies with rollbacks, which are always in the sample.
WENT_BACK = (
    "AWSCloudTrail_FullAccess",
    "AmazonEC2ReadOnlyAccess",
    "AmazonS3TablesFullAccess",
    "ReadOnlyAccess",
)


class Imported(NamedTuple):
    """The data, the output of the import, the data as a book, and a clone of the archive."""

    data: Path
    lines: list[str]
    book: Book
    clone: Path


def git(clone: Path, *arguments: str) -> bytes:
    """The output of git."""
    return subprocess.run(
        ["git", "-C", str(clone), *arguments], capture_output=True, check=True
    ).stdout


def run(source: Path, data: Path) -> list[str]:
    """The output of an import of the whole archive, which has to exit with 0."""
    ran = command("import", "git", source, "--data", data)
    assert ran.returncode == 0, ran.stderr
    assert "Traceback" not in ran.stderr
    return ran.stdout.splitlines()


@pytest.fixture(scope="module")
def whole(aws_data: Path, aws_book: Book, archive: Archive) -> Imported:
    """The whole archive, imported into a new folder."""
    return Imported(aws_data, import_output(aws_data), aws_book, archive.clone)


class State(NamedTuple):
    """A state of a policy's file: the day of its commit, the version, and the document."""

    day: date
    number: int
    created: date
    document: Any


def states(clone: Path, names: Iterable[str]) -> Mapping[str, list[State]]:
    """Every readable state of the policies' files, oldest first, by commit and path."""
    paths = [f"policies/{name}" for name in names]
    form = ("--reverse", "--name-only", "--diff-merges=first-parent", "--format=commit %H %ct")
    wanted: list[tuple[str, int, str]] = []
    commit, seconds = "", "0"
    for line in git(clone, "log", *form, BRANCH, "--", *paths).decode().splitlines():
        if line.startswith("commit "):
            _, commit, seconds = line.split()
        elif line:
            wanted.append((commit, int(seconds), line))
    answer = subprocess.run(
        ["git", "-C", str(clone), "cat-file", "--batch"],
        input="".join(f"{commit}:{path}\n" for commit, _, path in wanted).encode(),
        capture_output=True,
        check=True,
    ).stdout
    out = BytesIO(answer)
    found: dict[str, list[State]] = {name: [] for name in names}
    for _, seen, path in wanted:
        head = out.readline().rstrip()
        if head.endswith(b" missing"):
            continue  # it was removed there
        size = int(head.split()[2])
        content = out.read(size + 1)
        if content.strip():
            day = datetime.fromtimestamp(seen, UTC).date()
            found[path.removeprefix("policies/")].append(state(day, json.loads(content)))
    assert out.read() == b""
    return found


def state(day: date, value: Any) -> State:
    """The state in a snapshot."""
    inner = value.get("PolicyVersion", value)
    created = datetime.fromisoformat(inner["CreateDate"].replace("Z", "+00:00"))
    number = int(inner["VersionId"].removeprefix("v"))
    return State(day, number, created.astimezone(UTC).date(), inner["Document"])


class History(NamedTuple):
    """A policy: versions (published, observed, document) by number, rollbacks, last default."""

    versions: Mapping[int, tuple[date, date, Any]]
    rollbacks: list[tuple[int, date]]
    default: int


def history(found: list[State]) -> History:
    """Derive the history from states: a default version that is already known is a rollback."""
    versions: dict[int, tuple[date, date, Any]] = {}
    rollbacks: list[tuple[int, date]] = []
    default = 0
    for state in found:
        if state.number != default and (state.number in versions or state.number < default):
            rollbacks.append((state.number, state.day))
        versions.setdefault(state.number, (state.created, state.day, state.document))
        default = state.number
    return History(versions, rollbacks, default)


@pytest.fixture(scope="module")
def sample(whole: Imported) -> Mapping[str, History]:
    """The other reading of a hundred policies, the same ones every time."""
    names = git(whole.clone, "ls-tree", "--name-only", BRANCH, "policies/").decode().split()
    chance = random.Random(20251231)  # the same sample every time
    drawn = chance.sample([n.removeprefix("policies/") for n in names], SAMPLE)
    chosen = sorted({*drawn, *WENT_BACK})
    return {name: history(found) for name, found in states(whole.clone, chosen).items()}


def test_every_policy_of_the_archive_is_in_the_book(whole: Imported) -> None:
    """Including those that it no longer has; and the loader reports no error."""
    paths = git(whole.clone, "log", "--format=", "--name-only", "-z", BRANCH, "--", "policies")
    files = {path.removeprefix("policies/") for path in paths.decode().split("\0") if path}
    names = {name.removesuffix(".json") for name in files}
    assert len(names) > 1500
    assert set(whole.book.policies) == names
    assert files - names == {"AWSCodeArtifactReadOnlyAccess.json"}


def test_skipped_files_are_reported(whole: Imported) -> None:
    """The empty files, each with its commit; every one of them could be read at another time."""
    *lines, note, end = whole.lines
    assert note == (
        "DEPRECATED.json: expected a file below policies/ for each policy, found none for "
        "'AWSCodeArtifactReadOnlyAccess.json'"
    )
    assert len(lines) == 19
    for line in lines:
        path, _, rest = line.partition(" at ")
        commit, _, reason = rest.partition(": ")
        assert reason == "the file is empty"
        assert git(whole.clone, "show", f"{commit}:{path}").strip() == b""
    count = sum(len(policy.versions) for policy in whole.book.policies.values())
    assert end.endswith(
        f": {count:,} new versions of {len(whole.book.policies):,} policies, "
        f"{len(whole.book.policies):,} of them new; 19 of 9,972 states skipped"
    )


def test_a_sample_has_exactly_the_versions_of_the_history(
    whole: Imported, sample: Mapping[str, History]
) -> None:
    """Ids, newest first, with both dates."""
    assert len(sample) >= SAMPLE
    assert sum(len(found.versions) for found in sample.values()) > 300
    for name, found in sample.items():
        assert [
            (v.number, v.facts.published, v.facts.observed)
            for v in whole.book.policies[name].versions
        ] == [
            (number, published, observed)
            for number, (published, observed, _) in sorted(found.versions.items(), reverse=True)
        ], name


def test_a_sample_has_exactly_the_documents_of_the_history(
    whole: Imported, sample: Mapping[str, History]
) -> None:
    """As they were when each version was first observed but for their form, and no other file."""
    for name, found in sample.items():
        folder = whole.data / "policies" / name
        assert {path.name for path in folder.iterdir()} == {
            "policy.yml",
            *(f"v{number}.json" for number in found.versions),
        }
        for number, (_, _, document) in found.versions.items():
            found_document = json.loads((folder / f"v{number}.json").read_text("utf-8"))
            assert _plain(found_document) == _plain(document), f"{name} v{number}"


def _plain(value: Any) -> Any:
    """The value with each list of one item as that item; equal whatever the order of keys is."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return _plain(value[0]) if len(value) == 1 else [_plain(item) for item in value]
    return value


def test_a_sample_has_exactly_the_rollbacks_of_the_history(
    whole: Imported, sample: Mapping[str, History]
) -> None:
    """And the current version is the last default in the archive."""
    for name, found in sample.items():
        policy = whole.book.policies[name]
        rollbacks = [(int(r.to[1:]), r.observed) for r in policy.facts.rollbacks]
        assert rollbacks == found.rollbacks, name
        assert policy.current, name
        assert policy.current.number == found.default, name
    assert sum(bool(found.rollbacks) for found in sample.values()) >= len(WENT_BACK)


def test_policies_that_were_recreated_have_two_lives(whole: Imported) -> None:
    """Their first version occurs with two days of creation; one had a misspelled name before."""
    lives = {
        name: [(v.key, str(v.facts.published)) for v in policy.versions]
        for name, policy in whole.book.policies.items()
        if any((v.life or 1) > 1 for v in policy.versions)
    }
    stack_sets = "CloudFormationStackSetsOrg{}ServiceRolePolicy"
    assert lives == {
        "AWSCodeArtifactReadOnlyAccess": [("v1~2", "2020-06-25"), ("v1", "2020-06-18")],
        stack_sets.format("Admin"): [("v1~2", "2019-12-10"), ("v1", "2019-11-14")],
        stack_sets.format("Member"): [("v1~2", "2019-12-09"), ("v1", "2019-11-14")],
    }


def test_one_version_became_the_default_days_after_its_creation(whole: Imported) -> None:
    """As the list of policies says; and six policies went back on a day that it has."""
    policies = whole.book.policies.values()
    assert [
        (policy.name, v.key, str(v.facts.published), str(v.facts.default_since))
        for policy in policies
        for v in policy.versions
        if v.facts.default_since
    ] == [("AmazonCognitoPowerUser", "v6", "2021-05-27", "2021-06-01")]
    back = {(p.name, r.observed, r.default_since) for p in policies for r in p.facts.rollbacks}
    known = {(name, since) for name, observed, since in back if since}
    assert len(known) == 6
    assert all(since == observed for _, observed, since in back if since)
    cognito = whole.book.policies["AmazonCognitoPowerUser"]
    days = (date(2021, 5, 27), date(2021, 5, 31), date(2021, 6, 1))
    found = [default_at(cognito, day) for day in days]
    assert [(v.key if v else "", why) for v, why in found] == [("v5", ""), ("v5", ""), ("v6", "")]


def test_facts_agree_with_the_list_and_the_deprecations(whole: Imported) -> None:
    """Of the last day of the archive, for all policies listed there."""
    listed = json.loads(git(whole.clone, "show", f"{BRANCH}:policies-list.json"))["Policies"]
    assert len(listed) > 1300
    for entry in listed:
        facts = whole.book.policies[entry["PolicyName"]].facts
        assert (facts.arn, facts.attachable) == (entry["Arn"], entry["IsAttachable"])
        assert facts.created == datetime.fromisoformat(entry["CreateDate"]).date()
    gone = json.loads(git(whole.clone, "show", f"{BRANCH}:DEPRECATED.json"))
    said = {
        policy.name: policy.facts.deprecated.sources["git"]
        for policy in whole.book.policies.values()
        if policy.facts.deprecated
    }
    found = {name: str(git.date or "Unknown") for name, git in said.items() if git.state}
    assert found == {name: day for name, day in gone.items() if name in whole.book.policies}
    assert "Unknown" in found.values()


def test_every_deprecation_of_the_archive_has_a_day(whole: Imported) -> None:
    """Of 64 it is that of the first list without the policy, or of the first one that named it.

    Every policy that the newest list lacks is in the archive's own list of deprecated ones. Of the
    policies that it still lists, one cannot be attached.
    """
    gone = {
        policy.name: policy for policy in whole.book.policies.values() if policy.facts.deprecated
    }
    found = {name: policy.deprecation for name, policy in gone.items()}
    assert Counter(d.precision for d in found.values()) == {"at-latest": 64, "exact": 9}
    said = {name: p.facts.deprecated.sources["git"] for name, p in gone.items()}  # type: ignore[union-attr]  # see above
    absent = {name for name, git in said.items() if git.not_listed}
    assert len(absent) == 38
    assert all(said[name].state == "deprecated" for name in absent)
    assert [name for name, git in said.items() if git.not_attachable] == ["AWSConfigRole"]
    assert (found["AmazonMacieSetupRole"].date, found["AmazonMacieSetupRole"].precision) == (
        date(2022, 4, 26),
        "at-latest",
    )


def test_a_policy_without_an_arn_was_in_no_list(whole: Imported) -> None:
    """In none of its states."""
    path = "policies-list.json"
    unknown = {p.name for p in whole.book.policies.values() if p.facts.arn is None}
    assert 0 < len(unknown) < 50
    changed = git(whole.clone, "log", "-p", "-U0", "--format=", BRANCH, "--", path)
    names = {found.decode() for found in re.findall(rb'\n\+ *"PolicyName": "([^"]+)"', changed)}
    assert len(names) > 1400
    assert unknown & names == set()


def test_a_second_import_changes_nothing(
    corpus_path: Path, whole: Imported, tmp_path: Path
) -> None:
    """No byte of any file, and it reports nothing new."""
    copy = shutil.copytree(whole.data, tmp_path / "data")
    end = run(corpus_path, copy)[-1]
    assert f": 0 new versions of {len(whole.book.policies):,} policies, 0 of them new;" in end
    assert tree(copy) == tree(whole.data)


def tree(folder: Path) -> Mapping[str, str]:
    """Every file below the folder with the digest of its bytes."""
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_deprecated_policies_have_the_successors_inferred_from_their_names(whole: Imported) -> None:
    """Checked one by one: each successor is newer and has the same name except for `_`, `-` and V2.

    Policies without a successor: policies whose namesake is deprecated too (AWSOpsWorks_FullAccess,
    ServerMigration_ServiceRole); and those whose successor has another name, such as
    AmazonEC2ContainerServiceFullAccess, which only the data could name.
    """
    found = successors(whole.book)
    assert {successor.how for (successor,) in found.values()} == {"evident"}
    lines = [f"{name} {successor.name}" for name, (successor,) in found.items()]
    assert lines == EVIDENT.split("\n")[1:-1]


EVIDENT = """
AWSBudgetsActionsRolePolicyForResourceAdministrationWithSSM \
AWSBudgetsActions_RolePolicyForResourceAdministrationWithSSM
AWSCloudTrailFullAccess AWSCloudTrail_FullAccess
AWSCloudTrailReadOnlyAccess AWSCloudTrail_ReadOnlyAccess
AWSCodePipelineFullAccess AWSCodePipeline_FullAccess
AWSCodePipelineReadOnlyAccess AWSCodePipeline_ReadOnlyAccess
AWSConfigRole AWS_ConfigRole
AWSECRPullThroughCacheServiceRolePolicy AWSECRPullThroughCache_ServiceRolePolicy
AWSLambdaFullAccess AWSLambda_FullAccess
AWSLambdaReadOnlyAccess AWSLambda_ReadOnlyAccess
AWSRoboMakerFullAccess AWSRoboMaker_FullAccess
AWSServiceRoleForCodeGuruProfiler AWSServiceRoleForCodeGuru-Profiler
AWS_Config_Role AWS_ConfigRole
AmazonConnectFullAccess AmazonConnect_FullAccess
AmazonLaunchWizardFullaccess AmazonLaunchWizardFullAccessV2
AmazonLaunchWizard_Fullaccess AmazonLaunchWizardFullAccessV2
AmazonMachineLearningRoleforRedshiftDataSource AmazonMachineLearningRoleforRedshiftDataSourceV3
AmazonMachineLearningRoleforRedshiftDataSourceV2 AmazonMachineLearningRoleforRedshiftDataSourceV3
"""
