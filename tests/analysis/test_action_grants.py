"""Which policies grant an action, today and on a given day; and invalid arguments."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policybook.analysis.action_grants import who_grants
from policybook.analysis.default_version import default_at
from policybook.catalogue.catalogue import Catalogue
from policybook.data.loader import load
from policybook.errors import PolicybookError
from policybook.model.book import Book
from policybook.model.deprecation import DeprecationFacts
from policybook.model.documents import Document
from policybook.model.policies import (
    Policy,
    PolicyFacts,
    Rollback,
    Version,
    VersionFacts,
)

from tests.support.books import REPOSITORY
from tests.support.documents import allow
from tests.support.documents import bare_document as of

START = date(2020, 1, 1)


def day(month: int) -> date:
    return date(2020, month, 1)


def policy(*versions: tuple[int, int, bool], **facts: Any) -> Policy:
    """Versions by number, month, and whether the document is known; oldest first."""
    return Policy(
        PolicyFacts(name="P", arn=None, type="aws-managed", **facts),
        tuple(
            Version(
                f"v{number}",
                VersionFacts(id=f"v{number}", published=day(month)),
                of(allow("s3:GetObject")) if known else None,
            )
            for number, month, known in reversed(versions)
        ),
    )


@pytest.mark.parametrize(
    ("on", "key", "why"),
    [
        (START - timedelta(1), None, ""),
        (day(1), "v1", ""),
        (day(2), "v1", ""),
        (day(3), "v2", "v3 to v4 are not known and may have been the default after v2"),
        (day(5), "v5", "v5 is known by its date only"),
        (day(9), "v6", ""),
    ],
)
def test_the_default_on_a_day_is_the_newest_of_then(on: date, key: str | None, why: str) -> None:
    """Otherwise the reason for doubt is given."""
    found = policy((1, 1, True), (2, 3, True), (5, 5, False), (6, 7, True))
    version, doubt = default_at(found, on)
    assert (version.key if version else None, doubt) == (key, why)


def test_a_rollback_makes_an_older_version_the_default_until_a_newer_one() -> None:
    back = (Rollback(to="v1", observed=day(4)),)
    found = policy((1, 1, True), (2, 3, True), (3, 6, True), rollbacks=back)
    keys = [getattr(default_at(found, day(month))[0], "key", None) for month in (2, 3, 4, 5, 6)]
    assert keys == ["v1", "v2", "v1", "v1", "v3"]


def test_a_rollback_says_nothing_of_the_days_before_it() -> None:
    back = (Rollback(to="v1", observed=day(6)),)
    found = policy((1, 1, True), (2, 3, True), rollbacks=back)
    keys = [getattr(default_at(found, day(month))[0], "key", None) for month in (2, 4, 6, 9)]
    assert keys == ["v1", "v2", "v1", "v1"]


def test_a_named_default_is_the_newest_one_s_place() -> None:
    found = policy((1, 1, True), (2, 3, True), default="v1")
    version, why = default_at(found, day(5))
    assert getattr(version, "key", None) == "v1"
    assert why == "v1 is the default instead of v2, since when is not known"


def test_before_the_first_known_version_it_is_said_what_may_have_been() -> None:
    """A policy that existed, or whose first known version is above v1, may have granted it."""
    from_5 = policy((5, 6, True))
    assert default_at(from_5, day(3)) == (None, "what was before v5 is not known")
    made = policy((5, 6, True), created=day(2))
    why = f"it was created on {day(2)}, and v5 is the first version known"
    assert default_at(made, day(3)) == (None, why)
    assert default_at(made, day(1)) == (None, "")


def test_without_any_day_nothing_is_known_of_a_day() -> None:
    undated = Policy(
        PolicyFacts(name="P", arn=None, type="aws-managed"),
        (Version("v1", VersionFacts(id="v1"), of(allow("s3:GetObject"))),),
    )
    assert default_at(undated, day(3)) == (None, "none of its versions is dated")


def test_a_newer_version_without_a_day_makes_it_unsure() -> None:
    dated = policy((1, 1, True), (2, 3, True))
    newer = Version("v3", VersionFacts(id="v3"), of(allow("s3:GetObject")))
    found = Policy(dated.facts, (newer, *dated.versions))
    assert default_at(found, day(9))[1] == "of v3 the day is not known"


def test_a_deprecated_policy_is_not_sure_to_have_been_there() -> None:
    found = policy((1, 1, True), deprecated=DeprecationFacts(date=day(2)))
    assert default_at(found, day(3))[1] == f"it was deprecated on {day(2)}"


@given(on=st.dates(day(1), day(12)), months=st.sets(st.integers(1, 12), min_size=1))
def test_the_default_is_found_by_looking_at_every_version(on: date, months: set[int]) -> None:
    numbered = [(n, month, True) for n, month in enumerate(sorted(months), 1)]
    then = [n for n, month, _ in numbered if day(month) <= on]
    version, why = default_at(policy(*numbered), on)
    assert (version.key if version else None, why) == (f"v{then[-1]}" if then else None, "")


# --- questions ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def book() -> Book:
    return load(REPOSITORY / "data")


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue()


@pytest.mark.parametrize(
    ("question", "error"),
    [
        ({"action": "s3:GetObjct"}, "found 's3:GetObjct'; did you mean s3:GetObject"),
        ({"action": "sagemakr:CreateApp"}, "did you mean sagemaker:*"),
        ({"action": "s3:Get*"}, "expected one action such as s3:GetObject"),
        ({"action": "GetObject"}, "expected one action such as s3:GetObject"),
        ({"action": "s3:GetObject", "resource": "bucket"}, "expected an ARN such as"),
        ({"action": "s3:GetObject", "day": date(1999, 1, 1)}, "expected a day of the book's"),
    ],
)
def test_a_bad_question_is_refused(
    book: Book, catalogue: Catalogue, question: dict[str, Any], error: str
) -> None:
    """The error says what was expected and suggests similar names."""
    with pytest.raises(PolicybookError, match="expected") as found:
        who_grants(book, catalogue, **question)
    assert error in str(found.value)


def test_an_action_is_found_in_any_case_and_told_as_it_is_spelled(
    book: Book, catalogue: Catalogue
) -> None:
    found = who_grants(book, catalogue, "SAGEMAKER:createendpoint")
    assert found.action == "sagemaker:CreateEndpoint"
    assert "AmazonSageMakerFullAccess" in [granting.policy for granting in found.granting]


def test_an_action_that_only_a_policy_knows_is_answered(catalogue: Catalogue) -> None:
    document: Document = of(allow("nowhere:DoIt"))
    version = Version("v1", VersionFacts(id="v1", published=START), document)
    facts = PolicyFacts(name="Odd", arn=None, type="aws-managed")
    small = Book(load(REPOSITORY / "data").facts, {"Odd": Policy(facts, (version,))})
    found = who_grants(small, catalogue, "nowhere:doit")
    assert (found.action, [g.policy for g in found.granting]) == ("nowhere:DoIt", ["Odd"])


def test_a_grant_is_as_old_as_the_documents_without_a_break_are(catalogue: Catalogue) -> None:
    """Versions before one without the action do not count."""
    get, put = of(allow("s3:GetObject")), of(allow("s3:PutObject"))
    documents = [get, put, get, None, get, get]
    versions = tuple(
        Version(f"v{n}", VersionFacts(id=f"v{n}", published=day(n)), document)
        for n, document in reversed(list(enumerate(documents, 1)))
    )
    facts = PolicyFacts(name="P", arn=None, type="aws-managed")
    small = Book(load(REPOSITORY / "data").facts, {"P": Policy(facts, versions)})
    (found,) = who_grants(small, catalogue, "s3:GetObject").granting
    assert (found.version.key, found.since.key) == ("v6", "v3")
    (then,) = who_grants(small, catalogue, "s3:GetObject", day=day(1)).granting
    assert (then.version.key, then.since.key) == ("v1", "v1")
