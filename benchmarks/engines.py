"""Measures the analyses behind the pages: `python benchmarks/engines.py data`.

Prints CPU seconds of each step. Reading the data is not measured; the first step includes reading
the catalogue.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from policybook.analysis.effective_actions import expansion, spans, version_actions
from policybook.analysis.overlap import current_documents
from policybook.analysis.overlap_pairs import related
from policybook.analysis.removals import removals
from policybook.analysis.risks import Rulebook, risks
from policybook.analysis.since import starts, uncompared_history
from policybook.analysis.timeline import transitions, with_rollbacks
from policybook.catalogue.catalogue import Catalogue
from policybook.data.loader import load

T = TypeVar("T")


def main() -> None:
    """Print the CPU seconds of each step for all policies of the folder."""
    gc.disable()  # as the commands do
    book = load(Path(sys.argv[1]))
    catalogue = Catalogue()
    policies = book.policies.values()
    documents = current_documents(book)
    print("| what | CPU s | of |")
    print("| --- | ---: | ---: |")
    expanded = timed(
        "effective actions of all current versions, with what grants each",
        lambda: [expansion(document, catalogue) for document in documents.values()],
    )
    print_count(sum(map(len, expanded)))
    through = timed(
        "effective actions of all versions through time",
        lambda: [
            spans(version_actions(starts(policy, uncompared_history(policy)), catalogue))
            for policy in policies
        ],
    )
    print_count(sum(map(len, through)))
    found = timed("verdicts of all versions", lambda: [transitions(policy) for policy in policies])
    print_count(sum(map(len, found)))
    histories = [with_rollbacks(policy, own) for policy, own in zip(policies, found, strict=True)]
    lost = timed(
        "the list of removals",
        lambda: [list(removals(known, catalogue)) for known in histories],
    )
    print_count(sum(map(len, lost)))
    digests = dict.fromkeys(documents, b"1")
    pairs = timed(
        "overlap of all pairs of policies", lambda: related(documents, catalogue, digests)
    )
    print_count(len(pairs.pairs))
    rulebook = Rulebook(book.rules, catalogue)
    flags = timed("risk rules over all versions", lambda: [risks(p, rulebook) for p in policies])
    print_count(sum(map(len, flags)))


def timed(what: str, step: Callable[[], T]) -> T:
    """Run the step, print its CPU seconds, and return its result."""
    start = time.process_time()
    result = step()
    print(f"| {what} | {time.process_time() - start:.2f} |", end="")
    return result


def print_count(count: int) -> None:
    """End the row with the number of results."""
    print(f" {count:,} |", flush=True)


if __name__ == "__main__":
    main()
