"""The URLs of all pages and anchors of the site, defined in this one module.

A target is the URL of a page, relative to the site's root, and an anchor or "". A URL ends in `/`,
and its file is `index.html` in that folder. Only the page of an action is a file itself, since the
19,000 folders of all of AWS would cost the system more than twice the time of the files alone.
Names come from the data: the loader has validated their form, or they are converted to a slug.
"""

from __future__ import annotations

import hashlib
import re
from datetime import date
from functools import lru_cache
from urllib.parse import quote, urlencode

from msgspec import Struct

from policybook.model.documents import Term


class Target(Struct, frozen=True):
    """A page, or a place in it."""

    url: str
    anchor: str = ""

    @property
    def place(self) -> str:
        """The URL with the anchor. URLs themselves never contain `#`."""
        return f"{self.url}#{self.anchor}" if self.anchor else self.url

    @property
    def file(self) -> str:
        """The path of the page's file, relative to the site's root."""
        return self.url if self.url.endswith(_FILE) else f"{self.url}index{_FILE}"


API_ROOT = "api/v1/"
_FILE = ".html"
_PLAIN = re.compile(r"[A-Za-z0-9_-]{1,128}")

POLICIES = Target("policies/")
BOUNDARIES = Target("boundaries/")
SERVICES = Target("services/")
RESOURCES = Target("resources/")
CONDITIONS = Target("conditions/")
PASSROLE = Target("passrole/")
CHANGES = Target("changes/")
REMOVALS = Target("changes/removals/")
DEPRECATED = Target("deprecated/")
GROUPS = Target("groups/")
GUIDES = Target("guides/")
RISKS = Target("risks/")
ROLES = Target("roles/")
ACTIONS = Target("actions/")
NEW_ACTIONS = Target("actions/new/")
ABOUT = Target("about/")
VERDICTS = Target("about/", "verdicts")
SEARCH = Target("search/")
COMPARE = Target("compare/")
CHECK = Target("check/")
CHOOSE = Target("choose/")


def policy(name: str, anchor: str = "") -> Target:
    """A policy's page; the anchor of a version is its key."""
    return Target(f"policies/{name}/", anchor)


def comparing(a: str, b: str = "") -> str:
    """The query of the page of comparisons for one or two policies.

    Args:
        a: The policy as NAME or NAME@VERSION.
        b: The other policy, or "" to let the reader choose one.
    """
    sides = (("a", a), ("b", b)) if b else (("a", a),)
    return "?" + urlencode(sides, safe="@", quote_via=quote)


def checked(version: str) -> str:
    """The query of the page that checks a document, for NAME or NAME@VERSION."""
    return "?" + urlencode({"policy": version}, safe="@", quote_via=quote)


def statement(name: str, number: int) -> Target:
    """A statement of a policy's current version; the anchor goes on to the next version."""
    return policy(name, f"statement-{number}")


def permalink(name: str, key: str, number: int) -> Target:
    """A statement of a policy's version, whichever is the current one."""
    return policy(name, f"{key}-{number}")


def policy_service(name: str, prefix: str) -> Target:
    """A service in the table of a policy's permissions."""
    return policy(name, "service-" + ("every" if prefix == "*" else prefix))


def policy_actions(name: str, prefix: str) -> Target:
    """The page with the names of a service's actions in a policy."""
    return Target(f"policies/{name}/actions/{prefix}/")


def about(anchor: str) -> Target:
    """A section of the page about the site, or a term on it."""
    return Target("about/", anchor)


def policy_history(name: str, number: int = 1, anchor: str = "") -> Target:
    """A page of a policy's older versions, counted from 1."""
    return part(Target(f"policies/{name}/history/", anchor), number)


def part(first: Target, number: int) -> Target:
    """A page of a list that has several, counted from 1; the others are below the first one."""
    return Target(f"{first.url}{number}/", first.anchor) if number > 1 else first


def service(prefix: str, anchor: str = "") -> Target:
    """A service prefix's page; for `*`, the list of policies that cover every service."""
    if prefix == "*":
        return Target("services/", "everything")
    return Target(f"services/{prefix}/", anchor)


def action(prefix: str, name: str) -> Target:
    """An action's page, such as `actions/s3/GetObject.html`; an unusual name gets a digest.

    `index` is unusual too: servers show a file of that name as the folder's page.
    """
    plain = _PLAIN.fullmatch(name) and name.lower() != "index"
    return Target(f"actions/{prefix}/{name if plain else slug(f':{name}')}{_FILE}")


def resource_service(term: Term) -> str:
    """The service segment of the term's ARNs: `any` for `*`, `several` if it varies."""
    if not term.negated and term.patterns == ("*",):
        return "any"
    parts = {p.split(":")[2] if p.count(":") > 2 else "" for p in term.patterns}
    only = parts.pop() if len(parts) == 1 else ""
    return only if re.fullmatch(r"[a-z0-9-]+", only) else "several"


def resource(term: Term) -> Target:
    """A resource pattern on the page of its service."""
    return Target(resources(resource_service(term)).url, resource_anchor(term))


def resources(service: str) -> Target:
    """The page of a service's resource patterns."""
    return Target(f"resources/{service}/")


def resource_anchor(term: Term) -> str:
    """A short anchor that depends on the patterns only."""
    return _resource_anchor(term.negated, term.patterns)


@lru_cache(maxsize=16_384)
def _resource_anchor(negated: bool, patterns: tuple[str, ...]) -> str:
    text = repr((negated, patterns))
    return "r-" + hashlib.sha256(text.encode()).hexdigest()[:10]


def pattern_anchor(pattern: str) -> str:
    """The anchor of a single resource pattern."""
    return _resource_anchor(False, (pattern,))


def condition(key: str, anchor: str = "") -> Target:
    """The page of a normalised condition key: `aws:sourcearn` is at `conditions/aws_sourcearn/`."""
    return Target(f"conditions/{slug(key)}/", anchor)


def passing(policy: str) -> Target:
    """A policy on the page of passed roles."""
    return Target(PASSROLE.url, f"policy-{policy}")


def passed_to(service: str) -> Target:
    """A service principal on the page of passed roles; each has a different anchor."""
    if re.fullmatch(r"[a-z0-9.-]+", service):
        return Target(PASSROLE.url, f"to-{service}")
    plain = re.sub(r"[^a-z0-9.-]+", "-", service.lower())
    return Target(PASSROLE.url, f"to-{plain}_{hashlib.sha256(service.encode()).hexdigest()[:10]}")


def deprecated(policy: str) -> Target:
    """A deprecated policy on the page of deprecated policies."""
    return Target(DEPRECATED.url, f"policy-{policy}")


def successor(policy: str) -> Target:
    """The successors of a deprecated policy, on the same page."""
    return Target(DEPRECATED.url, f"successor-{policy}")


def succession(policy: str) -> Target:
    """The page that compares a deprecated policy with its successors."""
    return Target(f"{DEPRECATED.url}{policy}/")


def slug(text: str) -> str:
    """The text as one safe URL segment; texts that differ only by case have the same slug."""
    lower = text.lower()
    plain = re.sub(r"[^a-z0-9.-]+|\.\.+", "_", lower).strip("._")
    if re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)*:[a-z0-9-]+(/<key>)?|[a-z0-9-]+", lower):
        return plain
    return f"{plain}-{hashlib.sha256(lower.encode()).hexdigest()[:6]}"


def group(slug: str, anchor: str = "") -> Target:
    """A group's page."""
    return Target(f"groups/{slug}/", anchor)


def guide(slug: str) -> Target:
    """A guide's page."""
    return Target(f"guides/{slug}/")


def risk(rule: str) -> Target:
    """A risk rule's page."""
    return Target(f"{RISKS.url}{rule}/")


def listed_risk(rule: str) -> Target:
    """A risk rule on the page of all risks, where older links lead."""
    return Target(RISKS.url, "rule-" + rule)


def step(day: str, policy: str = "") -> Target:
    """A step to the action list of a day, on the page of new actions; or a policy in it."""
    return Target(NEW_ACTIONS.url, f"to-{day}-{policy}" if policy else f"to-{day}")


def role(name: str) -> Target:
    """A role's page."""
    return Target(f"{ROLES.url}{slug(name)}/")


def listed_role(name: str) -> Target:
    """A role on the page of all roles, where older links lead."""
    return Target(ROLES.url, "role-" + slug(name))


def year(number: int, anchor: str = "") -> Target:
    """The page of a year's changes."""
    return Target(f"changes/{number}/", anchor)


def month(first: date, number: int = 1) -> Target:
    """A month in its year's changes.

    Args:
        first: A day of the month.
        number: The page of the year.
    """
    return part(year(first.year, f"m{first:%Y-%m}"), number)


def removal(policy: str, key: str) -> Target:
    """What a transition of a policy removed, in the list of removals."""
    return Target(REMOVALS.url, f"{policy}-{key}")


def removals_of(month: str, anchor: str = "", number: int = 1) -> Target:
    """A page of what was removed in a month, such as `2026-03`, or on days that are `undated`."""
    return part(Target(f"{REMOVALS.url}{month}/", anchor), number)
