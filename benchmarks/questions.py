"""Measures questions on the command line: CPU in units, from the store and from the data.

    python benchmarks/questions.py --data FOLDER [--runs 5] [--without] [NAME ...]

FOLDER has the data of all of AWS. Each run is a process of its own, whose CPU time is that of the
program and of the kernel. `--without` also asks without the store. NAMEs choose among questions.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from unit import unit  # type: ignore[import-not-found]  # it is beside this script

QUESTIONS = (
    "grants s3:GetObject",
    "grants s3:GetObject --format json",
    "grants s3:GetObject --at 2024-01-01",
    "grants kms:Decrypt",
    "show AmazonS3FullAccess",
    "show AmazonS3FullAccess --format json",
    "show AmazonSageMakerFullAccess",
    "diff AmazonS3FullAccess@v1 AmazonS3FullAccess",
    "changes --since 2025-11-01",
    "changes --since 2025-11-01 --format json",
    "changes --service s3",
    "changes",
    "growth --from OLDER",
    "covers s3:GetObject --policy AmazonS3FullAccess",
    "choose s3:GetObject",
    "risks AmazonSageMakerFullAccess",
)


def cpu(arguments: Sequence[str], environment: dict[str, str]) -> float:
    """The CPU seconds of `policybook` with these arguments."""
    process = os.fork()
    if process == 0:
        for number in (1, 2):
            os.dup2(os.open(os.devnull, os.O_WRONLY), number)
        os.execve(sys.executable, (sys.executable, "-m", "policybook", *arguments), environment)
    _, _, used = os.wait4(process, 0)
    return used.ru_utime + used.ru_stime


def completion(typed: str, environment: dict[str, str]) -> dict[str, str]:
    """The environment in which a shell asks for what may follow."""
    words = {"COMP_WORDS": f"policybook show {typed}", "COMP_CWORD": "2"}
    return {**environment, **words, "_POLICYBOOK_COMPLETE": "bash_complete"}


def median(arguments: Sequence[str], environment: dict[str, str], runs: int) -> float:
    """The median of several runs, in units that are measured between them."""
    return statistics.median([cpu(arguments, environment) / float(unit()) for _ in range(runs)])


def main() -> None:
    """Print a row for each question."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--older", default="", help="an action list for `growth --from`")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--without", action="store_true")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    asked = [q for q in QUESTIONS if not options.names or q.split()[0] in options.names]
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "XDG_CACHE_HOME": cache}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        print("| question | store warm, units | first, units | without, units |")
        print("| --- | ---: | ---: | ---: |")
        for question in asked:
            if "OLDER" in question and not options.older:
                continue
            arguments = question.replace("OLDER", options.older).split()
            arguments += ["--data", str(options.data)]
            first = cpu(arguments, environment) / unit()
            warm = median(arguments, environment, options.runs)
            without = ""
            if options.without:
                without = f"{cpu([*arguments, '--no-cache'], environment) / unit():.2f}"
            print(f"| `{question}` | {warm:.3f} | {first:.2f} | {without} |", flush=True)


if __name__ == "__main__":
    main()
