"""The pages for adopters do what they say: their files are written and their commands run."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from policybook.data.schemas.places import PLACES
from policybook.data.schemas.published import schema_file
from policybook.data.validation import FILE_TYPES

from tests.support.book_folders import allowing
from tests.support.books import REPOSITORY, write
from tests.support.cli import answer
from tests.support.doc_pages import SHELL, Reader, blocks
from tests.support.html import dead_links
from tests.support.sites import built_in_process
from tests.support.wheels import WHEEL, wheel

ORDER = (
    "first-policy",
    "bring-in-your-account",
    "review-changes",
    "customise",
    "publish",
    "keep-up-to-date",
    "edit-the-data",
)
MKDOCS = REPOSITORY / "mkdocs.yml"


def git(folder: Path, *arguments: str) -> None:
    """Run git in a folder."""
    own = ["-c", "user.name=n", "-c", "user.email=e@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *own, *arguments], cwd=folder, check=True, capture_output=True)


def committed(book: Path) -> Path:
    """A new book in a repository of git."""
    answer("init", book)
    git(book, "init", "--quiet", "--initial-branch", "main")
    git(book, "add", "--all")
    git(book, "commit", "--quiet", "--message", "x")
    return book


# --- the commands of the pages --------------------------------------------------------------------


def test_your_first_policy_makes_the_book_that_it_shows(tmp_path: Path) -> None:
    """With nothing for `check` to say, and a page for each thing that was written."""
    folder = tmp_path / "in"
    folder.mkdir()
    reader = Reader(folder)
    reader.read("how-to/first-policy.md")
    site = folder / "our-book/site"
    assert reader.at == folder / "our-book"
    for page in (
        "policies/CiDeployer",
        "policies/PipelineBoundary",
        "groups/deployment",
        "guides/deploy-the-shop",
    ):
        assert (site / page / "index.html").is_file(), page
    assert "shop-pipeline" in (site / "roles/index.html").read_text("utf-8")
    assert "Example" not in (site / "policies/index.html").read_text("utf-8")
    assert dead_links(site) == []


def test_the_keys_that_the_first_policy_calls_required_are(tmp_path: Path) -> None:
    """As the schemas say: no other key of these files is."""
    text = (REPOSITORY / "docs/how-to/first-policy.md").read_text("utf-8")
    required = {
        kind: json.loads(schema_file(kind))["$defs"][FILE_TYPES[kind].__name__]["required"]
        for kind in ("policy", "document", "group", "guide")
    }
    assert "| `policy.yml` | `name`, `arn`, `type` |" in text
    assert required["policy"] == ["name", "arn", "type"]
    assert "| document | `Statement` |" in text
    assert required["document"] == ["Statement"]
    assert "It needs `title`, `introduction` and `policies`." in text
    assert required["group"] == ["title", "introduction", "policies"]
    assert "It needs `title`, `summary` and `sections`" in text
    assert required["guide"] == ["title", "summary", "sections"]


def details(account: str, actions: list[str]) -> str:
    """What `get-account-authorization-details` prints of an account with a policy and a role."""
    arn = f"arn:aws:iam::{account}:policy/Deployer"
    document = allowing(*((action, "*") for action in actions))
    version = {
        "Document": document,
        "VersionId": "v1",
        "IsDefaultVersion": True,
        "CreateDate": "2026-01-12T10:00:00+00:00",
    }
    policy = {
        "PolicyName": "Deployer",
        "Arn": arn,
        "Path": "/",
        "DefaultVersionId": "v1",
        "PolicyId": "A",
        "AttachmentCount": 1,
        "IsAttachable": True,
        "CreateDate": "2026-01-12T10:00:00+00:00",
        "UpdateDate": "2026-01-12T10:00:00+00:00",
        "PolicyVersionList": [version],
    }
    role = {
        "RoleName": "pipeline",
        "Arn": f"arn:aws:iam::{account}:role/pipeline",
        "Path": "/",
        "RoleId": "B",
        "CreateDate": "2026-01-12T10:00:00+00:00",
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []},
        "InstanceProfileList": [],
        "RolePolicyList": [],
        "AttachedManagedPolicies": [{"PolicyName": "Deployer", "PolicyArn": arn}],
        "Tags": [],
    }
    lists = {"UserDetailList": [], "GroupDetailList": [], "RoleDetailList": [role]}
    return json.dumps({**lists, "Policies": [policy]})


def test_an_account_and_an_archive_are_brought_in_as_the_page_says(tmp_path: Path) -> None:
    """By files that `aws` prints, and a repository of documents."""
    folder = tmp_path / "in"
    for profile, account, actions in (
        ("", "111111111111", ["s3:GetObject"]),
        ("shop", "222222222222", ["s3:GetObject"]),
        ("pay", "333333333333", ["s3:PutObject"]),
    ):
        write(tmp_path, {f"printed{profile}.json": details(account, actions)})
    archive = write(
        folder / "infrastructure", {"policies/Old.json": json.dumps(allowing(("sqs:*", "*")))}
    )
    git(archive, "init", "--quiet", "--initial-branch", "main")
    git(archive, "add", "--all")
    git(archive, "commit", "--quiet", "--message", "x")
    command = "iam get-account-authorization-details --filter LocalManagedPolicy Role Group"
    aws = f"""case "$*" in
        "{command}") profile= ;;
        "{command} --profile "*) profile=$8 ;;
        *) exit 2 ;;
    esac
    cat "{tmp_path}/printed$profile.json\""""
    reader = Reader(folder, {"aws": aws})
    reader.read("how-to/bring-in-your-account.md")
    data = folder / "our-policies/data"
    assert {"Deployer", "Old"} <= {path.name for path in (data / "policies").iterdir()}
    assert {path.name for path in (data / "accounts").iterdir()} >= {"222222222222"}
    reader.run("policybook check && policybook build --strict")


def test_the_review_of_a_change_is_the_one_that_the_page_shows(tmp_path: Path) -> None:
    """After the change that its output is about."""
    book = committed(tmp_path / "book")
    path = book / "data/policies/ExampleReportReader/v2.yml"
    path.write_text(path.read_text().replace("s3:ListBucket", "s3:*"))
    shown = next(b.text for b in blocks("how-to/review-changes.md") if b.language == "text")
    git(book, "worktree", "add", "--detach", "../shown", "main")
    assert Reader(book).run("policybook review ../shown/data") == shown
    git(book, "worktree", "remove", "../shown")
    shutil.rmtree(tmp_path / "book-programs")
    Reader(book).read("how-to/review-changes.md")


def test_the_commands_that_keep_a_book_up_to_date_work(tmp_path: Path) -> None:
    """With a wheel that is only looked at."""
    book = committed(tmp_path / "book")
    programs = {"pip": f'test "$*" = "install {tmp_path / WHEEL}"'}
    Reader(book, programs, {"WHEEL": str(wheel(tmp_path))}).read("how-to/keep-up-to-date.md")
    assert (book / "wheels" / WHEEL).is_file()
    assert f"./wheels/{WHEEL}" in (book / "requirements.txt").read_text()
    assert (book / "site/index.html").is_file()


def test_the_commands_that_host_a_site_work(tmp_path: Path) -> None:
    """Those of other programs are held to the folders that they name."""
    book = committed(tmp_path / "book")
    (tmp_path / "www").mkdir()
    source = wheel(tmp_path)
    (book / "policybook").mkdir()
    programs = {
        "aws": 'test "$1" != s3 || { test -f "$3/index.html" && test "$4" = s3://b/; }',
        "netlify": 'test -f "$4/404.html"',
        "python3": f'test "$*" = "-m pip wheel --no-deps --wheel-dir dist ." && mkdir dist && '
        f'cp "{source}" dist/policybook-0.1.0-py3-none-any.whl',
    }
    variables = {"BUCKET": "b", "DISTRIBUTION": "E1", "WWW": str(tmp_path / "www")}
    reader = Reader(book, programs, variables)
    reader.read("how-to/publish.md")
    assert (tmp_path / "www/policies/index.html").is_file()
    reader.run(next(b.text for b in blocks("how-to/publish.md") if "ln -s" in b.text))
    assert len(list((tmp_path / "www").iterdir())) <= 3


def test_the_commands_in_files_for_other_hosts_work(tmp_path: Path) -> None:
    """Those of GitLab and Netlify, with an installation that is only looked at."""
    book = tmp_path / "book"
    answer("init", "--source", wheel(tmp_path), book)
    git(book, "init", "--quiet", "--initial-branch", "main")
    git(book, "add", "--all")
    git(book, "commit", "--quiet", "--message", "x")
    git(book, "remote", "add", "origin", str(book))
    commit = subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=book, text=True).strip()
    install = "-m pip install --require-hashes --only-binary :all: --requirement requirements.txt"
    variables = {
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": commit,
        "CI_PAGES_URL": "https://g.example/p",
        "URL": "https://n.example",
    }
    reader = Reader(book, {"python3": f'test "$*" = "{install}"'}, variables)
    shown = {b.file: b.text for b in blocks("how-to/publish.md") if b.file}
    jobs = yaml.safe_load(shown[".gitlab-ci.yml"])
    for name in ("check", "pages"):
        reader.run("\n".join((*jobs["default"]["before_script"], *jobs[name]["script"])))
    assert jobs["pages"]["artifacts"]["paths"] == ["public"]
    assert "https://g.example/p/" in (book / "public/sitemap.xml").read_text()
    reader.run(tomllib.loads(shown["netlify.toml"])["build"]["command"])
    assert "https://n.example/" in (book / "site/sitemap.xml").read_text()
    (review,) = (b.text for b in blocks("how-to/review-changes.md") if b.file == ".gitlab-ci.yml")
    said = reader.run("\n".join(yaml.safe_load(review)["review"]["script"]))
    assert said.endswith("No policy and no role changes\n")


def test_the_schemas_are_where_the_settings_of_the_editor_look_for_them(tmp_path: Path) -> None:
    """Every pattern names files of its kind only, and each schema exists."""
    book = committed(tmp_path / "book")
    Reader(book).read("how-to/edit-the-data.md")
    settings = json.loads((book / ".vscode/settings.json").read_text())
    for schema, pattern in settings["yaml.schemas"].items():
        assert (book / schema).is_file()
        kind = Path(schema).stem
        allowed = {path for place in PLACES[kind] for path in (book / "data").glob(place)}
        found = set(book.glob(pattern))
        assert found
        assert found <= allowed
    (json_files,) = settings["json.schemas"]
    assert (book / json_files["url"]).is_file()
    assert json_files["fileMatch"] == [f"data/{PLACES['document'][1]}"]


# --- what is no command ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("uri", "answer_"),
    [
        ("/", "/index.html"),
        ("/policies/P/", "/policies/P/index.html"),
        ("/policies/P", "301 /policies/P/"),
        ("/actions/s3/GetObject.html", "/actions/s3/GetObject.html"),
        ("/.well-known/security.txt", "/.well-known/security.txt"),
        ("//evil.example/x", "301 /evil.example/x/"),
        ("/\\evil.example", "/evil.example"),
        ("/\\/evil", "301 /evil/"),
    ],
)
def test_the_function_of_cloudfront_answers_folders(uri: str, answer_: str) -> None:
    """And never leads to another host."""
    if not shutil.which("node"):
        pytest.skip("needs node")
    (script,) = (b.text for b in blocks("how-to/publish.md") if b.language == "js")
    call = f"const r = handler({{request: {{uri: {json.dumps(uri)}}}}});"
    show = "console.log(r.uri ?? r.statusCode + ' ' + r.headers.location.value)"
    ran = subprocess.check_output(["node", "-e", f"{script}\n{call}\n{show}"], text=True)
    assert ran.strip() == answer_


@pytest.mark.parametrize("name", sorted(set(ORDER) - {"customise"}))
def test_files_that_a_page_shows_can_be_read(name: str) -> None:
    """YAML, JSON and TOML; and no command is in a block that is not run."""
    for block in blocks(f"how-to/{name}.md"):
        assert block.language in (*SHELL, "yaml", "json", "toml", "js", "nginx", "text")
        if block.language in ("yaml", "json"):
            yaml.safe_load(block.text)  # JSON is YAML


def test_the_settings_of_a_customised_book_take_the_address_as_those_of_a_new_book() -> None:
    """Whoever replaces `mkdocs.yml` by the page's keeps what the workflow sets."""
    (shown,) = (b.text for b in blocks("how-to/customise.md") if b.file == "mkdocs.yml")
    new = (REPOSITORY / "templates/starter_book/mkdocs.yml").read_text("utf-8")
    assert (line := re.search("^site_url: .+$", new, re.MULTILINE))
    assert line[0] in shown.splitlines()


def test_the_pages_are_in_the_nav_in_the_order_of_an_adopter() -> None:
    """And README leads to each of them."""
    text = MKDOCS.read_text("utf-8")
    nav = [found for found in re.findall(r"how-to/([\w-]+)\.md", text) if found in ORDER]
    assert nav == list(ORDER)
    readme = (REPOSITORY / "README.md").read_text("utf-8")
    places = [readme.find(f"(docs/how-to/{name}.md)") for name in ORDER]
    assert -1 not in places
    assert places == sorted(places)


# --- what a new book has --------------------------------------------------------------------------


def test_a_new_book_has_an_example_of_everything(tmp_path: Path) -> None:
    """And the first line of each data file names its schema."""
    answer("init", tmp_path / "book")
    data = tmp_path / "book/data"
    pages = built_in_process(tmp_path / "book")
    for place in ("policies/ExampleReportReader", "policies/ExampleBoundary", "groups/reports"):
        assert (pages / place / "index.html").is_file()
    assert (pages / "guides/access-to-reports/index.html").is_file()
    for path in data.rglob("*.yml"):
        first = path.read_text("utf-8").partition("\n")[0]
        named = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
        assert named, path
        schema = (path.parent / named[1]).resolve()
        assert schema.parent == tmp_path / "book/schemas"
        assert schema.read_bytes() == schema_file(schema.stem)


WORKFLOWS = sorted(
    path
    for folder in ("templates", ".github/workflows")
    for path in (REPOSITORY / folder).rglob("workflows/*.yml")
) or sorted((REPOSITORY / "templates").rglob("workflows/*.yml"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.parts[-4])
def test_a_workflow_has_what_a_linter_of_workflows_asks_for(path: Path) -> None:
    """Keys that GitHub knows, steps that exist where they are named, pins, timeouts, no injection.

    It is what actionlint checks of such a file, as far as its documentation lists it.
    """
    workflow: dict[Any, Any] = yaml.safe_load(path.read_text("utf-8"))
    assert set(workflow) <= {"name", True, "permissions", "concurrency", "jobs", "env"}
    assert workflow["permissions"] == {"contents": "read"}
    for job in workflow["jobs"].values():
        known = {"if", "needs", "runs-on", "timeout-minutes", "permissions", "concurrency"}
        assert set(job) <= known | {"environment", "steps"}
        assert job["timeout-minutes"] <= 30
        assert {job.get("needs")} - {None} <= set(workflow["jobs"])
        ids: set[str] = set()
        for step in job["steps"]:
            assert set(step) <= {"id", "name", "if", "uses", "with", "run", "env"}
            assert ("uses" in step) != ("run" in step)
            named = re.findall(r"steps\.(\w+)\.", json.dumps(step))
            assert set(named) <= ids, step
            assert "${{" not in step.get("run", "")
            if "uses" in step and not step["uses"].startswith("./"):
                assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", step["uses"])
            ids |= {step["id"]} if "id" in step else set()
        address = job.get("environment", {}).get("url", "")
        assert set(re.findall(r"steps\.(\w+)\.", address)) <= ids


def test_the_workflow_of_a_new_book_takes_the_address_from_pages(tmp_path: Path) -> None:
    """The build has it as `SITE_URL`, and feeds, sitemap and 404 have it then."""
    answer("init", tmp_path / "book")
    workflow = yaml.safe_load((tmp_path / "book/.github/workflows/book.yml").read_text())
    steps = workflow["jobs"]["build"]["steps"]
    pages = next(step for step in steps if step.get("id") == "pages")
    build = next(step for step in steps if "policybook build" in step.get("run", ""))
    assert pages["uses"].startswith("actions/configure-pages@")
    assert build["env"] == {"SITE_URL": "${{ steps.pages.outputs.base_url }}"}
    assert steps.index(pages) < steps.index(build)
    Reader(tmp_path / "book", variables={"SITE_URL": "https://o.example/r"}).run(build["run"])
    site = tmp_path / "book/site"
    assert "<loc>https://o.example/r/</loc>" in (site / "sitemap.xml").read_text()
    assert "https://o.example/r/feed.xml" in (site / "feed.xml").read_text()
    assert '"/r/assets/' in (site / "404.html").read_text()


def test_the_hook_of_pre_commit_checks_a_book(tmp_path: Path) -> None:
    """Its entry succeeds in a new book, and fails and names the place when a key is wrong."""
    (hook,) = yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text())
    assert (hook["id"], hook["pass_filenames"]) == ("policybook-check", False)
    for name, is_data in (
        ("data/book.yml", True),
        ("books/iam/data/policies/P/v1.json", True),
        ("mkdocs.yml", True),
        ("docs/keeping.md", False),
        ("metadata/x.yml", False),
    ):
        assert bool(re.search(hook["files"], name)) == is_data, name
    answer("init", tmp_path / "book")
    reader = Reader(tmp_path / "book")
    reader.run(hook["entry"])
    write(tmp_path / "book", {"data/book.yml": "titel: x\n"})
    with pytest.raises(AssertionError, match=r"data/book\.yml:1: titel: expected one of title"):
        reader.run(hook["entry"])


def test_policybook_schemas_writes_each_schema_and_keeps_other_files(tmp_path: Path) -> None:
    """Again, too, over schemas of an older version."""
    write(tmp_path, {"schemas/policy.json": "old", "schemas/mine.json": "mine"})
    said = answer("schemas", tmp_path / "schemas")
    assert said.strip() == f"{tmp_path / 'schemas'}: {len(FILE_TYPES)} JSON Schemas"
    assert (tmp_path / "schemas/policy.json").read_bytes() == schema_file("policy")
    assert (tmp_path / "schemas/mine.json").read_text() == "mine"
