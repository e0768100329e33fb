"""What the JSON API says to the questions of "Ask the database"."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

PIPELINES = "AmazonSageMakerPipelinesIntegrations"
FULL = "AmazonSageMakerFullAccess"
Rows = list[tuple[Any, ...]]
Api = Mapping[str, Any]


def policy(found: Api, name: str) -> Any:
    """The result of a policy; one without anything if the book lacks it."""
    nothing: dict[str, Any] = {"grants": [], "levels": {}, "effective": {}, "versions": []}
    return found.get(f"policies/{name}.json", nothing)


def policies(found: Api) -> Iterator[Any]:
    """The result of each policy."""
    return (found[f"policies/{line['name']}.json"] for line in found["policies.json"])


def who_grants(found: Api) -> Rows:
    return [(p["name"],) for p in policies(found) if "DeleteObject" in p["effective"].get("s3", ())]


def how_granted(found: Api) -> Rows:
    s3 = found["actions/s3.json"]
    grants = [s3["grants"][place] for place in s3["actions"]["DeleteObject"]["granted"]]
    rows = [(s3["statements"][grant["statement"]], grant["certainty"]) for grant in grants]
    return [
        (s["policy"], s["statement"], s["resources"], s.get("condition") or None, certainty)
        for s, certainty in rows
    ]


def all_grants(found: Api) -> Rows:
    rows = [
        (g["statement"], g["effect"], *what, g.get("condition") or None, g["in_form_since"])
        for g in policy(found, PIPELINES)["grants"]
        for what in product(g["actions"], g["resources"])
    ]
    return sorted(rows, key=lambda row: (row[0], *row[2:4]))


def levels(found: Api) -> Rows:
    return sorted(policy(found, FULL)["levels"].items())


def services(found: Api) -> Rows:
    effective = policy(found, FULL)["effective"]
    return [(prefix, len(names)) for prefix, names in sorted(effective.items())]


def conditions(found: Api) -> Rows:
    rows = {
        (p["name"], grant["statement"], operator, json.dumps(values))
        for p in policies(found)
        for grant in p["grants"]
        for operator, keys in grant.get("condition", {}).items()
        for key, values in keys.items()
        if key.lower() == "iam:passedtoservice"
    }
    return [(*row, json.loads(values)) for *row, values in sorted(rows)]


def versions(found: Api) -> Rows:
    own = policy(found, PIPELINES)["versions"]
    return [(v["key"], v["published"], v["verdict"]) for v in own]


def events(found: Api) -> Iterator[Any]:
    """Every event of every year."""
    for path, result in found.items():
        if path.startswith("changes/") and path.count("/") == 1:
            yield from result


def changes(found: Api) -> Rows:
    rows = sorted(
        (e for e in events(found) if e["verdict"] not in (None, "identical", "equivalent")),
        key=lambda e: (e["policy"], e["key"]),
    )
    rows.sort(key=lambda e: e["day"], reverse=True)
    keys = ("day", "policy", "key", "verdict", "headline")
    return [tuple(e[key] for key in keys) for e in rows if e["day"] >= "2020-01-01"]


def gained(found: Api) -> Rows:
    rows = [
        (event["day"], event["policy"], event["key"], action)
        for p in policies(found)
        for event in found[f"changes/policies/{p['name']}.json"]["changes"]
        for row in event["gained"]
        for action in row["actions"]
        if action.lower().startswith("s3:")  # LIKE and IAM ignore case
    ]
    return sorted(rows, key=lambda row: (row[0] or "", *row[1:]))


def removed(found: Api) -> Rows:
    keys = ("policy", "key", "kind", "service")
    return sorted(
        tuple(r[key] for key in keys) for r in found["removals.json"] if not r["restored_by"]
    )


def deprecated(found: Api) -> Rows:
    none: Mapping[str, Any] = {"name": None, "verdict": None}
    return sorted(
        (p["name"], p["state"], p["date"], s["name"], s["verdict"])
        for p in found["deprecated.json"]["policies"]
        for s in p["successors"] or (none,)
    )


def risks(found: Api) -> Rows:
    return sorted(
        (rule["rule"]["id"], policy)
        for rule in found["risks.json"]["rules"]
        for policy, mitigation in rule["policies"].items()
        if mitigation == "none"
    )


def contained(found: Api) -> Rows:
    return sorted(
        (p["name"], line["name"], line["more"])
        for p in policies(found)
        if p["overlap"]
        for line in p["overlap"]["contained_in"]
    )


# What the API says to each question, and how many of the answer's columns it is about.
ANSWERS = {
    "Which policies grant an action?": (who_grants, 1),
    "Through which statement, on which resources, under which condition?": (how_granted, 5),
    "What does a policy say, grant by grant?": (all_grants, 6),
    "How many actions of each access level does it grant?": (levels, 2),
    "In which services?": (services, 2),
    "Which statements use a condition key?": (conditions, 4),
    "Which versions has a policy, and what is the verdict on each?": (versions, 3),
    "What changed with an effect since a day?": (changes, 5),
    "Which changes gained an action pattern?": (gained, 4),
    "What was removed and never restored?": (removed, 4),
    "Which policies are deprecated or on the way out, and what is used instead?": (deprecated, 5),
    "Which policies match a risk rule that nothing limits?": (risks, 2),
    "Which policies are contained in others?": (contained, 3),
}
# Answers that are lists in JSON in the file.
AS_JSON = {"resources", "condition", "key_values"}


def read(rows: list[dict[str, Any]], columns: int) -> Rows:
    """The rows as values, with JSON read."""
    return [
        tuple(
            json.loads(value) if key in AS_JSON and value is not None else value
            for key, value in list(row.items())[:columns]
        )
        for row in rows
    ]
