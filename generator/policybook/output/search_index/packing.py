"""Packs the action names of a service for the finder's index.

Most action names start with one of a few words (Get, List) and continue like their neighbours. So
they are sorted by what follows the first word, and each first word is written as a letter.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import takewhile

from msgspec import Struct

from policybook.book import addresses
from policybook.book.addresses import Target
from policybook.catalogue.catalogue import UNCATALOGUED
from policybook.catalogue.services import LEVELS

# The most frequent first words of actions are written as one letter each.
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
LEVEL_LETTERS = {name: name[0].lower() for name in (*LEVELS, UNCATALOGUED)}
_FIRST_WORD = re.compile(r"([A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+|[0-9]+)([A-Za-z0-9]*)")


class IndexedAction(Struct, frozen=True):
    """An action; `policies` is the number of policies that grant it, `target` its address."""

    name: str
    level: str
    policies: int
    target: Target


class IndexedService(Struct, frozen=True):
    """A service prefix; `title` is its name in the catalogue or "", `target` its address."""

    prefix: str
    title: str
    target: Target
    actions: tuple[IndexedAction, ...]


def common_verbs(services: Iterable[IndexedService]) -> Mapping[str, tuple[str, str]]:
    """Return the most frequent first words, each with its letter and that of its usual level."""
    levels: dict[str, Counter[str]] = defaultdict(Counter)
    for service in services:
        for action in service.actions:
            if parts := _FIRST_WORD.fullmatch(action.name):
                levels[parts[1]][LEVEL_LETTERS[action.level]] += 1
    common = sorted(levels, key=lambda verb: (-levels[verb].total(), verb))
    return {
        verb: (letter, min(levels[verb], key=lambda level: (-levels[verb][level], level)))
        for verb, letter in zip(common, LETTERS, strict=False)
    }


class Packed:
    """The actions of a service, packed and in the order of the file.

    Attributes:
        nouns: The packed names: for each text that follows a first word, the text front-coded, a
            colon and the codes of its first words.
        unpacked: The names that have no first word, which come last.
        actions: All actions, in this order.
        fewest: The smallest number of policies that grant one of the actions.
        counts: How many more policies than that grant each action; "" for none.
        levels: The access level of each action as a letter; `.` for the first word's usual one.
        pages: The rule that says which actions have pages, as a digit.
        flips: The positions of actions that differ from this rule.
        slugs: The last segments of addresses that differ from the name, by position.
    """

    def __init__(self, service: IndexedService, verbs: Mapping[str, tuple[str, str]]) -> None:
        nouns: dict[str, list[tuple[str, str, IndexedAction]]] = defaultdict(list)
        unpacked: list[IndexedAction] = []
        for action in service.actions:
            if parts := _FIRST_WORD.fullmatch(action.name):
                code, usual = verbs.get(parts[1], (f"-{parts[1]}", ""))
                nouns[parts[2]].append((code, usual, action))
            else:
                unpacked.append(action)
        ordered = [(noun, sorted(nouns[noun], key=_letters_first)) for noun in sorted(nouns)]
        self.nouns = " ".join(
            shared + rest + ":" + "".join(code for code, _, _ in found)
            for (shared, rest), (_, found) in zip(
                _front_coded(noun for noun, _ in ordered), ordered, strict=True
            )
        )
        self.unpacked = tuple(action.name for action in unpacked)
        packed = [
            *(part for _, found in ordered for part in found),
            *(("", "", a) for a in unpacked),
        ]
        self.actions = tuple(action for _, _, action in packed)
        levels = ((LEVEL_LETTERS[action.level], usual) for _, usual, action in packed)
        self.levels = "".join("." if own == usual else own for own, usual in levels)
        self.fewest = min((action.policies for action in self.actions), default=0)
        self.counts = [str(a.policies - self.fewest or "") for a in self.actions]
        self._pack_pages(service)

    def full_names(self, prefix: str) -> tuple[str, ...]:
        """Return the full names of the actions in lower case, for the prefix of the service."""
        return tuple(f"{prefix}:{action.name.lower()}" for action in self.actions)

    def _pack_pages(self, service: IndexedService) -> None:
        """Pack which actions have pages: by rule those that more policies grant, or none."""
        paged = [action.target.url.startswith("actions/") for action in self.actions]
        granted = [action.policies > self.fewest for action in self.actions]
        by_rule = 2 * sum(p for p, g in zip(paged, granted, strict=True) if g) > sum(granted)
        elsewhere = service.target != addresses.service(service.prefix)
        self.pages = "2" if by_rule else "0" if elsewhere else "1"
        self.flips = tuple(
            place
            for place, (p, g) in enumerate(zip(paged, granted, strict=True))
            if p != (g and by_rule)
        )
        self.slugs = {
            place: last
            for place, action in enumerate(self.actions)
            if paged[place] and (last := segment(action.target)) != action.name
        }


def _letters_first(part: tuple[str, str, IndexedAction]) -> tuple[bool, str]:
    return part[0].startswith("-"), part[0]


def _front_coded(texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Front-code sorted texts.

    Yields:
        For each text, as a letter, the number of characters at its start that it shares with the
        text before, and the rest of the text.
    """
    last = ""
    for text in texts:
        same = takewhile(lambda pair: pair[0] == pair[1], zip(last, text, strict=False))
        shared = min(sum(1 for _ in same), len(LETTERS) - 1)
        yield LETTERS[shared], text[shared:]
        last = text


def segment(target: Target) -> str:
    """Return the last segment of an address."""
    return target.url.removesuffix(".html").rstrip("/").rpartition("/")[2]


def distances(places: Iterable[int]) -> str:
    """Positions in order, each as the distance from the one before, less 1."""
    found, last = [], -1
    for place in places:
        found.append(str(place - last - 1))
        last = place
    return ",".join(found)
