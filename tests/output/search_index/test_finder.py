"""The finder's index: it has everything once, and every address can be derived from it."""

from __future__ import annotations

import json
import re
import string
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policybook.analysis.default_version import default_at
from policybook.analysis.index import index
from policybook.book import addresses
from policybook.book.addresses import Target
from policybook.book.context import BookContext
from policybook.catalogue.catalogue import Catalogue
from policybook.data.loader import load
from policybook.iam.arn_formats import ArnFormat, meets
from policybook.iam.grants import single_terms
from policybook.iam.patterns import matches
from policybook.iam.terms import term_overlaps
from policybook.model.book import Book, BookFile
from policybook.model.documents import Term
from policybook.model.policies import Policy, PolicyFacts, Version, VersionFacts
from policybook.output.html.links import places
from policybook.output.search_index import finder
from policybook.output.search_index.finder import nearest_to_action
from policybook.output.search_index.packing import (
    IndexedAction,
    IndexedService,
    Packed,
    common_verbs,
)
from policybook.pages.actions import action_view
from policybook.pages.conditions import condition_view
from policybook.pages.plan import plan
from policybook.pages.search import search_view
from policybook.wording import label

from tests.support import oracle
from tests.support.addresses import SITE_URL
from tests.support.books import DATA, SAMPLES, same_as_golden, small_catalogue
from tests.support.case_tables import CASES

LEVELS = {
    "l": "List",
    "r": "Read",
    "w": "Write",
    "t": "Tagging",
    "p": "Permissions management",
    "u": "Not in AWS's action list",
}
LETTERS = string.ascii_lowercase + string.ascii_uppercase


# --- the files decoded, as docs/reference/finder.md describes -------------------------------------


class Read(NamedTuple):
    """A decoded action: its full name, level, number of policies and address."""

    name: str
    level: str
    policies: int
    address: str


def actions(names: Mapping[str, Any]) -> Iterator[Read]:
    """Every action of the first file."""
    for place, prefix in enumerate(names["prefixes"]):
        found = [*_spelled(names, place), *((o, "") for o in names["odd"].get(str(place), ()))]
        counts, levels = names["counts"][place].split(","), names["levels"][place]
        fewest = names["fewest"][place]
        flips = names["flips"].get(str(place), ())
        slugs = names["slugs"].get(str(place), {})
        kind = names["pages"][place]
        for at, (name, usual) in enumerate(found):
            more = int(counts[at] or 0)
            level = usual if levels[at] == "." else levels[at]
            address = f"services/{prefix}/#actions" if kind != "0" else names["elsewhere"]
            if (kind == "2" and more > 0) != (at in flips):
                address = f"actions/{prefix}/{slugs.get(str(at), name)}.html"
            yield Read(f"{prefix}:{name}", LEVELS[level], fewest + more, address)


def _spelled(names: Mapping[str, Any], place: int) -> Iterator[tuple[str, str]]:
    noun = ""
    for part in names["nouns"][place].split():
        head, _, codes = part.partition(":")
        noun = noun[: LETTERS.index(head[0])] + head[1:]
        letters, *rare = codes.split("-")
        for letter in letters:
            at = LETTERS.index(letter)
            yield names["verbs"][at] + noun, names["usual"][at]
        yield from ((verb + noun, "") for verb in rare)


def key_address(names: Mapping[str, Any], place: int) -> str:
    """The address of a condition key."""
    plain = re.sub(r"[^a-z0-9.-]+", "_", names["keys"][place].lower()).strip("_")
    return f"conditions/{names['key_slugs'].get(str(place), plain)}/"


def resource_addresses(patterns: Mapping[str, Any]) -> list[str]:
    """The address of each resource pattern."""
    pages = [service for service, count in patterns["services"] for _ in range(count)]
    return [
        f"resources/{page}/#r-{patterns['anchors'][10 * at : 10 * at + 10]}"
        for at, page in enumerate(pages)
    ]


def policies_behind(patterns: Mapping[str, Any], names: Mapping[str, Any], at: int) -> list[str]:
    """The policies with a resource pattern."""
    found, place = [], -1
    for distance in patterns["policies"][at].split(","):
        place += int(distance) + 1
        found.append(names["policies"][place])
    return found


# --- books ----------------------------------------------------------------------------------------


class Known(NamedTuple):
    """A book with its addresses and the files of its finder, decoded."""

    context: BookContext
    places: frozenset[str]
    names: Mapping[str, Any]
    patterns: Mapping[str, Any]
    versions: Mapping[str, Any]
    arns: Mapping[str, Mapping[str, Any]]


def known(context: BookContext) -> Known:
    """The finder's files of a book."""
    there = places(context, tuple(plan(context)))
    files = [file for family in finder.FILES for file in family.files(context)]
    made = {file.path: file.render() for file in files}
    names = json.loads(made.pop(finder.NAMES))
    others = (finder.PATTERNS, finder.VERSIONS, finder.MEMBERSHIP)
    patterns, versions, membership = (json.loads(made.pop(name)) for name in others)
    arns = {path.split("/")[-1].removesuffix(".json"): json.loads(made[path]) for path in made}
    assert names["arns"].split() == sorted(arns)
    every = [names, patterns, versions, membership, *arns.values()]
    assert len({(found["format"], found["stamp"]) for found in every}) == 1
    return Known(context, there, names, patterns, versions, arns)


@pytest.fixture(scope="module", params=["edges", "sagemaker", "edges with action pages"])
def book(request: pytest.FixtureRequest) -> Known:
    """A book of unusual documents, the repository's, and one in which some actions have pages."""
    if request.param == "sagemaker":
        loaded = load(DATA)
        return known(BookContext(loaded, index(loaded), Catalogue()))
    loaded = load(SAMPLES / "edges")
    pages = ("*",) if "pages" in request.param else ()
    return known(BookContext(loaded, index(loaded), small_catalogue(), action_pages=pages))


# --- names ----------------------------------------------------------------------------------------


def test_every_action_is_listed_once(book: Known) -> None:
    """Those of the catalogue, and others that current policies name."""
    found = [action.name for action in actions(book.names)]
    assert max(Counter(found).values()) == 1
    expected = {
        f"{prefix}:{action.name}"
        for prefix in book.context.catalogue.prefixes
        if (service := book.context.catalogue.service(prefix))
        for action in service.actions.values()
    }
    for prefix in book.context.index.services:
        if prefix != "*":
            expected |= {
                f"{prefix}:{line.name}" for line in book.context.services.action_lines(prefix)
            }
    assert set(found) == expected


def test_an_action_has_its_level_and_the_number_of_policies(book: Known) -> None:
    """As in the list of its service."""
    found = {action.name: action for action in actions(book.names)}
    for prefix in book.context.index.services:
        for line in book.context.services.action_lines(prefix) if prefix != "*" else ():
            action = found.pop(f"{prefix}:{line.name}")
            assert (action.level, action.policies) == (label(line.level, "level"), line.policies)
    every = book.context.services.granting_counts()
    assert all(action.policies == every[name.lower()] for name, action in found.items())


def test_an_action_has_the_number_of_policies_of_its_page(book: Known) -> None:
    """Also policies that cover all services, and actions that AWS's list does not have."""
    found = {action.name.lower(): action.policies for action in actions(book.names)}
    for name in book.context.actions.ever_granted():
        assert found[name] == action_view(book.context, name).policies


def test_every_action_leads_to_a_page(book: Known) -> None:
    """To its own page, else to the actions of its service, else to the list of services."""
    for action in actions(book.names):
        prefix, _, name = action.name.partition(":")
        own, service = addresses.action(prefix, name).url, addresses.service(prefix).url
        expected = (
            own
            if own in book.places
            else f"{service}#actions"
            if service in book.places
            else book.names["elsewhere"]
        )
        assert action.address == expected
    assert book.names["elsewhere"] in book.places


def test_policies_services_and_keys_are_listed_once(book: Known) -> None:
    """Each with its name, and with pages at the derived addresses."""
    names, context = book.names, book.context
    assert names["policies"] == list(context.book.policies)
    assert [names["policies"][n] for n in names["rows"]["deprecated"]] == [
        name for name, p in context.book.policies.items() if p.deprecation.state == "deprecated"
    ]
    assert all(addresses.policy(name).url in book.places for name in names["policies"])
    named = set(context.index.services) - {"*"}
    assert names["prefixes"] == sorted({*context.catalogue.prefixes, *named})
    for place, prefix in enumerate(names["prefixes"]):
        assert (names["pages"][place] != "0") == (f"services/{prefix}/" in book.places)
        assert names["titles"][place] == (context.catalogue.name(prefix) or "")
    assert names["keys"] == [condition_view(context, k).title for k in context.index.conditions]
    assert [key_address(names, place) for place in range(len(names["keys"]))] == [
        addresses.condition(key).url for key in context.index.conditions
    ]


def test_a_slug_that_cannot_be_derived_from_the_key_is_stored() -> None:
    """And no other."""
    loaded = load(DATA)
    names = known(BookContext(loaded, index(loaded), Catalogue())).names
    slugs = {names["keys"][int(place)]: slug for place, slug in names["key_slugs"].items()}
    assert all(re.search(r"-[0-9a-f]{6}$", slug) for slug in slugs.values())
    assert len(slugs) < len(names["keys"]) / 2


WORDS = st.sampled_from(["Get", "List", "Put", "EC2", "IAM", "Object", "s3", "X", "a", "Tag2"])
NAMES = st.one_of(
    st.lists(WORDS, min_size=1, max_size=4).map("".join),
    st.text(st.sampled_from("aB1*-: _é"), min_size=1, max_size=6),
)


@given(
    st.lists(st.tuples(NAMES, st.integers(0, 2), st.booleans()), unique_by=lambda n: n[0].lower())
)
def test_packed_names_can_be_decoded(given: list[tuple[str, int, bool]]) -> None:
    """With any characters, in any case, with or without pages."""
    here = Target("services/x/", "actions")
    service = IndexedService(
        "x",
        "",
        addresses.service("x"),
        tuple(
            IndexedAction(
                name, "Read" if name[0] == "G" else "Write", count, addresses.action("x", name)
            )
            if paged
            else IndexedAction(name, "Read" if name[0] == "G" else "Write", count, here)
            for name, count, paged in given
        ),
    )
    verbs = common_verbs([service])
    packed = Packed(service, verbs)
    names = {
        "prefixes": ["x"],
        "elsewhere": "services/",
        "verbs": list(verbs),
        "usual": "".join(level for _, level in verbs.values()),
        "nouns": [packed.nouns],
        "odd": {"0": packed.unpacked},
        "fewest": [packed.fewest],
        "counts": [",".join(packed.counts)],
        "levels": [packed.levels],
        "pages": packed.pages,
        "flips": {"0": packed.flips},
        "slugs": {"0": {str(at): slug for at, slug in packed.slugs.items()}},
    }
    expected = {(f"x:{a.name}", a.level, a.policies, a.target.place) for a in service.actions}
    assert set(actions(names)) == expected


def of_policies(allowed: Mapping[str, str], action_pages: tuple[str, ...]) -> BookContext:
    """A book of policies that each allow an action on every resource."""
    policies = {}
    for name, action in allowed.items():
        statement = {"Effect": "Allow", "Action": action, "Resource": "*"}
        version = Version("v1", VersionFacts(id="v1"), oracle.document({"Statement": [statement]}))
        policies[name] = Policy(PolicyFacts(name=name, arn=None, type="unknown"), (version,))
    book = Book(BookFile(title="Book", introduction=()), policies)
    return BookContext(book, index(book), small_catalogue(), action_pages=action_pages)


def test_the_address_for_an_action() -> None:
    """Its page, else its service, else the policies that cover all services, else services."""
    some = of_policies({"A": "s3:GetObject", "B": "*"}, action_pages=("s3:Get*",))
    assert nearest_to_action(some, "s3", "GetObject").place == "actions/s3/GetObject.html"
    assert nearest_to_action(some, "s3", "PutObject").place == "services/s3/#actions"
    assert nearest_to_action(some, "sqs", "SendMessage").place == "services/#everything"
    none = of_policies({"A": "s3:GetObject"}, action_pages=())
    assert nearest_to_action(none, "s3", "GetObject").place == "services/s3/#actions"
    assert nearest_to_action(none, "sqs", "SendMessage").place == "services/"


# --- what is shown of policies, and their versions ------------------------------------------------


def test_each_policy_has_what_its_row_shows(book: Known) -> None:
    """Its type, current version, last change with an effect, and successors, as in other lists."""
    rows, context = book.names["rows"], book.context
    versions, changes = rows["versions"].split(","), rows["changes"].split(",")
    successors = context.successors.successors()
    for at, name in enumerate(book.names["policies"]):
        line = context.policy_lines.of(name)
        assert rows["types"][int(rows["type_of"][at])] == label(line.type, "type")
        assert versions[at] == line.version
        outcome, day = rows["outcomes"][int(changes[at][0])], changes[at][1:]
        assert line.last.words.startswith(outcome)
        assert day == str(line.changed or "")
        assert rows["successors"].get(str(at), []) == [s.name for s in successors.get(name, ())]


def test_the_version_of_every_day_is_that_of_the_option_at(book: Known) -> None:
    """Also before the first, between two, and if it is uncertain."""
    policies = book.context.book.policies
    for policy, keys, spans in zip(
        policies.values(), book.versions["keys"], book.versions["defaults"], strict=True
    ):
        assert keys.split() == [version.key for version in policy.versions]
        known = [span.split(":") for span in spans.split(" ")]
        days = {date(2000, 1, 1), date(2040, 1, 1)}
        days |= {date.fromisoformat(since) for since, _ in known if since}
        days |= {day - timedelta(days=1) for day in days}
        for day in sorted(days):
            found = [key for since, key in known if since <= str(day)][-1]
            version, why = default_at(policy, day)
            assert found == (version.key if version else "") + ("?" if why else "")


def test_the_sites_own_pages_are_listed_once_with_words_for_them(book: Known) -> None:
    """Only those that the site has, under different titles."""
    pages = book.names["site"]
    titles = [title for title, *_ in pages]
    assert len(set(titles)) == len(titles)
    assert {"PassRole", "Removals", "Changes", "Services", "Actions"} <= set(titles)
    assert ("Risks" in titles) == bool(book.context.book.rules)
    for _, place, words, _ in pages:
        assert place.partition("#")[0] in book.places
        assert words == words.lower()
        assert "" not in words.split(", ") or not words


# --- who may do what on an ARN --------------------------------------------------------------------


def on_arn(book: Known, arn: str) -> set[tuple[str, bool, str]]:
    """What the file of an ARN's service says: policy, whether it denies, and action."""
    file = book.arns[arn.split(":")[2]]
    fits = [meets(arn, ArnFormat(text, never)) for text, never in file["formats"]]
    actions = [
        (name.lower(), level == "u")
        for name, level, own in zip(
            file["actions"], file["levels"], file["formats_of"], strict=True
        )
        if not own or any(fits[int(at)] for at in own.split())
    ]
    found = set()
    for resource, *rest in file["rows"]:
        patterns = book.patterns["patterns"][resource]
        own = Term((patterns,)) if isinstance(patterns, str) else Term(tuple(patterns), True)
        for policy, flag, at in batched(rest) if term_overlaps(own, Term((arn,))) else ():
            term = file["terms"][at]
            named = [file["patterns"][int(n)] for n in term.removeprefix("!").split()]
            for action, unlisted in actions:
                negated = term.startswith("!")
                if (
                    action in named and not negated
                    if unlisted
                    else any(matches(p, action) for p in named) != negated
                ):
                    found.add((book.names["policies"][policy], flag >= 2, action))
    return found


def batched(rest: list[int]) -> Iterator[tuple[int, ...]]:
    """The numbers in threes."""
    assert len(rest) % 3 == 0
    return (tuple(rest[n : n + 3]) for n in range(0, len(rest), 3))


def by_documents(book: Known, arn: str) -> set[tuple[str, bool, str]]:
    """The same from the documents, action by action."""
    found = set()
    for name, uses in book.context.index.uses.items():
        for use in uses:
            for term in single_terms(use.resources):
                if term_overlaps(Term(term.patterns, term.negated), Term((arn,))):
                    named = book.context.catalogue.named(use.actions)
                    named = {**named, **book.context.catalogue.unmatched(use.actions)}
                    found |= {(name, use.effect == "Deny", action) for action in named}
    service = arn.split(":")[2]

    def has_it(action: str) -> bool:
        formats = book.context.catalogue.formats(action)
        if formats is None:
            return action.startswith(f"{service}:")
        return any(meets(arn, form) for form in formats)

    return {part for part in found if has_it(part[2])}


def test_an_arn_has_the_actions_that_documents_allow_and_deny_on_it(book: Known) -> None:
    """Of all services, for ARNs that the resource patterns of the book match."""
    texts = {
        re.sub(r"\$\{[^}]*\}|[*?]", "x", pattern)
        for found in book.patterns["patterns"]
        for pattern in ([found] if isinstance(found, str) else found)
    }
    arns = [t for t in sorted(texts) if t.count(":") >= 5 and t.split(":")[2] in book.arns]
    assert len(arns) > 2
    for arn in arns:
        if not re.search("x", arn.split(":")[2]):
            assert on_arn(book, arn) == by_documents(book, arn), arn


# --- the same files in the browser ----------------------------------------------------------------


def test_the_files_are_the_cases_of_the_javascript_tests() -> None:
    """With the entries decoded here, so that both decoders agree."""
    loaded = load(SAMPLES / "edges")
    book = known(BookContext(loaded, index(loaded), small_catalogue()))
    names, patterns = book.names, book.patterns
    addresses_of_keys = [key_address(names, place) for place in range(len(names["keys"]))]
    found: dict[str, Any] = {
        "names": names,
        "patterns": patterns,
        "actions": [
            {"name": a.name, "level": a.level, "policies": a.policies, "href": a.address}
            for a in actions(names)
        ],
        "policies": [
            {"name": name, "href": addresses.policy(name).url} for name in names["policies"]
        ],
        "keys": [
            {"name": key, "href": href}
            for key, href in zip(names["keys"], addresses_of_keys, strict=True)
        ],
        "resources": [
            {
                "href": href,
                "policies": [
                    {"name": name, "denies": denies(patterns, names, at, name)}
                    for name in policies_behind(patterns, names, at)
                ],
            }
            for at, href in enumerate(resource_addresses(patterns))
        ],
    }
    text = json.dumps(found, indent=1, ensure_ascii=False) + "\n"
    same_as_golden("finder-index.json", text, CASES)


def denies(patterns: Mapping[str, Any], names: Mapping[str, Any], at: int, policy: str) -> bool:
    """Whether a policy has a resource pattern in denials only."""
    return names["policies"].index(policy) in patterns["denying"].get(str(at), ())


# --- resource patterns ----------------------------------------------------------------------------


def test_every_resource_pattern_is_listed_once(book: Known) -> None:
    """With its address and every policy that uses it."""
    patterns, uses = book.patterns, book.context.index.resources
    terms = [
        Term((found,)) if isinstance(found, str) else Term(tuple(found), negated=True)
        for found in patterns["patterns"]
    ]
    assert len(terms) == len(set(terms)) == book.names["resources"]
    assert set(terms) == set(uses)
    assert resource_addresses(patterns) == [addresses.resource(term).place for term in terms]
    for at, term in enumerate(terms):
        behind = policies_behind(patterns, book.names, at)
        assert sorted(behind) == sorted({use.policy for use in uses[term]})
        denying = {book.names["policies"][n] for n in patterns["denying"].get(str(at), ())}
        allowing = {use.policy for use in uses[term] if use.effect == "Allow"}
        assert denying == set(behind) - allowing


def test_both_files_have_a_stamp_of_their_policies(book: Known) -> None:
    """So that positions are never read in the file of another build."""
    assert book.names["stamp"] == book.patterns["stamp"]
    assert book.names["format"] == book.patterns["format"] == finder.FORMAT
    assert re.fullmatch(r"[0-9a-f]{8}", book.names["stamp"])


# --- the site -------------------------------------------------------------------------------------


def test_the_site_has_the_files(site: Path) -> None:
    """Every address in them is a page of the site, with the anchor."""
    names = json.loads((site / finder.NAMES).read_text())
    patterns = json.loads((site / finder.PATTERNS).read_text())
    addresses = {action.address for action in actions(names)}
    addresses |= {f"policies/{name}/" for name in names["policies"]}
    addresses |= {key_address(names, place) for place in range(len(names["keys"]))}
    addresses |= set(resource_addresses(patterns))
    addresses |= {place for _, place, *_ in names["site"]}
    missing = []
    for address in addresses:
        page, _, anchor = address.partition("#")
        file = site / Target(unquote(page)).file
        if not file.is_file() or (anchor and f'id="{anchor}"' not in file.read_text()):
            missing.append(address)
    assert missing == []


def test_browsers_find_the_search_description(site: Path) -> None:
    """Every page links to it, and it has the address of the site."""
    root = ET.fromstring((site / finder.DESCRIPTION).read_bytes())  # noqa: S314  # our own
    space = {"": "http://a9.com/-/spec/opensearch/1.1/"}
    name, url = root.find("ShortName", space), root.find("Url", space)
    assert name is not None
    assert url is not None
    assert 0 < len(name.text or "") <= 16
    assert url.get("template") == f"{SITE_URL}search/#q={{searchTerms}}"
    page = (site / "policies/index.html").read_text()
    assert 'rel="search" type="application/opensearchdescription+xml"' in page


def test_the_page_lists_the_policies_that_its_numbers_leave_out() -> None:
    """The policies that cover all services."""
    loaded = load(SAMPLES / "edges")
    context = BookContext(loaded, index(loaded), Catalogue())
    assert search_view(context).everything == ("Everything",)
