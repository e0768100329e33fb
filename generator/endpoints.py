"""The files for programs: what each of them, or each family of them, holds."""

from __future__ import annotations

from generator.results import Endpoint

ROOT = "api/v1/"

ENDPOINTS = (
    Endpoint(ROOT + "policies.json", "all policies, a line each"),
    Endpoint(ROOT + "risks.json", "the risk rules, each with the policies that meet it"),
    Endpoint(ROOT + "policies/{name}.json", "a policy with grants, versions and documents"),
    Endpoint(ROOT + "services/{prefix}.json", "the policies that grant a service's actions"),
    Endpoint(
        ROOT + "actions/{prefix}.json",
        "a service's actions with all that grants each, how surely, and since when",
    ),
    Endpoint(ROOT + "passrole.json", "which statements pass roles, and to which services"),
    Endpoint(ROOT + "policies.csv", "all policies as a table"),
    Endpoint(ROOT + "statements.csv", "all statements of current documents as a table"),
    Endpoint(ROOT + "conditions.csv", "all clauses of conditions as a table"),
    Endpoint(ROOT + "actions/{prefix}.csv", "who grants a service's actions as a table"),
    Endpoint("schemas/{kind}.json", "JSON Schema of the data's YAML files"),
    Endpoint("feed.xml", "Atom feed of all changes"),
    Endpoint("policies/{name}/feed.xml", "Atom feed of a policy"),
    Endpoint("groups/{slug}/feed.xml", "Atom feed of a topic"),
)

# Those of a site that is built with two catalogues.
WIDENING = (
    Endpoint(ROOT + "widening.json", "what wildcards gained since an older catalogue"),
    Endpoint(ROOT + "widening.csv", "each action that a wildcard gained or lost as a table"),
)
