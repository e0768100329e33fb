"""Writes books of made-up policies, always the same ones, to see how builds grow."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from pathlib import Path

SERVICES = 200
ACTIONS = tuple(
    f"{verb}{noun}"
    for verb in ("Get", "List", "Put", "Delete", "Tag", "Run", "Stop")
    for noun in ("Report", "Cluster", "Queue", "Stream", "Model", "Table")
)
KEYS = ("aws:RequestedRegion", "aws:PrincipalOrgID", "aws:ResourceTag/team")


def write_policies(folder: Path, count: int, prefixes: list[str]) -> None:
    """Write policies with one to six versions, each of one to six statements.

    Args:
        folder: The folder `policies` of a data folder.
        count: How many.
        prefixes: The service prefixes to choose from.
    """
    for number in range(count):
        chance = random.Random(number)  # noqa: S311  # nothing is secret here
        name = f"Generated{number:05}"
        policy = folder / name
        policy.mkdir(parents=True)
        day = date(2019, 1, 1) + timedelta(chance.randrange(1_000))
        statements = [_statement(chance, prefixes) for _ in range(chance.randint(1, 6))]
        lines = []
        for version in range(1, chance.randint(1, 6) + 1):
            document = {"Version": "2012-10-17", "Statement": statements}
            (policy / f"v{version}.json").write_text(json.dumps(document))
            lines.append(f"  - {{id: v{version}, published: {day}, observed: {day}}}")
            day += timedelta(chance.randint(1, 300))
            place = chance.randrange(len(statements))
            statements = [*statements]
            statements[place] = _statement(chance, prefixes)
        versions = "\n".join(reversed(lines))
        facts = f"name: {name}\narn: arn:aws:iam::aws:policy/{name}\ntype: aws-managed\nversions:\n"
        (policy / "policy.yml").write_text(f"{facts}{versions}\n")


def _statement(chance: random.Random, prefixes: list[str]) -> dict[str, object]:
    prefix = chance.choice(prefixes)
    actions = {f"{prefix}:{name}" for name in chance.sample(ACTIONS, chance.randint(1, 8))}
    if chance.random() < 0.2:
        actions = {f"{prefix}:{chance.choice(('*', 'Get*', 'List*', 'Describe*'))}"}
    resource = chance.choice(("*", f"arn:aws:{prefix}:*:*:*/{chance.choice(ACTIONS).lower()}-*"))
    found: dict[str, object] = {"Effect": "Allow", "Action": sorted(actions), "Resource": resource}
    if chance.random() < 0.25:
        value = f"value-{chance.randrange(40)}"
        return {**found, "Condition": {"StringEquals": {chance.choice(KEYS): value}}}
    return found
