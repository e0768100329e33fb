"""What a security engineer comes for, each within the number of steps that it may take.

A step is an address that a reader would type, a click, a choice of a filter, a key, or a text with
its Enter. The site has policies of the archive, which `POLICYBOOK_CORPUS` names. Answers are read
on the page; those about versions of the past stay true when the archive grows.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from policybook.build.starter_book import start_book

from tests.support.browsers import SUB_PATH, served, until
from tests.support.sites import built, once

CHOSEN = (
    *("AWSLambda", "AWS_ConfigRole", "AdministratorAccess", "AmazonDynamoDB", "AmazonEC2"),
    *("AmazonEKS", "AmazonS3", "AmazonSageMaker", "IAM", "PowerUserAccess", "ReadOnlyAccess"),
    "SecurityAudit",
)
CNI, SAGEMAKER = "policies/AmazonEKS_CNI_Policy/", "policies/AmazonSageMakerFullAccess/"
S3_READ = "policies/AmazonS3ReadOnlyAccess/"
FINDER = "form[data-pb-finder=header] input"


class Walk:
    """A reader on the site, who may take so many steps."""

    def __init__(self, page: Page, address: str, most: int) -> None:
        self.page = page
        self._address = address
        self._left = most

    def open(self, path: str = "") -> None:
        """Type an address of the site; nothing is the home page."""
        self._step()
        answer = self.page.goto(self._address + path, wait_until="networkidle")
        assert answer
        assert answer.ok, f"{path}: {answer.status}"

    def click(self, target: Locator) -> None:
        """Click on a link or button."""
        self._step()
        target.click()

    def choose(self, facet: str, value: str) -> None:
        """Choose a value of a filter."""
        self._step()
        self.page.locator(f".pb-listed form [name={facet}]").first.select_option(value)

    def press(self, key: str) -> None:
        """Press a key, such as one that leads somewhere."""
        self._step()
        self.page.keyboard.press(key)

    def type(self, field: Locator, text: str, enter: bool = True) -> None:
        """Type a text into a field, and Enter."""
        self._step()
        field.fill(text)
        if enter:
            field.press("Enter")

    def pick(self, field: Locator, name: str) -> None:
        """Type a name into a field, and Enter once it is listed."""
        self._step()
        field.fill(name)
        expect(self.page.locator(".pb-option__name:visible").first).to_have_text(name)
        field.press("Enter")

    def find(self, text: str, first: str) -> None:
        """Ask the finder, and open its first result once that is there."""
        self._step()
        self.page.locator(FINDER).press_sequentially(text)
        expect(self.page.locator(".pb-option__name:visible").first).to_have_text(first)
        before = self.page.url
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: url != before, wait_until="load")

    def _step(self) -> None:
        assert self._left, "this takes more steps than the job may take"
        self._left -= 1

    @property
    def path(self) -> str:
        """Where the reader is on the site, with query and fragment."""
        return self.page.url.removeprefix(self._address)

    @property
    def main(self) -> Locator:
        """The content of the page."""
        return self.page.locator("main")

    @property
    def rows(self) -> Locator:
        """The rows of the first list."""
        expect(self.page.locator("[aria-busy]")).to_have_count(0)
        return self.page.locator(".pb-rows").first.locator("tbody tr:visible")

    @property
    def names(self) -> list[str]:
        """The names of those rows."""
        return self.rows.locator("th a").all_inner_texts()

    def download(self, button: Locator) -> list[dict[str, str]]:
        """The rows of the file that a button makes; pressing it is a step."""
        with self.page.expect_download() as started:
            self.click(button)
        text = started.value.path().read_text("utf-8")
        return list(csv.DictReader(text.splitlines()))


@pytest.fixture(scope="module")
def book_address(aws_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site of policies that the jobs are about, and of many others."""

    def make(folder: Path) -> None:
        book = folder.with_name("jobs-book")
        start_book(book, aws=True)
        for policy in (aws_data / "policies").iterdir():
            if policy.name.startswith(CHOSEN):
                shutil.copytree(policy, book / "data/policies" / policy.name)
        with (book / "mkdocs.yml").open("a") as config:
            config.write(f"\nsite_url: https://book.example{SUB_PATH}\n")
        built(folder, cwd=book)

    with served(once(tmp_path_factory, "jobs", make)) as url:
        yield url


@pytest.fixture
def walk(page: Page, book_address: str) -> Callable[[int], Walk]:
    """Starts a walk of so many steps."""
    return lambda most: Walk(page, book_address, most)


# --- actions and permissions ----------------------------------------------------------------------


def test_which_policies_allow_decrypting_without_a_condition(walk: Callable[[int], Walk]) -> None:
    """The count includes those that cover all services."""
    reader = walk(3)
    reader.open()
    reader.find("kms:Decrypt", "kms:Decrypt")
    said = re.search(r"; (\d+) without a condition\.", reader.main.inner_text())
    assert said
    expect(reader.page.locator("#open")).to_contain_text(f"{said[1]} policies")
    group = reader.page.locator("#open ~ :is(p, ul), .pb-rows tbody").first  # the widest are first
    expect(group).to_contain_text("AdministratorAccess")
    expect(group).to_contain_text("PowerUserAccess")


def test_what_a_policy_changed_last_and_what_the_action_does(walk: Callable[[int], Walk]) -> None:
    reader = walk(3)
    reader.open()
    reader.find("EKS_CNI", "AmazonEKS_CNI_Policy")
    card = reader.page.locator("section", has=reader.page.locator("#last-change"))
    expect(card).to_contain_text(re.compile(r"widened\s+v\d+, \d{4}-\d\d-\d\d"))
    reader.click(card.get_by_role("link", name=re.compile("^ec2:")).first)
    expect(reader.main).to_contain_text("Grants permission to")
    expect(reader.main).to_contain_text("Amazon EC2")


def test_which_roles_are_passed_to_which_services_since_when(walk: Callable[[int], Walk]) -> None:
    """Since when in this form."""
    reader = walk(3)
    reader.open(SAGEMAKER)
    reader.type(reader.page.locator("form[data-pb-rows] input[type=search]"), "PassRole")
    rows = reader.page.locator("#permission-rows tbody tr:visible")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("arn:aws:iam::*:role/*AmazonSageMaker*")
    expect(rows.first).to_contain_text("glue.amazonaws.com or robomaker.amazonaws.com")
    expect(rows.nth(1)).to_contain_text("sagemaker.amazonaws.com")
    reader.click(rows.first.locator("td").last.get_by_role("link"))
    statement = reader.page.locator("li.pb-statement", has=reader.page.locator(":target"))
    expect(statement).to_contain_text("In this form since v20, 2021-07-16")
    expect(statement).to_be_in_viewport()


def test_what_can_be_done_on_a_bucket(walk: Callable[[int], Walk]) -> None:
    """By its ARN: named patterns first, then `*`, each with policies, levels and actions.

    They are there before Enter, which opens the first of them.
    """
    reader = walk(2)
    reader.open("search/")
    box = reader.page.locator("form[data-pb-finder=page] input")
    reader.type(box, "arn:aws:s3:::my-bucket/file", enter=False)
    found = reader.page.locator(".pb-found__item")
    expect(found.first).to_contain_text("arn:aws:s3:::*")
    expect(found.first).to_contain_text(re.compile(r"Allow · \d+ policies · .*Read.*s3:GetObject"))
    expect(found.first).to_contain_text("AWSLambdaExecute")
    expect(found.nth(1)).to_contain_text("AmazonS3FullAccess")


def test_actions_of_a_service_by_level(walk: Callable[[int], Walk]) -> None:
    """The policies of the service with that level, with its number of actions."""
    reader = walk(2)
    reader.open("services/s3/")
    reader.choose("level", "Permissions management")
    expect(reader.page.locator(".pb-chip").first).to_have_text(
        re.compile("Grants level: Permissions management")
    )
    assert "AmazonS3FullAccess" in reader.names
    assert "AmazonS3ReadOnlyAccess" not in reader.names


# --- choosing -------------------------------------------------------------------------------------


def test_reading_a_service_and_nothing_else(walk: Callable[[int], Walk]) -> None:
    """No policy does that, and the nearest are named."""
    reader = walk(3)
    reader.open("services/dynamodb/")
    reader.click(reader.page.get_by_role("link", name="those with no other service"))
    reader.choose("highest", "Read")
    answer = reader.page.locator(".pb-empty-list")
    expect(answer).to_contain_text("No managed policy fits these filters.")
    expect(answer).to_contain_text("AmazonDynamoDBReadOnlyAccess: highest level")


def test_what_replaces_a_policy_and_what_is_lost(walk: Callable[[int], Walk]) -> None:
    reader = walk(3)
    reader.open()
    reader.find("AWSLambdaFullAccess", "AWSLambdaFullAccess")
    expect(reader.main).to_contain_text("Use AWSLambda_FullAccess instead")
    reader.click(reader.page.get_by_role("link", name="What you lose and gain"))
    expect(reader.main.locator("p", has_text="You lose").first).to_be_in_viewport()
    removed = reader.page.locator(".pb-evidence li", has_text="removed")
    expect(removed.filter(has_text="dynamodb:*").first).to_contain_text("s3:*")


def test_two_policies_side_by_side(walk: Callable[[int], Walk]) -> None:
    reader = walk(3)
    reader.open("compare/")
    reader.pick(reader.main.get_by_role("combobox").first, "AmazonS3FullAccess")
    reader.pick(reader.main.get_by_role("combobox").nth(1), "AmazonS3ReadOnlyAccess")
    said = re.compile(r"A contains B; B lacks \d+ actions\.")
    expect(reader.main.get_by_role("heading", level=2, name=said)).to_be_visible()
    expect(reader.main.get_by_role("region", name="Only A")).to_contain_text("s3:PutObject")


# --- history --------------------------------------------------------------------------------------


def test_whether_anything_was_ever_removed(walk: Callable[[int], Walk]) -> None:
    reader = walk(2)
    reader.open()
    reader.find("AmazonS3ReadOnlyAccess", "AmazonS3ReadOnlyAccess")
    expect(reader.main).to_contain_text(
        re.compile(r"Nothing was ever removed \(v1 to v\d+ all known\)")
    )


def test_a_policy_as_of_a_day(walk: Callable[[int], Walk]) -> None:
    """Its version of that day, and what it granted."""
    reader = walk(3)
    reader.open("policies/ReadOnlyAccess/")
    reader.type(reader.page.get_by_label("As of"), "2023-01-01")
    answer = reader.page.locator(".pb-asof__answer")
    expect(answer).to_contain_text("On 2023-01-01 the default version was v94, since 2022-12-13")
    expect(answer).to_contain_text("access-analyzer 3 List, 12 Read")
    reader.click(answer.get_by_role("link", name="v94").last)
    expect(reader.page.locator("#v94")).to_be_in_viewport()


def test_the_finder_knows_the_version_of_a_day(walk: Callable[[int], Walk]) -> None:
    reader = walk(2)
    reader.open()
    reader.find("ReadOnlyAccess 2023-01-01", "ReadOnlyAccess v94")
    expect(reader.page.locator("#v94")).to_be_in_viewport()


def test_reading_and_copying_the_document_of_a_version(
    context: BrowserContext, walk: Callable[[int], Walk]
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    reader = walk(3)
    reader.open(CNI + "#v3")
    version = reader.page.locator("#v3")
    reader.click(version.get_by_text("Show policy JSON"))
    expect(version.locator("code").last).to_contain_text("ec2:UnassignPrivateIpAddresses")
    reader.click(version.get_by_role("button", name="Copy to clipboard"))
    until(reader.page, "navigator.clipboard.readText()")
    document = json.loads(reader.page.evaluate("navigator.clipboard.readText()"))
    first = document["Statement"][0]["Action"]
    assert "ec2:DescribeTags" in first
    assert "ec2:DescribeInstanceTypes" not in first  # it came with v4


def test_what_a_mixed_version_changed(walk: Callable[[int], Walk]) -> None:
    """In words at once, and as evidence after a click."""
    reader = walk(2)
    reader.open(SAGEMAKER)
    version = reader.page.locator("#v13")
    expect(version).to_contain_text("mixed")
    expect(version).to_contain_text("Adds 8 CloudWatch Logs actions on every resource; limits")
    reader.click(version.get_by_role("link", name="Evidence and document"))
    evidence = reader.page.locator("#v13 .pb-evidence")
    expect(evidence).to_contain_text("narrowed")
    expect(evidence).to_contain_text("iam:PassRole")


def test_what_mixed_means(walk: Callable[[int], Walk]) -> None:
    reader = walk(2)
    reader.open("changes/")
    reader.click(reader.page.get_by_role("link", name="what the verdicts mean"))
    meaning = reader.page.get_by_text("Neither version covers the other: permissions were gained")
    expect(meaning).to_be_in_viewport()


def test_the_last_days_of_a_service(page: Page, walk: Callable[[int], Walk]) -> None:
    page.clock.set_fixed_time("2024-12-20T12:00:00Z")
    reader = walk(2)
    reader.open("services/sagemaker/")
    reader.click(reader.page.get_by_role("link", name="last 30 days"))
    expect(reader.page.locator(".pb-chip")).to_have_count(3)  # two filters, and "Clear all"
    assert "AmazonSageMakerFullAccess v27" in reader.names
    assert "AmazonSageMakerFullAccess v26" not in reader.names


def test_subscribing_to_a_policy(walk: Callable[[int], Walk]) -> None:
    reader = walk(2)
    reader.open(S3_READ)
    reader.click(reader.page.get_by_role("link", name="Feed", exact=True))
    reader.page.wait_for_url("**/feed.xml")
    feed = reader.page.request.get(reader.page.url).text()
    assert "AmazonS3ReadOnlyAccess v3" in feed
    assert "AmazonS3FullAccess v" not in feed


# --- risks and roles ------------------------------------------------------------------------------


def test_who_can_escalate(walk: Callable[[int], Walk]) -> None:
    """A table of policies and rules, and a file of it with a column for each rule."""
    reader = walk(3)  # the answer takes two; the third is its file
    reader.open("risks/")
    reader.choose("kind", "privilege-escalation")
    assert {"AdministratorAccess", "AmazonEC2FullAccess"} <= set(reader.names)
    assert len(reader.names) == len(set(reader.names))
    found = reader.rows.filter(has=reader.page.get_by_role("link", name="AmazonEC2FullAccess"))
    expect(found.locator(".pb-marks").first).to_contain_text(
        re.compile(r"no limits: .*Change the user data of an EC2 instance")
    )
    button = reader.page.get_by_role("button", name="Download CSV of these")
    rows = {row["Policy"].split()[0]: row for row in reader.download(button)}
    assert set(rows) == set(reader.names)
    user_data = {name: row["Change the user data of an EC2 instance"] for name, row in rows.items()}
    assert user_data["AmazonEC2FullAccess"] == "no limits"
    assert user_data["AmazonSageMakerFullAccess"] == ""
    assert all(int(row["Privilege escalation"]) for row in rows.values())


def test_who_passes_roles_on_a_phone(page: Page, walk: Callable[[int], Walk]) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    reader = walk(3)
    reader.open()
    reader.click(reader.page.get_by_role("link", name="Who passes roles"))
    expect(reader.main).to_contain_text(re.compile(r"\d+ policies allow passing roles"))
    row = reader.rows.filter(has_text="AmazonSageMakerFullAccess").first
    row.scroll_into_view_if_needed()
    expect(row).to_contain_text("glue.amazonaws.com")
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_spreadsheet_of_all_policies_that_write_in_iam(walk: Callable[[int], Walk]) -> None:
    """It is complete: also policies that cover all services, and those that only pass roles."""
    reader = walk(3)
    reader.open("services/iam/")
    reader.choose("level", "Write")
    count = reader.page.locator(".pb-status output").first.inner_text()
    button = reader.page.get_by_role("button", name="Download CSV of these").first
    found = {row["Policy"]: row for row in reader.download(button)}
    assert len(found) == int(count.split()[0])
    assert {"AdministratorAccess", "IAMFullAccess", "AWSLambda_FullAccess"} <= set(found)
    assert all(int(row["Write"]) for row in found.values())


# --- readers --------------------------------------------------------------------------------------


def test_by_the_keyboard_alone(walk: Callable[[int], Walk]) -> None:
    """From a page to the answer about a policy, without a mouse."""
    reader = walk(3)
    reader.open("about/")
    reader.press("/")
    expect(reader.page.locator(FINDER)).to_be_focused()
    reader.find("EKS_CNI", "AmazonEKS_CNI_Policy")
    assert reader.path.startswith(CNI)
    expect(reader.main).to_contain_text("Last effective change")


def test_printing_a_small_policy(walk: Callable[[int], Walk]) -> None:
    reader = walk(1)
    reader.open(CNI)
    assert len(re.findall(rb"/Type\s*/Page\b", reader.page.pdf(format="A4"))) <= 3


@pytest.mark.parametrize(
    ("path", "link", "place"),
    [
        pytest.param(SAGEMAKER, "#statement-12 .pb-permalink", r"#v\d+-12", id="a statement"),
        pytest.param(CNI, "#v3 .headerlink", "#v3", id="a version"),
    ],
)
def test_the_permalink_of_a_place(
    walk: Callable[[int], Walk], path: str, link: str, place: str
) -> None:
    """It is in the address after a click on it, and leads to the place."""
    reader = walk(2)
    reader.open(path)
    reader.click(reader.page.locator(link))
    assert re.fullmatch(re.escape(path) + place, reader.path)
    place_of_link = reader.path
    again = walk(2)
    again.open("about/")
    again.open(place_of_link)
    expect(again.page.locator(":target")).to_be_in_viewport()


def test_the_permalink_of_a_filtered_list(walk: Callable[[int], Walk]) -> None:
    """It is in the address, and shows the same rows."""
    reader = walk(2)
    reader.open("changes/")
    reader.choose("verdict", "mixed")
    names = reader.names
    assert names
    assert reader.path == "changes/?verdict=mixed"
    again = walk(1)
    again.open(reader.path)
    assert again.names == names
