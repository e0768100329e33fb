"""`make soak`: all parts in order, from where the last run stopped; or one part, or one case.

Each part prints a line with what is done of it. A case that fails prints its seed and the error,
and the run goes on; a part ends early after ten of them. `make soak PART=name SEED=seed` repeats
one case. A run that stopped early repeats the cases that failed before it goes on.
"""

from __future__ import annotations

import argparse
import itertools
import signal
import sys
import time

from tests.support.soak.parts import PARTS
from tests.support.soak.progress import STATE, Run, read_run, write_run
from tests.support.soak.rounds import repeat_rounds
from tests.support.soak.workers import Result, results

MOST_FAILURES = 10
KEPT_EVERY = 10.0


def soak(run: Run, names: list[str], workers: int) -> bool:
    """Run the parts of these names as far as they are not done; returns whether all went well."""
    for name in names:
        _run_part(run, name, workers)
        print(summary(run, name), flush=True)
    return not any(run.of(name).failed for name in names)


def _run_part(run: Run, name: str, workers: int) -> None:
    progress, cases = run.of(name), PARTS[name].cases
    again = [*map(int, progress.failed)]
    progress.done -= len(again)
    progress.failed.clear()
    new = range(run.seed + progress.done + len(again), run.seed + cases)
    began = kept = time.monotonic()
    before = progress.seconds
    try:
        for result in results(name, itertools.chain(again, new), workers):
            progress.add(result.seed, result.outcome, result.error)
            progress.seconds = before + time.monotonic() - began
            if result.error:
                print(failure(name, result), flush=True)
            if len(progress.failed) >= MOST_FAILURES:
                break
            if time.monotonic() - kept > KEPT_EVERY:
                write_run(run)
                kept = time.monotonic()
    finally:
        write_run(run)


def summary(run: Run, name: str) -> str:
    """A line about a part: what is done, how long it took, and how the cases ended."""
    progress, part = run.of(name), PARTS[name]
    ended = [f"{count} {words}" for words, count in sorted(progress.outcomes.items())]
    failed = f", {len(progress.failed)} failed" if progress.failed else ""
    done = f"{progress.done:,} of {part.cases:,}{failed}"
    return f"{name}: {done} {part.title} ({progress.seconds:.0f} s): {'; '.join(ended)}"


def failure(name: str, result: Result) -> str:
    """The error of a case, and how to repeat it."""
    return f"{name}: failed, repeat it with PART={name} SEED={result.seed}\n{result.error}"


def repeat_case(name: str, seed: int) -> bool:
    """Run one case; returns whether it went well."""
    [result] = results(name, [seed], 1)
    print(failure(name, result) if result.error else f"{name}: {seed}: {result.outcome}")
    return not result.error


def main() -> int:
    """Do what the arguments say; returns the exit status."""
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--part", choices=PARTS, help="run this part alone")
    parser.add_argument("--seed", type=int, help="repeat the case of the part, or the round")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seconds", type=float, help="repeat random tests for so long instead")
    given = parser.parse_args()
    if given.seconds is not None:
        return repeat_rounds(given.seconds, given.workers, given.seed)
    if given.seed is not None:
        if given.part is None:
            parser.error("--seed needs --part or --seconds")
        return 0 if repeat_case(given.part, given.seed) else 1
    run = read_run()
    if run.is_complete({name: part.cases for name, part in PARTS.items()}):
        STATE.unlink()
        run = read_run()
    print(f"seeds from {run.seed}; {STATE} has what is done", flush=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return 0 if soak(run, [given.part] if given.part else [*PARTS], given.workers) else 1
    except KeyboardInterrupt:
        print("interrupted; `make soak` goes on from here", flush=True)
        return 130


if __name__ == "__main__":
    sys.exit(main())
