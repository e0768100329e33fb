"""The finder's entries of actions, and their names written short.

Names of actions share their first words (Get, List) with most others, and what follows with those
beside them: so they are kept by what follows, each first word as a letter.
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

# The commonest first words of actions are written as one letter each.
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
LEVEL_LETTERS = {name: name[0].lower() for name in (*LEVELS, UNCATALOGUED)}
_FIRST_WORD = re.compile(r"([A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+|[0-9]+)([A-Za-z0-9]*)")


class Action(Struct, frozen=True):
    """An action: its name, its level, how many policies grant it by name, and where it leads."""

    name: str
    level: str
    policies: int
    target: Target


class Service(Struct, frozen=True):
    """A service prefix with its name in the catalogue or "", its actions, and where it leads."""

    prefix: str
    title: str
    target: Target
    actions: tuple[Action, ...]


def common_verbs(services: Iterable[Service]) -> Mapping[str, tuple[str, str]]:
    """The commonest first words of actions, each with its letter and its usual level's letter."""
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
    """A service's actions in the file's order: by what follows the first word, odd names last."""

    def __init__(self, service: Service, verbs: Mapping[str, tuple[str, str]]) -> None:
        nouns: dict[str, list[tuple[str, str, Action]]] = defaultdict(list)
        odd: list[Action] = []
        for action in service.actions:
            if parts := _FIRST_WORD.fullmatch(action.name):
                code, usual = verbs.get(parts[1], (f"-{parts[1]}", ""))
                nouns[parts[2]].append((code, usual, action))
            else:
                odd.append(action)
        ordered = [(noun, sorted(nouns[noun], key=_letters_first)) for noun in sorted(nouns)]
        self.nouns = " ".join(
            shared + rest + ":" + "".join(code for code, _, _ in found)
            for (shared, rest), (_, found) in zip(
                _front_coded(noun for noun, _ in ordered), ordered, strict=True
            )
        )
        self.odd = tuple(action.name for action in odd)
        packed = [*(part for _, found in ordered for part in found), *(("", "", a) for a in odd)]
        self.actions = tuple(action for _, _, action in packed)
        levels = ((LEVEL_LETTERS[action.level], usual) for _, usual, action in packed)
        self.levels = "".join("." if own == usual else own for own, usual in levels)
        self._look_for_pages(service)

    def _look_for_pages(self, service: Service) -> None:
        """Which actions have a page of their own: as a rule those that are granted, or none."""
        paged = [action.target.url.startswith("actions/") for action in self.actions]
        granted = [action.policies > 0 for action in self.actions]
        by_rule = 2 * sum(p for p, g in zip(paged, granted, strict=True) if g) > sum(granted)
        lone = service.target != addresses.service(service.prefix)
        self.pages = "2" if by_rule else "0" if lone else "1"
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


def _letters_first(part: tuple[str, str, Action]) -> tuple[bool, str]:
    return part[0].startswith("-"), part[0]


def _front_coded(texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Of each text, as a letter, how much of its start is that of the one before, and the rest."""
    last = ""
    for text in texts:
        same = takewhile(lambda pair: pair[0] == pair[1], zip(last, text, strict=False))
        shared = min(sum(1 for _ in same), len(LETTERS) - 1)
        yield LETTERS[shared], text[shared:]
        last = text


def segment(target: Target) -> str:
    """The last segment of an address."""
    return target.url.rstrip("/").rpartition("/")[2]
