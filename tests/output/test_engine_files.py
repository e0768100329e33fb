"""The data of the engine in the browser."""

from __future__ import annotations

import gzip

import msgspec
from policybook.catalogue.catalogue import Catalogue
from policybook.data.loader import load
from policybook.output.engine.engine_data import engine_catalogue, engine_rules

from tests.support.books import REPOSITORY, small_catalogue

MOST_COMPRESSED = 200_000


def test_the_catalogue_has_the_levels_and_the_resource_types_of_each_action() -> None:
    catalogue = small_catalogue()
    found = engine_catalogue(catalogue)
    assert found.services.keys() == set(catalogue.prefixes)
    for prefix, service in found.services.items():
        assert len(service.levels) == len(service.types_of) == len(service.actions)
        for name, digit, place in zip(
            service.actions, service.levels, service.types_of, strict=True
        ):
            known = catalogue.action(f"{prefix}:{name}")
            assert known
            levels = {level for n, level in enumerate(found.levels) if int(digit, 32) >> n & 1}
            assert levels == set(known.levels)
            assert len(service.sets[place]) == len(known.resource_types)


def test_placeholders_have_no_names_and_escaped_characters_stay() -> None:
    formats = [
        text
        for service in engine_catalogue(Catalogue()).services.values()
        for _, *texts in service.types
        for text in texts
    ]
    assert "arn:${}:s3:::${}/${}" in formats
    assert not [text for text in formats if "${" in text.replace("${}", "").replace("${*}", "")]


def test_rules_have_what_decides_and_what_names_them() -> None:
    rules = load(REPOSITORY / "data").rules
    found = engine_rules(rules.values())
    assert [rule["id"] for rule in found] == list(rules)
    assert set().union(*found) == {"id", "title", "kind", "steps"}


def test_the_catalogue_of_all_services_is_small() -> None:
    content = msgspec.json.encode(engine_catalogue(Catalogue()))
    assert len(gzip.compress(content, 9)) <= MOST_COMPRESSED
