"""The JSON API: the envelope, the fields of every file, and that pages, files and data agree."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import groupby, product
from pathlib import Path
from typing import Any

import pytest
from policybook import __version__
from policybook.analysis.action_grants import who_grants
from policybook.analysis.effective_actions import best, effective_names
from policybook.analysis.index import index
from policybook.analysis.last_change import NO_CHANGE
from policybook.book.context import BookContext
from policybook.catalogue.catalogue import UNCATALOGUED, Catalogue
from policybook.catalogue.services import LEVELS
from policybook.data.loader import load
from policybook.data.strict_yaml import parsed_json, parsed_yaml
from policybook.iam.denies import GRANTED
from policybook.model.book import Book
from policybook.model.changes import WITHOUT_EFFECT
from policybook.output.json.service_results import actions_result
from policybook.wording import label

from tests.support.api_schemas import refused, validators
from tests.support.book_folders import allowing as document
from tests.support.book_folders import put
from tests.support.books import REPOSITORY
from tests.support.html import Element, read_html
from tests.support.packed_documents import document_of
from tests.support.sites import built

API = "api/v1/"
GRANTS = {"effect", "statement", "actions", "resources"}
LEFT_OUT = {"not_actions", "not_resources", "condition"}  # where they say nothing


@pytest.fixture(scope="module")
def data() -> Book:
    """The book of the site."""
    return load(REPOSITORY / "data")


def result(site: Path, path: str) -> Any:
    """The result in the envelope of a file."""
    return json.loads((site / API / path).read_text())["result"]


def every_policy(site: Path) -> Iterator[tuple[str, dict[str, Any], Element]]:
    """Each policy's name, its result, and its page."""
    for path in sorted((site / API / "policies").glob("*.json")):
        page = read_html((site / "policies" / path.stem / "index.html").read_text())
        yield path.stem, result(site, f"policies/{path.name}"), page


# --- the envelope ---------------------------------------------------------------------------------


def test_every_file_has_the_same_envelope(site: Path) -> None:
    """The version of the format, the generator, the catalogue's date, and the result."""
    files = sorted({*(site / API).rglob("*.json")} - {site / API / "openapi.json"})
    assert len(files) > 3
    for path in files:
        whole = json.loads(path.read_text())
        assert list(whole) == ["schema_version", "generator", "catalogue", "result"]
        assert whole["schema_version"] == "2.0"
        assert whole["generator"] == f"policybook {__version__}"
        assert date.fromisoformat(whole["catalogue"])


def test_the_index_names_every_kind_of_file(site: Path) -> None:
    """Each file of the API matches one endpoint, and each endpoint has a file."""
    index = result(site, "index.json")
    patterns = [re.sub(r"\\{\w+\\}", "[^/]+", re.escape(e["path"])) for e in index["endpoints"]]
    files = [
        path
        for ending in ("json", "xml", "csv")
        for found in site.rglob(f"*.{ending}")
        if (path := found.relative_to(site).as_posix())
        not in ("api/v1/index.json", "sitemap.xml", "opensearch.xml")
        and not path.startswith(("engine/", "search/", "lists/"))  # the scripts' own
    ]
    unnamed = [path for path in files if not any(re.fullmatch(p, path) for p in patterns)]
    unused = [p for p in patterns if not any(re.fullmatch(p, path) for path in files)]
    assert (unnamed, unused) == ([], [])


def test_the_index_has_the_numbers_of_the_book(site: Path, data: Book) -> None:
    index = result(site, "index.json")
    assert index["policies"] == len(data.policies)
    assert index["versions"] == sum(len(p.versions) for p in data.policies.values())
    assert index["services"] == len(list((site / API / "services").glob("*.json")))


def test_the_list_of_policies_agrees_with_each_policy(site: Path, data: Book) -> None:
    """A line for each policy of the data, in order, with the same facts as its own file."""
    lines = result(site, "policies.json")
    assert [line["name"] for line in lines] == list(data.policies)
    for line in lines:
        assert (site / line["url"] / "index.html").is_file()
        whole = json.loads((site / line["api"]).read_text())["result"]
        alike = ("name", "arn", "type", "current", "updated", "levels", "url")
        for key in (*alike, "last_effective_change"):
            assert line[key] == whole[key], (line["name"], key)
        verdicts = [v["verdict"] for v in whole["versions"] if v["verdict"]]
        assert line["verdict"] == next(iter(verdicts), None)
        effective = [v for v in whole["versions"] if v["verdict"] not in (None, *WITHOUT_EFFECT)]
        last = line["last_effective_change"]
        assert bool(last) == bool(effective)
        for version in effective[:1]:
            assert last == {
                "version": version["key"],
                "day": version["published"] or version["observed"],
                "published": version["published"],
                "verdict": version["verdict"],
            }
        assert line["state"] == whole["deprecation"]["state"]


def test_operations_have_the_actions_that_they_need(site: Path, data: Book) -> None:
    """Every operation of the data, in the file of its service, with its source."""
    names = {name for group in data.operations for name in group.operations}
    files = list((site / API / "operations").glob("*.json"))
    found = [row for f in files for row in result(site, f"operations/{f.name}")["operations"]]
    assert {row["operation"] for row in found} == names
    head = next(row for row in found if row["operation"] == "s3:HeadObject")
    assert head["actions"] == ["s3:GetObject"]
    assert [case["action"] for case in head["sometimes"]] == [
        "s3:GetObjectVersion",
        "s3:ListBucket",
    ]
    assert head["source_url"].startswith("https://docs.aws.amazon.com/")


# --- a policy -------------------------------------------------------------------------------------


def test_a_policy_has_the_documented_fields(site: Path) -> None:
    """Unknown values are null; of grants, what says nothing is left out."""
    for name, policy, _ in every_policy(site):
        assert policy["name"] == name
        assert {"arn", "type", "permissions", "grants", "versions"} <= set(policy)
        for grant in policy["grants"]:
            assert set(grant) - LEFT_OUT == {"in_form_since", *GRANTS}
            assert grant["in_form_since"] in policy["starts"]
            assert grant["actions"]
            assert grant["resources"]
        for version in policy["versions"]:
            assert {"id", "published", "change", "verdict", "document"} <= set(version)
            for evidence in (*version["gained"], *version["lost"]):
                assert set(evidence) - LEFT_OUT - {"was", "now", "kept"} == {"kind", *GRANTS}
                assert ("was" in evidence) != ("now" in evidence)
                assert evidence["kind"] in ("action", "resource", "condition", "deny")


def test_a_policy_agrees_with_the_data(site: Path, data: Book) -> None:
    """Facts, notes, and every version, newest first, with its document as written."""
    for name, result_, _ in every_policy(site):
        policy = data.policies[name]
        assert result_["arn"] == policy.facts.arn
        assert result_["type"] == policy.facts.type
        assert result_["permissions"] == dict(policy.facts.permissions)
        assert [v["id"] for v in result_["versions"]] == [v.facts.id for v in policy.versions]
        assert [v["change"] for v in result_["versions"]] == [
            v.facts.change for v in policy.versions
        ]
        assert [v["published"] for v in result_["versions"]] == [
            v.facts.published.isoformat() if v.facts.published else None for v in policy.versions
        ]
        assert [document_of(site, v) for v in result_["versions"]] == [
            json.loads(json.dumps(v.document.source)) if v.document else None
            for v in policy.versions
        ]


def test_only_the_current_one_of_documents_in_files_of_their_own_is_repeated(book: Path) -> None:
    """The JSON has the current document, and where those are that are too long for it."""
    large = document(*((f"s3:Get{number:05}{'x' * 80}", "*") for number in range(400)))
    put(book, "Large", large, document(("s3:GetObject", "*")), large)
    site = built(book / "site", cwd=book)
    versions = json.loads((site / API / "policies/Large.json").read_text())["result"]["versions"]
    assert [v["document_file"] for v in versions] == ["api/v1/documents/Large.json"] * 3
    file = site / API / "documents/Large.json"
    assert len(json.loads(file.read_text())["result"]["statements"]) == 401
    assert list(refused({file: validators(site)["api/v1/documents/{name}.json"]})) == []
    assert [bool(v["document"]) for v in versions] == [True, False, False]
    assert [document_of(site, v) for v in versions] == [
        large,
        document(("s3:GetObject", "*")),
        large,
    ]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_grants_are_those_of_the_current_document(site: Path) -> None:
    """Every action pattern on every resource pattern of every statement, and nothing else."""
    for name, policy, _ in every_policy(site):
        current = next((v for v in policy["versions"] if v["key"] == policy["current"]), None)
        statements = _listed(current["document"]["Statement"]) if current else []
        written = [
            (s["Effect"], action, resource, number)
            for number, s in enumerate(statements, 1)
            if "Action" in s and "Resource" in s
            for action, resource in product(_listed(s["Action"]), _listed(s["Resource"]))
        ]
        shown = [
            (g["effect"], action, resource, g["statement"])
            for g in policy["grants"]
            if not (g.get("not_actions") or g.get("not_resources"))
            for action, resource in product(g["actions"], g["resources"])
        ]
        assert sorted(shown) == sorted(set(written)), name


# --- pages and files ------------------------------------------------------------------------------


def test_a_policys_page_and_file_agree(site: Path) -> None:
    """The ARN, the versions in order, their verdicts, gaps and documents."""
    for name, policy, page in every_policy(site):
        shown = page.all("li", "pb-version")
        assert policy["arn"] in page.all("p", "pb-arn")[0].text
        assert [item.get("id") for item in shown] == [v["key"] for v in policy["versions"]], name
        for item, version in zip(shown, policy["versions"], strict=True):
            verdict = item.all("span", "pb-verdict")[0]
            if version["verdict"]:
                assert verdict.text == version["verdict"]
            else:
                assert "pb-verdict--none" in verdict.get("class")
            folds = item.all("details", "pb-document")
            assert len(folds) == bool(version["document"] or version["document_file"])
            documents = [json.loads(code.text) for d in folds for code in d.all("code")]
            shown = [version["document"]] if not version["document_file"] else []
            assert documents == [d for d in shown if d]
        gaps = [version for version in policy["versions"] if version["missing"]]
        assert len(page.all("li", "pb-gap")) == len(gaps), name


def test_a_policys_page_counts_what_its_file_counts(site: Path) -> None:
    """Access levels, and the statements of the current document."""
    for name, policy, page in every_policy(site):
        cards = page.all("section", "pb-glance")
        if not policy["grants"]:
            assert not page.all("h2", "pb-glance__title") or "Access" not in cards[0].text
            continue
        levels = {}
        for level in cards[0].all("span", "pb-level"):
            count = level.all("b")[0].text
            levels[level.text.removesuffix(count).strip()] = int(re.sub(r"\D", "", count))
        named = {label(level, "level"): n for level, n in policy["levels"].items()}
        assert levels == named, name
        numbers = {grant["statement"] for grant in policy["grants"]}
        assert len(page.all("li", "pb-statement")) == len(numbers), name


def test_the_table_of_policies_agrees_with_the_list(site: Path) -> None:
    lines = {line["name"]: line for line in result(site, "policies.json")}
    table = read_html((site / "policies/index.html").read_text()).all("tbody")[0]
    rows = {row.all("a")[0].text: row for row in table.all("tr")}
    assert set(rows) == set(lines)
    for name, row in rows.items():
        line = lines[name]
        cells = {cell.get("data-label"): cell.text for cell in row.all("td")}
        assert cells["Type"] == line["type"]
        last = line["last_effective_change"]
        changed = f"{last['verdict']} {last['day'] or 'date unknown'}" if last else None
        assert cells["Last effective change"] in (changed, *NO_CHANGE.values())
        assert cells.get("Version", "") == (line["current"] or "")
        for level in LEVELS:
            n = line["levels"].get(level, 0)
            assert cells.get(level, "") == (f"{n:,}" if n else "")


def test_a_services_file_and_the_policies_grants_agree(site: Path) -> None:
    """Each grant of the service is in its file, and the file has no other grants."""
    grants: dict[str, set[tuple[Any, ...]]] = {}
    for name, policy, _ in every_policy(site):
        for g in policy["grants"]:
            resources = [None] if g.get("not_resources") else g["resources"]
            for action, resource in product(
                [] if g.get("not_actions") else g["actions"], resources
            ):
                prefix = action.partition(":")[0].lower()
                if prefix != "*":
                    found = grants.setdefault(prefix, set())
                    found.add((name, g["effect"], action, resource, g["statement"]))
    shown = {
        path.stem: {
            (policy["name"], part["effect"], action, resource, part["statement"])
            for policy in result(site, f"services/{path.name}")["policies"]
            for part in policy["statements"]
            for action in part["actions"]
            for resource in ([None] if part.get("not_resources") else part["resources"])
        }
        for path in (site / API / "services").glob("*.json")
    }
    assert shown == grants


def rows_of(file: Path) -> list[list[Any]]:
    """The rows of a list's file."""
    found: list[list[Any]] = json.loads(file.read_text("utf-8"))["rows"]
    return found


def test_a_services_page_and_file_agree(site: Path, site_pages: Mapping[str, Element]) -> None:
    """The page has every policy of the file, and those that cover all services."""
    for url, page in site_pages.items():
        if not re.fullmatch("services/[^/]+/", url):
            continue
        whole = result(site, f"{url.rstrip('/')}.json")
        rows = page.all("tbody")[0].all("tr") if page.all("tbody") else []
        shown = {row.all("a")[0].text for row in rows}
        if (full := site / f"lists/{url.rstrip('/')}.json").is_file():
            shown = {row[0] if isinstance(row[0], str) else row[0][0] for row in rows_of(full)}
        assert shown >= {policy["name"] for policy in whole["policies"]}, url


# --- schemas --------------------------------------------------------------------------------------


def errors_of(value: Any, schema: dict[str, Any], whole: dict[str, Any], at: str = "") -> list[str]:
    """The mismatches between a value and a schema, for the keywords that our schemas use."""
    if "$ref" in schema:
        schema = whole["$defs"][schema["$ref"].removeprefix("#/$defs/")]
    if "anyOf" in schema:
        options = [errors_of(value, one, whole, at) for one in schema["anyOf"]]
        return [] if [] in options else [f"{at}: none of {len(options)} forms"]
    if "enum" in schema:
        return [] if value in schema["enum"] else [f"{at}: {value!r}"]
    if isinstance(schema.get("type"), list):
        options = [errors_of(value, {**schema, "type": t}, whole, at) for t in schema["type"]]
        return [] if [] in options else [f"{at}: none of {len(options)} types"]
    kinds = {
        "string": str,
        "number": float,
        "boolean": bool,
        "array": list,
        "object": dict,
        "null": type(None),
    }
    if "type" in schema and not isinstance(value, kinds[schema["type"]]):
        return [f"{at}: no {schema['type']}"]
    found: list[str] = []
    if isinstance(value, str):
        fits = re.search(schema.get("pattern", ""), value) is not None
        low, high = schema.get("minLength", 0), schema.get("maxLength", len(value))
        if schema.get("format") == "date":
            fits = re.fullmatch(r"\d{4}-\d\d-\d\d", value) is not None
        found += [] if fits and low <= len(value) <= high else [f"{at}: {value[:40]!r}"]
    if isinstance(value, list):
        for number, item in enumerate(value):
            found += errors_of(item, schema.get("items", {}), whole, f"{at}[{number}]")
    if isinstance(value, dict):
        found += _of_mapping(value, schema, whole, at)
    return found


def _of_mapping(
    value: dict[str, Any], schema: dict[str, Any], whole: dict[str, Any], at: str
) -> list[str]:
    known, more = schema.get("properties", {}), schema.get("additionalProperties", True)
    found = [f"{at}: no {key}" for key in schema.get("required", ()) if key not in value]
    for key, item in value.items():
        found += errors_of(key, schema.get("propertyNames", {}), whole, f"{at}.{key}")
        if key not in known and more is False:
            found.append(f"{at}: unknown {key}")
        rest = more if isinstance(more, dict) else {}
        found += errors_of(item, known.get(key, rest), whole, f"{at}.{key}")
    return found


def kind_of(path: Path) -> str:
    """The schema for a file of the data folder."""
    if path.parent.name in ("groups", "guides"):
        return path.parent.name.removesuffix("s")
    named = ("policy", "roles", "rules", "successors", "boundaries", "operations", "book")
    return path.stem if path.stem in named else "document"


FILES = sorted(
    path for path in (REPOSITORY / "data").rglob("*") if path.suffix in (".yml", ".json")
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_published_schema_accepts_each_data_file(site: Path, path: Path) -> None:
    """An editor with the schema marks nothing in files that the loader accepts."""
    schema = json.loads((site / f"schemas/{kind_of(path)}.json").read_text())
    parsed = parsed_json if path.suffix == ".json" else parsed_yaml
    value, unread = parsed(path.read_text())
    assert (unread, errors_of(value, schema, schema)) == ((), [])


def test_a_schema_rejects_wrong_values(site: Path) -> None:
    """A missing key, an unknown key, a wrong type and a wrong format."""
    schema = json.loads((site / "schemas/policy.json").read_text())
    wrong = {"name": "a b", "type": [], "summery": "x", "links": [{"title": "x", "url": "http:"}]}
    assert len(errors_of(wrong, schema, schema)) == 5


def test_the_actions_of_a_service_have_their_grants() -> None:
    """As `policybook grants` prints; policies that cover all services are listed separately."""
    book = load(REPOSITORY / "data")
    catalogue = Catalogue()
    context = BookContext(book, index(book), catalogue)
    for prefix in ("sagemaker", "iam", "lambda"):
        found = actions_result(context, prefix)
        for name, action in found.actions.items():
            grants = [found.grants[place] for place in action.granted]
            shown = {
                (
                    found.statements[grant.statement].policy,
                    found.statements[grant.statement].statement,
                    pattern,
                    grant.certainty,
                )
                for grant in grants
                for pattern in grant.patterns
            }
            expected = {
                (granting.policy, number, pattern, best(own))
                for granting in who_grants(book, catalogue, f"{prefix}:{name}").granting
                if granting.policy not in found.everything
                for number, group in groupby(granting.answers, lambda a: a.statement.number)
                for own in [tuple(group)]
                for pattern in own[0].patterns
            }
            assert shown == expected, name
            assert all(grant.since for grant in grants if grant.certainty in GRANTED)
    for grant in found.grants:
        starts = found.starts[found.statements[grant.statement].policy]
        assert {key for key in (grant.since, grant.in_form_since) if key} <= starts.keys()


# --- tables ---------------------------------------------------------------------------------------


def table(site: Path, name: str) -> list[dict[str, str]]:
    """The rows of a table by the names of its columns."""
    with (site / API / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_table_of_policies_equals_the_list(site: Path) -> None:
    """A row for each, in the same order."""
    rows = table(site, "policies.csv")
    lines = result(site, "policies.json")
    assert [row["name"] for row in rows] == [line["name"] for line in lines]
    for row, line in zip(rows, lines, strict=True):
        assert row["arn"] == (line["arn"] or "")
        assert row["verdict"] == (line["verdict"] or "")
        last = line["last_effective_change"] or {"version": "", "day": "", "verdict": ""}
        changed = (row["changed_by"], row["changed"], row["changed_verdict"])
        assert changed == (last["version"], last["day"] or "", last["verdict"])
        counts = {level: int(row[level]) for level in (*LEVELS, UNCATALOGUED)}
        assert {level: n for level, n in counts.items() if n} == line["levels"]


def test_the_table_of_statements_has_all_grants(site: Path) -> None:
    """Every grant of every policy, and no other."""
    shown = {
        (row["policy"], int(row["statement"]), row["effect"], action, resource, row["condition"])
        for row in table(site, "statements.csv")
        for action in (row["action"].split() or [f"not {row['not_action']}"])
        for resource in (row["resource"].split() or [f"not {row['not_resource']}"])
    }
    grants = {
        (
            name,
            grant["statement"],
            grant["effect"],
            action,
            resource,
            json.dumps(grant.get("condition"), separators=(",", ":"))
            if grant.get("condition")
            else "",
        )
        for name, policy, _ in every_policy(site)
        for grant in policy["grants"]
        for action in listed(grant, "actions")
        for resource in listed(grant, "resources")
    }
    assert shown == grants


def listed(grant: dict[str, Any], key: str) -> list[str]:
    """The patterns of a grant one by one, or all of them together after a `not`."""
    patterns: list[str] = grant[key]
    return [f"not {' '.join(patterns)}"] if grant.get(f"not_{key}") else patterns


def test_the_tables_of_actions_equal_the_lists(site: Path) -> None:
    """Policies, patterns, certainty and first version; and actions that no policy grants."""
    for path in sorted((site / API / "actions").glob("*.csv")):
        whole = result(site, f"actions/{path.stem}.json")
        words = {True: "yes", False: "no"}
        rows = table(site, f"actions/{path.name}")
        assert [r["policy"] for r in rows if r["policy"]] == sorted(
            r["policy"] for r in rows if r["policy"]
        )
        shown = {
            (
                *(action, row["level"], row["policy"], row["statement"]),
                *(row["wildcards"], row["by_name"], row["certainty"]),
                *(row["since"], row["in_form_since"], row["first_seen"]),
            )
            for row in rows
            if row["all_services"] != "yes"
            for action in row["actions"].split()
        }
        listed = {
            (
                *(f"{path.stem}:{name}", action["level"]),
                *(statement["policy"], str(statement["statement"])),
                " ".join(p for p in grant["patterns"] if "*" in p or "?" in p)
                or ("" if grant["patterns"] else "NotAction"),
                words[any(not ("*" in p or "?" in p) for p in grant["patterns"])],
                grant["certainty"],
                grant["since"] or "",
                grant.get("in_form_since", grant["since"]) or "",
                words[whole["starts"][statement["policy"]][grant["since"]]["first_seen"]]
                if grant["since"]
                else "",
            )
            for name, action in whole["actions"].items()
            for grant in [whole["grants"][place] for place in action["granted"]]
            for statement in [whole["statements"][grant["statement"]]]
        }
        granted_by_all = {
            a for r in rows if r["all_services"] == "yes" for a in r["actions"].split()
        }
        ungranted = {
            (f"{path.stem}:{n}", action["level"], *[""] * 8)
            for n, action in whole["actions"].items()
            if not action["granted"] and f"{path.stem}:{n}" not in granted_by_all
        }
        assert shown == listed | ungranted


def test_the_table_of_conditions_has_every_clause(site: Path, data: Book) -> None:
    """Each with its key as the document spells it."""
    shown = {
        (r["key"], r["operator"], tuple(json.loads(r["values"])), r["policy"], int(r["statement"]))
        for r in table(site, "conditions.csv")
    }
    assert shown == {
        (clause.key, clause.operator, clause.values, name, statement.number)
        for name, policy in data.policies.items()
        if policy.current and policy.current.document
        for statement in policy.current.document.statements
        for clause in statement.condition
    }


def test_no_field_is_a_formula(book: Path) -> None:
    """A spreadsheet must not evaluate texts of the data."""
    put(book, "Sly", document(("s3:GetObject", "=1+1")), document(("s3:GetObject", "@x")))
    site = built(book / "site", cwd=book)
    [row] = [row for row in table(site, "statements.csv") if row["policy"] == "Sly"]
    assert row["resource"] == "'@x"


def test_a_policys_file_has_its_effective_actions(site: Path, data: Book) -> None:
    """By prefix, as many as the levels count."""
    catalogue = Catalogue()
    for name, policy, _ in every_policy(site):
        shown = {f"{p}:{n}".lower() for p, names in policy["effective"].items() for n in names}
        assert len(shown) == sum(policy["levels"].values())
        current = data.policies[name].current
        if current and current.document:
            assert shown == effective_names(current.document, catalogue)
