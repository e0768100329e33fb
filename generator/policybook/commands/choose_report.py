"""The output of `policybook choose` as lines of text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from policybook.analysis.chosen import Chosen, ChosenPolicies
from policybook.analysis.instead_of import Unused
from policybook.book.limits import SENTENCE_NAMES
from policybook.model.risk_rules import Rule
from policybook.wording import label, number, words

Spelled = Callable[[str], str]


def choice_lines(found: Chosen, rules: Mapping[str, Rule], of: Spelled) -> Iterator[str]:
    """Yield each choice with its excess, and what no policy grants.

    Args:
        found: The choices.
        rules: The risk rules by id.
        of: How an action is spelled.
    """
    for name in found.uncovered:
        yield f"no policy grants {of(name)}; the choices are without it"
    if not found.choices:
        yield "no policy, pair or triple grants everything"
    for place, choice in enumerate(found.choices, 1):
        yield f"{place:>3}  {' + '.join(choice.policies)}  (score {number(choice.score)})"
        yield from _details(choice, rules, of)
    if not found.complete:
        yield "not all triples were looked at: there are too many"


def _details(choice: ChosenPolicies, rules: Mapping[str, Rule], of: Spelled) -> Iterator[str]:
    if choice.in_part:
        names = _names(choice.in_part, of)
        yield f"       only under a condition, on some resources or limited by a Deny: {names}"
    if not choice.excess:
        yield "       nothing else"
    yield from level_lines(choice.excess, of, "excess ")
    for rule, is_open in choice.risks.items():
        yield f"       risk: {rules[rule].title} ({'open' if is_open else 'limited'})"


def level_lines(by_level: Mapping[str, Iterable[str]], of: Spelled, what: str) -> Iterator[str]:
    """Yield a line for each access level with the number of its actions and the first of them."""
    for level, names in by_level.items():
        own = tuple(names)
        count = words(len(own), "action")
        yield f"       {what}{label(level, 'level')}: {count}: {_names(own, of)}"


def unused_lines(unused: Unused, of: Spelled) -> Iterator[str]:
    """Yield what is not used of the documents of `--instead-of`, and what they do not grant."""
    yield f"used: {len(unused.used)}; not used: {len(unused.unused)}"
    yield from level_lines(unused.by_level(), of, "unused ")
    for name in unused.not_granted:
        yield f"not granted now, and left out: {of(name)}"


def _names(names: tuple[str, ...], of: Spelled) -> str:
    more = len(names) - SENTENCE_NAMES
    first = ", ".join(map(of, names[:SENTENCE_NAMES]))
    return f"{first} and {number(more)} more" if more > 0 else first
