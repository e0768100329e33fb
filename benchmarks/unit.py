"""A fixed piece of work, by whose CPU time others are divided: machines and their load differ."""

from __future__ import annotations

import json
import time


def unit() -> float:
    """The CPU seconds of one unit of work, which is writing and reading JSON.

    It takes from one to two seconds, depending on the machine.
    """
    value = {str(k): [str(k * j) for j in range(20)] for k in range(2_000)}
    start = time.process_time()
    for _ in range(60):
        json.dumps(json.loads(json.dumps(value)), sort_keys=True)
    return time.process_time() - start


if __name__ == "__main__":
    print(f"unit {unit():.2f} s")
