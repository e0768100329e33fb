"""The files for programs: what each of them, or each family of them, holds."""

from __future__ import annotations

from policybook.output.json.results import Endpoint

ROOT = "api/v1/"

# Older entries stand in archives, which each feed names.
FEEDS = (
    ("", "all changes"),
    ("changes/removals/", "what was taken away"),
    ("services/{prefix}/", "a service"),
    ("policies/{name}/", "a policy"),
    ("groups/{slug}/", "a topic"),
)

ENDPOINTS = (
    Endpoint(ROOT + "policies.json", "all policies, a line each"),
    Endpoint(ROOT + "risks.json", "the risk rules, each with the policies that meet it"),
    Endpoint(ROOT + "policies/{name}.json", "a policy with grants, versions and documents"),
    Endpoint(ROOT + "services/{prefix}.json", "the policies that grant a service's actions"),
    Endpoint(
        ROOT + "actions/{prefix}.json",
        "a service's actions with all that grants each, how surely, and since when",
    ),
    Endpoint(ROOT + "deprecated.json", "deprecated policies, with their successors beside them"),
    Endpoint(ROOT + "passrole.json", "which statements pass roles, and to which services"),
    Endpoint(ROOT + "changes/{year}.json", "what happened in a year, with the evidence"),
    Endpoint(ROOT + "changes/policies/{name}.json", "what happened to a policy, with the evidence"),
    Endpoint(ROOT + "removals.json", "everything that was ever taken away"),
    Endpoint(ROOT + "policies.csv", "all policies as a table"),
    Endpoint(ROOT + "statements.csv", "all statements of current documents as a table"),
    Endpoint(ROOT + "conditions.csv", "all clauses of conditions as a table"),
    Endpoint(ROOT + "changes.csv", "what happened as a table"),
    Endpoint(ROOT + "removals.csv", "every grant that was taken away as a table"),
    Endpoint(ROOT + "actions/{prefix}.csv", "who grants a service's actions as a table"),
    Endpoint("schemas/{kind}.json", "JSON Schema of the data's YAML files"),
    *(
        Endpoint(f"{place}feed.{ending}", f"{form} of {holds}")
        for place, holds in FEEDS
        for ending, form in (("xml", "Atom feed"), ("json", "JSON Feed"))
    ),
)

# Those of a site that is built with two catalogues.
WIDENING = (
    Endpoint(ROOT + "widening.json", "what wildcards gained since an older catalogue"),
    Endpoint(ROOT + "widening.csv", "each action that a wildcard gained or lost as a table"),
)
