"""Measures the overlap of all policies of a data folder: `python benchmarks/overlap.py data`.

CPU seconds of each step in this process: all pairs from nothing, then with one policy changed and
the rest as kept. Reading the data is not part of it, reading the catalogue is.
"""

from __future__ import annotations

import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import msgspec

from generator.catalogue import Catalogue
from generator.load import load
from generator.overlap import Related, current_documents, overlaps, related

T = TypeVar("T")


def main() -> None:
    """Print what the overlap of the folder's policies costs, and how much of it there is."""
    documents = current_documents(load(Path(sys.argv[1])))
    digests = dict.fromkeys(documents, b"1")
    before = _memory()
    found = timed("all pairs", lambda: related(documents, Catalogue(), digests))
    lines = timed("as lines", lambda: overlaps(found))
    print(f"memory: {_memory() - before:.0f} MB more")
    kept = msgspec.msgpack.encode(found)
    print(f"kept: {len(kept) / 1e6:.1f} MB; as JSON {len(msgspec.json.encode(lines)) / 1e6:.1f} MB")
    past = timed("read again", lambda: msgspec.msgpack.decode(kept, type=Related))
    for name in sys.argv[2:] or sorted(documents)[:1]:
        changed = {**digests, name: b"2"}
        again = timed(f"{name} changed", partial(related, documents, Catalogue(), changed, past))
        assert overlaps(again) == lines  # noqa: S101  # what is measured is right
    print(f"{len(documents)} policies, {len(found.pairs)} pairs")
    print(Counter(pair.covered for pair in found.pairs if pair.less == 0))


def timed(what: str, do: Callable[[], T]) -> T:
    """What the function gives; its CPU seconds are printed."""
    start = time.process_time()
    found = do()
    print(f"{what}: {time.process_time() - start:.2f} s CPU")
    return found


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


if __name__ == "__main__":
    main()
