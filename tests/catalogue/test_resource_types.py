"""Types of resource beside concrete ARNs, written out and matched one character at a time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policybook.catalogue.resource_types import Types, arn_parts
from policybook.catalogue.services import ResourceType, Service

from tests.support.oracle import matches, texts
from tests.support.properties import examples

VARIABLE = re.compile(r"\$\{[^}]*\}")


def service(formats: Iterable[str]) -> Service:
    """A service with a type for each format, named by its number."""
    types = {str(n): ResourceType(str(n), (arn,)) for n, arn in enumerate(formats)}
    return Service("svc", "Service", {}, types)


def written(form: str, values: Iterable[str]) -> Iterator[str]:
    """The ARNs of a format with each of the values in each of its variables."""
    parts = VARIABLE.split(form)
    for chosen in product(tuple(values), repeat=len(parts) - 1):
        yield "".join(a + b for a, b in zip(parts, (*chosen, ""), strict=True))


def matched(pattern: str, arn: str) -> bool:
    """Whether the pattern matches the ARN part by part, its own variables being any text."""
    parts = arn_parts(VARIABLE.sub("*", pattern))
    return bool(parts) and all(map(matches, parts, arn.split(":", 5)))


def fits(form: str, arn: str) -> bool:
    """Whether the ARN is of the format, variables of which may be empty."""
    return matches(VARIABLE.sub("*", form), arn)


VALUES = ("a", "b", "a/b", "a:b")
PLAIN = ("a", "b")

heads = st.sampled_from(["arn:${P}:svc:${R}:${A}:", "arn:${P}:svc:::", "arn:${P}:svc::${A}:"])
pattern_heads = st.sampled_from(
    ["arn:a:svc:*:*:", "arn:*:svc:::", "arn:a:svc:b::", "arn:?:svc:*:a:"]
)


def rests(tokens: str, longest: int) -> st.SearchStrategy[str]:
    """Last parts made of these characters; `V` stands for a variable."""
    found = st.text(alphabet=tokens, min_size=1, max_size=longest)
    return found.map(lambda text: text.replace("V", "${aws:x}"))


forms = st.builds(str.__add__, heads, rests("ab/:V", 4))
patterns = st.builds(str.__add__, pattern_heads, rests("ab/:**?V", 4))


def arns_of(form: str) -> Iterator[str]:
    """Some ARNs of the format, with no colon in a variable of the first parts."""
    *first, rest = arn_parts(form)
    for before in written(":".join(first), PLAIN):
        for after in written(rest, VALUES):
            yield f"{before}:{after}"


@examples(2)
@given(st.lists(forms, min_size=1, max_size=3, unique=True), patterns)
def test_an_arn_that_the_pattern_matches_is_of_a_type_that_is_listed(
    listed: list[str], pattern: str
) -> None:
    """Of its own type, or of one that counts instead: its last part fits that one's as well."""
    found = {listed[int(name)] for name in Types(service(listed)).of(pattern)}
    lasts = [arn_parts(form)[-1] for form in found]
    for form in listed:
        for arn in arns_of(form):
            if matched(pattern, arn) and form not in found:
                last = arn.split(":", 5)[5]
                assert any(fits(other, last) for other in lasts), (form, arn)


@examples(1.5)
@given(rests("ab/V", 3), rests("ab/*?V", 3))
def test_one_type_is_listed_where_an_arn_of_it_is_matched_and_only_there(
    last: str, pattern: str
) -> None:
    """Its variables may be empty where nothing else fits."""
    form, whole = f"arn:a:svc:::{last}", f"arn:a:svc:::{pattern}"
    every = written(form, texts("ab/", 3))
    expected = any(matched(whole, arn) for arn in every)
    assert bool(Types(service([form])).of(whole)) == expected


S3 = service(
    [
        "arn:${Partition}:s3:::${BucketName}",
        "arn:${Partition}:s3:::${BucketName}/${ObjectName}",
        "arn:${Partition}:s3:${Region}:${Account}:accesspoint/${AccessPointName}",
    ]
)
DYNAMODB = service(
    [
        "arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}",
        "arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}/index/${IndexName}",
        "arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}/backup/${BackupName}",
    ]
)
BUCKET, OBJECT, POINT = TABLE, INDEX, BACKUP = "0", "1", "2"


@pytest.mark.parametrize(
    ("of", "pattern", "types"),
    [
        (S3, "arn:aws:s3:::*", (BUCKET, OBJECT)),
        (S3, "arn:aws:s3:::name*", (BUCKET, OBJECT)),
        (S3, "arn:aws:s3:::name", (BUCKET,)),
        (S3, "arn:aws:s3:::name/*", (OBJECT,)),
        (S3, "arn:aws:s3:::*/*", (OBJECT,)),
        (S3, "arn:aws:s3:::${aws:username}/*", (OBJECT,)),
        (S3, "arn:aws:s3:*:*:accesspoint/*", (POINT,)),
        (S3, "arn:aws:s3:*", (BUCKET, OBJECT, POINT)),
        (S3, "arn:${aws:Partition}:s3:::name", (BUCKET,)),
        (S3, "arn:aws:s3:eu-west-1::name", ()),
        (S3, "arn:aws:s3:::accesspoint/x", (OBJECT,)),
        (S3, "arn:aws:s3:eu-west-1::accesspoint/x", (POINT,)),
        (S3, "arn:aws:sqs:::name", ()),
        (S3, "bucket", ()),
        (DYNAMODB, "arn:aws:dynamodb:*:*:table/one", (TABLE,)),
        (DYNAMODB, "arn:aws:dynamodb:*:*:table/*/index/*", (INDEX,)),
        (DYNAMODB, "arn:aws:dynamodb:*:*:table/*", (TABLE, INDEX, BACKUP)),
        (DYNAMODB, "arn:aws:dynamodb:*:*:table/one/backup/2020", (BACKUP,)),
    ],
)
def test_of_formats_that_fit_the_closest_counts(
    of: Service, pattern: str, types: tuple[str, ...]
) -> None:
    """A `*` stays in its part; where no type fits, the account may be empty."""
    assert Types(of).of(pattern) == types


def test_a_type_with_several_formats_is_listed_once() -> None:
    """Whichever of them match."""
    both = ResourceType("both", ("arn:${P}:svc:::a/${X}", "arn:${P}:svc:::b/${X}"))
    types = Types(Service("svc", "Service", {}, {"both": both}))
    assert types.of("arn:aws:svc:::*") == ("both",)
    assert types.of("arn:aws:svc:::b/*") == ("both",)
    assert types.of("arn:aws:svc:::c/*") == ()
