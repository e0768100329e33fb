"""Formats of ARNs: which patterns match one, compared with writing out small ARNs."""

from __future__ import annotations

import re
from functools import cache
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policybook.iam import arn_formats, text_sets
from policybook.iam.arn_formats import (
    ArnFormat,
    Formats,
    apart,
    as_pattern,
    is_open,
    is_whole,
    meets,
    part,
    supported,
)
from policybook.iam.patterns import completed, covers, covers_tokens, literal
from policybook.iam.patterns import tokens as tokens_of
from policybook.model.documents import Term

from tests.support import oracle
from tests.support.case_tables import cases, table_in, term
from tests.support.properties import examples

FORMATS = {
    name: ArnFormat(text, never) for name, (text, never) in table_in("arns.yml", "formats").items()
}
ROLE, BUCKET, OBJECT = FORMATS["role"], FORMATS["bucket"], FORMATS["object"]
KEY, GROUP, STREAM = FORMATS["key"], FORMATS["group"], FORMATS["stream"]


@pytest.mark.parametrize(
    ("pattern", "whole"),
    [
        ("arn:aws:sqs", "arn:aws:sqs:*:*:*"),
        ("arn:aws:rds:*", "arn:aws:rds:*:*:*"),
        ("arn:*", "arn:*:*:*:*:*"),
        ("arn:aws:s3:docs", "arn:aws:s3:docs:*:*"),
        ("arn:aws:s3:::docs", "arn:aws:s3:::docs"),
        ("arn:aws:sns:*:*:a:b", "arn:aws:sns:*:*:a:b"),
        ("arn:aws:iam::${aws:PrincipalAccount}", "arn:aws:iam::${aws:PrincipalAccount}:*"),
        ("*", "*"),
        ("${aws:username}", "${aws:username}"),
        ("aws:sqs", "aws:sqs"),
    ],
)
def test_an_incomplete_arn_has_a_star_in_each_missing_field(pattern: str, whole: str) -> None:
    assert completed(pattern) == whole


@pytest.mark.parametrize(("pattern", "form", "met"), cases("arns.yml", "meets"))
def test_a_pattern_meets_a_format_if_it_matches_one_of_its_arns(
    pattern: str, form: str, met: bool
) -> None:
    assert meets(pattern, FORMATS[form]) == met


# --- by trying ------------------------------------------------------------------------------------

FORMS = [
    ArnFormat(text, never)
    for text in (
        "arn:${p}:s:::${a}",
        "arn:${p}:s:::${a}/${b}",
        "arn:${p}:s:${r}:${c}:k:${a}",
        "arn:${p}:s::${c}:x",
        "arn:${p}:s:*::x/*",
        "arn:${p}:s:::${*}",
    )
    for never in (":", ":/", "")
]
_PIECES = re.compile(r"(\$\{[a-z]\}|(?<!\{)\*)")
FIELDS = ("", "a", "x", "s")
NAMES = [*filter(None, oracle.texts("ax:/", 2))]


@cache
def arns(form: ArnFormat) -> tuple[str, ...]:
    """ARNs of the format with short texts for its placeholders."""
    pieces = _PIECES.split(form.text)
    choices: list[list[str]] = []
    for place, piece in enumerate(pieces):
        if place % 2 == 0:
            choices.append([piece.replace("${*}", "*")])
        elif "".join(pieces[:place]).count(":") < 5:
            choices.append([*FIELDS])
        elif piece == "*":
            choices.append(["", *NAMES])
        else:
            choices.append([name for name in NAMES if not set(name) & set(form.never)])
    return tuple(map("".join, product(*choices)))


pieces = st.sampled_from(["*", "?", "a", "x", ":", "/", ""])
fields = st.sampled_from(["*", "a", "x", ""])
short = st.builds("arn:{}:s:{}:{}:{}{}".format, fields, fields, fields, pieces, pieces)


@examples(3)
@given(
    pattern=short, form=st.sampled_from([f for f in FORMS if ":" in f.never and f.text[-1] != "*"])
)
def test_a_meeting_is_an_arn_that_the_pattern_matches(pattern: str, form: ArnFormat) -> None:
    """These patterns are so short that they match one of the short ARNs if they match any.

    Formats whose last field may have colons are left to the next test.
    """
    assert meets(pattern, form) == any(oracle.matches(pattern, arn) for arn in arns(form))


Token = tuple[str, str]
ALPHABET = "arnskx:/*é"


def tokens(form: ArnFormat) -> tuple[Token, ...]:
    """Each character of the format, and what its placeholders stand for."""
    found: list[Token] = []
    for place, piece in enumerate(_PIECES.split(form.text)):
        in_fields = found.count(("char", ":")) < 5
        if place % 2 == 0:
            found += [("char", char) for char in piece.replace("${*}", "*")]
        elif in_fields or piece == "*":
            found.append(("run", ":/" if in_fields else ""))
        else:
            found += [("one", form.never), ("run", form.never)]
    return tuple(found)


@cache
def share(pattern: str, form: tuple[Token, ...]) -> bool:
    """Whether a text matches both, one character at a time."""
    if (pattern[:1] == "*" and share(pattern[1:], form)) or (
        form and form[0][0] == "run" and share(pattern, form[1:])
    ):
        return True
    if not pattern or not form:
        return not pattern and not form
    kind, what = form[0]
    for char in ALPHABET:
        reads = pattern[0] in ("*", "?", char)
        spells = char == what if kind == "char" else char not in what
        after = pattern[pattern[0] != "*" :], form[kind != "run" :]
        if reads and spells and after != (pattern, form) and share(*after):
            return True
    return False


long = st.lists(
    st.sampled_from(["arn:", "a", "*", "?", ":", "::", "s", "s:", "k:", "x", "/", "*:"]), max_size=9
).map("".join)


@examples(4)
@given(pattern=st.one_of(long, long.map("arn:".__add__)), form=st.sampled_from(FORMS))
def test_a_meeting_is_a_text_that_both_match(pattern: str, form: ArnFormat) -> None:
    """Also where a wildcard goes beyond a field, and for incomplete ARNs."""
    assert meets(pattern, form) == share(completed(pattern), tokens(form))


@examples(1)
@given(pattern=short, other=short, form=st.sampled_from(FORMS))
def test_a_wider_pattern_meets_what_a_narrower_one_meets(
    pattern: str, other: str, form: ArnFormat
) -> None:
    if covers(pattern, other) and meets(other, form):
        assert meets(pattern, form)


@examples(1)
@given(form=st.sampled_from(FORMS))
def test_a_format_as_a_pattern_matches_each_of_its_arns(form: ArnFormat) -> None:
    wide = tokens_of(as_pattern(form))
    assert all(covers_tokens(wide, literal(arn)) for arn in arns(form)[:500])
    assert meets(as_pattern(form), form)


@pytest.mark.parametrize("stars", [10, 100, 1000])
def test_work_grows_with_the_product_of_the_lengths_only(stars: int) -> None:
    """No combination of wildcards is tried one by one: each token of the format is read once."""
    pattern = "arn:aws:s3:::" + "*a" * stars + "b"
    form = ArnFormat("arn:${Partition}:s3:::" + "${Name}a" * stars, "")
    read = 0

    class Counted(str):
        """A token that counts how often it is read."""

        __slots__ = ()

        def startswith(self, *args: object) -> bool:
            nonlocal read
            read += 1
            return str.startswith(self, *args)  # type: ignore[arg-type]  # as given

    machine = arn_formats._Machine(pattern)
    _, last = arn_formats._tokens(form)
    places = arn_formats._after_fields(pattern, arn_formats._tokens(form)[0])
    assert not machine.read(places, tuple(map(Counted, last))) & machine.end
    assert read == len(last)


# --- the resources of a statement -----------------------------------------------------------------


@pytest.mark.parametrize(("resources", "names", "left"), cases("arns.yml", "parts"))
def test_a_part_of_the_resources_is_what_an_action_can_have(
    resources: str, names: list[str] | None, left: str | None
) -> None:
    formats = None if names is None else tuple(map(FORMATS.__getitem__, names))
    assert part(term(resources), formats) == (left and term(left))
    assert supported(term(resources), formats) == (left is not None)


@pytest.mark.parametrize(
    ("resources", "formats", "is_all"),
    [
        (Term(("arn:aws:s3:::*",)), (BUCKET,), True),
        (Term(("arn:aws:s3",)), (OBJECT,), True),
        (Term(("arn:aws:s3:::?*",)), (BUCKET,), True),
        (Term(("arn:aws-cn:s3:::*",)), (BUCKET,), True),
        (Term(("arn:aws-us-gov:s3:::*",)), (BUCKET,), True),
        (Term(("arn:aws:s3:::docs*",)), (BUCKET,), False),
        (Term(("arn:aws:s3:::docs",), True), (OBJECT,), True),
        (Term(("arn:aws:s3:::docs*",), True), (OBJECT,), False),
    ],
)
def test_resources_are_open_if_they_include_all_of_a_format(
    resources: Term, formats: tuple[ArnFormat, ...], is_all: bool
) -> None:
    assert is_open(resources, formats) == is_all


@pytest.mark.parametrize(
    ("resources", "formats", "is_all"),
    [
        (Term(("*",)), None, True),
        (Term(("arn:aws:s3:::*",)), None, False),
        (Term(("*",)), (), True),
        (Term(("arn:aws:s3:::*",)), (), False),
        (Term(("arn:aws:s3:::*",)), (BUCKET, OBJECT), True),
        (Term(("arn:aws:s3:::*/*",)), (BUCKET, OBJECT), False),
        (Term(("arn:aws:s3:::*/*",)), (OBJECT,), True),
        (Term(("arn:aws:s3:::?*", "arn:aws:s3:::*/*")), (BUCKET, OBJECT), True),
        (Term(("arn:aws-cn:s3:::?*", "arn:aws:s3:::?*/*")), (BUCKET, OBJECT), True),
        (Term(("arn:aws:s3:::docs*",), True), (BUCKET,), False),
        (Term(("arn:aws:sqs:*:*:q",), True), (BUCKET, OBJECT), True),
        (Term(("arn:aws:sqs:*:*:q",), True), (), True),
        (Term(("arn:aws:sqs:*:*:q",), True), None, False),
    ],
)
def test_resources_are_whole_if_they_include_all_that_an_action_can_have(
    resources: Term, formats: Formats, is_all: bool
) -> None:
    """Of every format, in one partition; if the formats are unknown, only `*` does."""
    assert is_whole(resources, formats) == is_all


# --- two patterns ---------------------------------------------------------------------------------

DOMAIN = ArnFormat("arn:${Partition}:sagemaker:${Region}:${Account}:domain/${DomainId}")
PLAN = ArnFormat("arn:${Partition}:sagemaker:${Region}:${Account}:training-plan/${Name}")
KEYS = ArnFormat("arn:${Partition}:s3:::${Bucket}/${Key}", never="")


@pytest.mark.parametrize(
    ("one", "other", "forms", "expected"),
    [
        ("arn:aws:sagemaker:*:*:domain/*", "arn:aws:sagemaker:*:*:training-plan/*", 2, True),
        ("arn:aws:sagemaker:*:*:domain/*", "arn:aws:sagemaker:*:*:training-plan/*", 1, False),
        ("arn:aws:sagemaker:*:*:domain/*", "arn:aws:sagemaker:*:*:*", 2, False),
        ("arn:aws:sagemaker:*:*:domain/a*", "arn:aws:sagemaker:*:1:domain/*b", 2, False),
        ("arn:aws:sagemaker:*:*:domain/a*", "arn:aws:sagemaker:*:*:domain/b*", 2, True),
        ("arn:aws:sagemaker:*:*:domain/${aws:userid}", "arn:aws:sagemaker:*:*:domain/b", 2, False),
        ("arn:aws:s3:::a*b/x", "arn:aws:s3:::a*:b/x", 3, False),
        ("*", "arn:aws:sagemaker:*:*:domain/*", 2, False),
    ],
)
def test_whether_two_patterns_have_no_arn_in_common(
    one: str, other: str, forms: int, expected: bool
) -> None:
    """Only if both match ARNs of known formats: the first, the first two or all three."""
    assert apart(one, other, (DOMAIN, PLAN, KEYS)[:forms]) is expected
    assert apart(other, one, (DOMAIN, PLAN, KEYS)[:forms]) is expected


def test_patterns_that_take_too_long_to_compare_are_not_told_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two that share ARNs only through the colons of a name."""
    one, other = "arn:aws:s3:::a*b/x", "arn:aws:s3:::c*:b/x"
    assert apart(one, other, (KEYS,))
    monkeypatch.setattr(text_sets, "MOST_STEPS", 0)
    assert not apart(one, other, (KEYS,))


def test_a_name_without_colons_tells_patterns_apart_that_cross_colons() -> None:
    """Only a name with a colon leaves enough colons after a Region that ends in -cn."""
    one, other, text = "arn:*-cn", "arn:aws:glue", "arn:${P}:glue:${Region}:${Account}:table:${N}"
    assert apart(one, other, (ArnFormat(text),))
    assert not apart(one, other, (ArnFormat(text, never=""),))
