"""Repeats the random tests until the time is over: `make soak SECONDS=3600`.

A round runs the property tests with the profile `soak`, the tests that compare a random sample of
the archive (if POLICYBOOK_CORPUS names it), and the tests that only soak, such as killed builds.
Each round has a seed of its own, which it prints: `make soak SECONDS=3600 SEED=number` repeats it.
"""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import time

SELECTED = "hypothesis or sampled or soak"


def round_of(seed: int, workers: int, seconds: float) -> int:
    """Runs one round, for so many seconds at most.

    Returns:
        The exit status of pytest; 0 if nothing had failed when the time was over.

    """
    options = [
        "-n",
        str(workers),
        "--dist",
        "loadfile",
        "-q",
        "-x",
        "--hypothesis-profile",
        "soak",
    ]
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


def repeat_rounds(seconds: float, workers: int, repeated: int | None) -> int:
    """Run rounds until the time is over or one fails.

    Args:
        seconds: The time.
        workers: The number of processes.
        repeated: The seed of the one round to run. Default: a new one for each round.

    Returns:
        The exit status of the last round.

    """
    ends = time.monotonic() + seconds
    number = 0
    while (left := ends - time.monotonic()) > 0:
        number += 1
        seed = secrets.randbelow(2**32) if repeated is None else repeated
        print(f"round {number}: seed {seed}, {left:.0f} seconds left", flush=True)
        status = round_of(seed, workers, left)
        if status or repeated is not None:
            return status
    return 0
