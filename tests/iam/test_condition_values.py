"""Condition values: dates, numbers, networks and booleans in every spelling that IAM takes."""

from __future__ import annotations

from fractions import Fraction
from ipaddress import ip_network

import pytest
from policybook.iam.condition_values import boolean, moment, network, number

from tests.support.case_tables import cases


@pytest.mark.parametrize(("text", "seconds"), cases("condition-values.yml", "moments"))
def test_a_moment_has_many_spellings(text: str, seconds: str | None) -> None:
    assert moment(text) == (None if seconds is None else Fraction(seconds))


@pytest.mark.parametrize(("text", "value"), cases("condition-values.yml", "numbers"))
def test_a_number_has_an_exact_value(text: str, value: str | None) -> None:
    assert number(text) == (None if value is None else Fraction(value))


def test_numbers_and_seconds_have_so_many_digits_at_most() -> None:
    assert number("9" * 400) == 10**400 - 1
    assert number("9" * 401) is None
    assert moment("9" * 5000) is None


@pytest.mark.parametrize(("text", "block"), cases("condition-values.yml", "networks"))
def test_a_network_is_a_block_of_addresses(text: str, block: str | None) -> None:
    assert network(text) == (None if block is None else ip_network(block))


@pytest.mark.parametrize(("text", "value"), cases("condition-values.yml", "booleans"))
def test_a_boolean_is_true_or_false_in_any_case(text: str, value: bool | None) -> None:
    assert boolean(text) is value
