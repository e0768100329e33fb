"""Condition values: dates, numbers, networks and booleans in every spelling that IAM takes."""

from __future__ import annotations

from fractions import Fraction
from ipaddress import ip_network

import pytest
from policybook.iam.condition_values import boolean, moment, network, number

NEW_YEAR = 1_704_067_200  # 2024-01-01T00:00:00Z


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2024", NEW_YEAR),
        ("2024-01", NEW_YEAR),
        ("2024-01-01", NEW_YEAR),
        ("2024-01-01T00:00Z", NEW_YEAR),
        ("2024-01-01T00:00:00Z", NEW_YEAR),
        ("2024-01-01T00:00:00.000Z", NEW_YEAR),
        ("2024-01-01T01:30:00+01:30", NEW_YEAR),
        ("2023-12-31T16:00-08:00", NEW_YEAR),
        ("1704067200", NEW_YEAR),
        ("2024-01-01T00:00:00.25Z", NEW_YEAR + Fraction(1, 4)),
        ("2024-01-01T00:00:00.0000000001Z", NEW_YEAR + Fraction(1, 10**10)),
        ("1970-01-01", 0),
        ("1969-12-31T23:59:59Z", -1),
        ("2024-02-29", NEW_YEAR + 59 * 86_400),
        ("0001-01-01T00:00+23:59", -62_135_596_800 - 86_340),
        ("0", 0),
    ],
)
def test_a_moment_has_many_spellings(text: str, seconds: Fraction) -> None:
    assert moment(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "tomorrow",
            "2024-1-1",
            "2024-13",
            "2024-00",
            "2024-02-30",
            "2023-02-29",
            "2024-01-00",
        ),
        *("0000-01-01", "2024-01-01T00:00", "2024-01-01T00:00:00", "2024-01-01T24:00Z"),
        *("2024-01-01T00:60Z", "2024-01-01T00:00:60Z", "2024-01-01T00Z", "2024-01-01T00:00:00.Z"),
        *("2024-01-01T00:00+24:00", "2024-01-01T00:00+00:60", "2024-01-01T00:00+0000"),
        *("2024-01-01 00:00Z", "2024-01-01Z", "2024-01-01\n", " 2024", "٢٠٢٤", "-1", "1.5"),
        *("9" * 19, "9" * 5000, "${aws:CurrentTime}", "2024-*"),
    ],
)
def test_other_texts_are_no_moment(text: str) -> None:
    assert moment(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(
            ("10", 10),
            ("010", 10),
            ("+10", 10),
            ("-10", -10),
            ("10.0", 10),
            ("0.5", Fraction(1, 2)),
        ),
        *((".5", Fraction(1, 2)), ("5.", 5), ("1e3", 1000), ("1E-3", Fraction(1, 1000))),
        ("9" * 400, 10**400 - 1),
    ],
)
def test_a_number_has_an_exact_value(text: str, value: Fraction) -> None:
    assert number(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ten",
        ".",
        "-",
        "1,5",
        "0x10",
        "1_000",
        "1/2",
        "1e",
        "1e9999",
        "NaN",
        "٣",
        "1\n",
        " 1",
        "9" * 401,
    ],
)
def test_other_texts_are_no_number(text: str) -> None:
    assert number(text) is None


@pytest.mark.parametrize(
    ("text", "block"),
    [
        ("10.0.0.0/8", "10.0.0.0/8"),
        ("10.0.0.1/24", "10.0.0.0/24"),
        ("10.0.0.1", "10.0.0.1/32"),
        ("0.0.0.0/0", "0.0.0.0/0"),
        ("2001:DB8:1234:5678::/64", "2001:db8:1234:5678::/64"),
        ("2001:db8::1", "2001:db8::1/128"),
        ("::/0", "::/0"),
        ("::ffff:192.0.2.1", "::ffff:c000:201/128"),
    ],
)
def test_a_network_is_a_block_of_addresses(text: str, block: str) -> None:
    assert network(text) == ip_network(block)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "*",
            "10.0.0.0/33",
            "10.0.0.256",
            "10.0.0",
            "10",
            "010.0.0.1",
            "10.0.0.0/08",
            "::/129",
        ),
        *("10.0.0.0/255.0.0.0", "10.0.0.0/", "10.0.0.0/-1", "fe80::1%eth0", "10.0.0.*", "1:2:3"),
        *("10.0.0.1\n", " 10.0.0.1", "10.0.0.0 /8", "٣.0.0.0"),
    ],
)
def test_other_texts_are_no_network(text: str) -> None:
    assert network(text) is None


@pytest.mark.parametrize(("text", "value"), [("true", True), ("False", False), ("TRUE", True)])
def test_a_boolean_is_true_or_false_in_any_case(text: str, value: bool) -> None:
    assert boolean(text) is value


@pytest.mark.parametrize("text", ["", "1", "0", "yes", "no", "true ", "${aws:SecureTransport}"])
def test_other_texts_are_no_boolean(text: str) -> None:
    assert boolean(text) is None
