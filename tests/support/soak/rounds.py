"""Repeats the random tests until the time is over: `make soak SECONDS=3600`.

A round runs the property tests with the profile `soak`, the tests that compare a random sample of
the archive (if POLICYBOOK_CORPUS names it), and the tests that only soak, such as killed builds.
Each round has a seed of its own, which it prints: `--seed` repeats that round.
"""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import subprocess
import sys
import time

SELECTED = "hypothesis or sampled or soak"


def round_of(seed: int, workers: str, seconds: float) -> int:
    """Runs one round, for so many seconds at most.

    Returns:
        The exit status of pytest; 0 if nothing had failed when the time was over.

    """
    options = ["-n", workers, "--dist", "loadgroup", "-q", "-x", "--hypothesis-profile", "soak"]
    running = subprocess.Popen(
        [sys.executable, "-m", "pytest", *options, f"--hypothesis-seed={seed}", "-m", SELECTED],
        env={**os.environ, "POLICYBOOK_SEED": str(seed)},
    )
    try:
        return running.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        running.send_signal(signal.SIGINT)
        status = running.wait()
        return 0 if status == 2 else status  # pytest's status of an interrupted run


def main() -> int:
    """Runs rounds until the time is over or one fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--workers", default="2")
    parser.add_argument("--seed", type=int, help="run one round, with this seed")
    given = parser.parse_args()
    ends = time.monotonic() + given.seconds
    number = 0
    while (left := ends - time.monotonic()) > 0:
        number += 1
        seed = secrets.randbelow(2**32) if given.seed is None else given.seed
        print(f"round {number}: seed {seed}, {left:.0f} seconds left", flush=True)
        status = round_of(seed, given.workers, left)
        if status or given.seed is not None:
            return status
    return 0


if __name__ == "__main__":
    sys.exit(main())
