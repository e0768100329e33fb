"""Risk rules: which match a document and what limits each, compared with trying all actions."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policybook.analysis.effective_actions import answers
from policybook.analysis.risks import Flag, Rulebook, flags, risks
from policybook.catalogue.catalogue import Catalogue
from policybook.data.loader import load
from policybook.iam.arn_formats import ArnFormat, is_open
from policybook.iam.denies import GRANTED
from policybook.iam.mitigation import (
    MITIGATIONS,
    Mitigation,
    all_of,
    any_of,
    is_only_on,
    may_hold,
    mitigated,
)
from policybook.model.book import Book
from policybook.model.documents import Clause, Document, Statement, Term
from policybook.model.policies import Policy, PolicyFacts, Version, VersionFacts
from policybook.model.risk_rules import Kind, Reference, Rule, Step

from tests.support import oracle
from tests.support.books import DATA, small_catalogue
from tests.support.documents import allow, deny, document_of
from tests.support.documents import bare_document as of
from tests.support.oracle import names
from tests.support.properties import examples

IF = {"Condition": {"StringEquals": {"aws:PrincipalTag/team": "x"}}}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The catalogue of the package."""
    return Catalogue()


@pytest.fixture(scope="module")
def own() -> Mapping[str, Rule]:
    """The repository's own rules."""
    return load(DATA).rules


def rule(*steps: Step, name: str = "r", kind: Kind = "data-read") -> Rule:
    """A rule of these steps."""
    link = Reference(title="T", url="https://example.org/")
    return Rule(id=name, title="T", kind=kind, reason="R.", link=link, steps=steps)


def step(*actions: str, **more: Any) -> Step:
    """A step for which any of the actions is enough."""
    return Step(does="d", actions=actions, **more)


def found(document: Document, catalogue: Catalogue, *rules: Rule) -> dict[str, Mitigation]:
    """The rules that match the document, and what limits each."""
    met = flags(document, {rule.id: rule for rule in rules}, catalogue)
    return {flag.rule: flag.mitigation for flag in met}


# --- what limits a grant --------------------------------------------------------------------------

PASS = step("iam:PassRole", limited_by=("iam:PassedToService",))
ROLES = "arn:aws:iam::*:role/*"
BOTH = "scoped and conditional"


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([allow("iam:PassRole")], "none"),
        ([allow("IAM:passrole", ROLES)], "none"),
        ([allow("iam:Pass*", "arn:*:iam::*:*")], "none"),
        ([allow("*")], "none"),
        ([{"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}], "none"),
        ([{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}], None),
        ([allow("iam:PassRole", "arn:aws:iam::*:role/service-role/*")], "scoped"),
        ([allow("iam:PassRole", "arn:aws:iam::123456789012:role/*")], "scoped"),
        ([allow("iam:PassRole", ["arn:aws:iam::*:role/a", ROLES])], "none"),
        ([{"Effect": "Allow", "Action": "iam:*", "NotResource": "arn:aws:s3:::b"}], "none"),
        ([{"Effect": "Allow", "Action": "iam:*", "NotResource": "arn:aws:iam::*:user/*"}], "none"),
        ([{"Effect": "Allow", "Action": "iam:*", "NotResource": f"{ROLES}x"}], "scoped"),
        ([allow("iam:PassRole", **IF)], "conditional"),
        ([allow("iam:PassRole", f"{ROLES}x", **IF)], "scoped and conditional"),
        (
            [allow("iam:PassRole", f"{ROLES}x"), allow("iam:PassRole", **IF)],
            "scoped or conditional",
        ),
        ([allow("iam:PassRole", **IF), allow("iam:PassRole")], "none"),
        ([allow("iam:PassRole"), deny("iam:PassRole")], None),
        ([allow("iam:PassRole"), deny("iam:*", ROLES)], "conditional"),
        ([allow("iam:PassRole", ROLES), deny("iam:*", ROLES)], None),
        ([allow("iam:PassRole", [ROLES, "arn:*:iam::1:role/*"]), deny("iam:*", ROLES)], BOTH),
        ([allow("iam:PassRole", [ROLES, "arn:aws:iam::1:role"]), deny("iam:*", ROLES)], None),
        ([allow("iam:PassRole", "arn:aws:iam::*:user/*")], None),
        ([allow("iam:PassRole"), deny("iam:*", "arn:aws:iam::*:user/*")], "none"),
        ([allow("iam:PassRole"), deny("iam:PassRole", **IF)], "conditional"),
        ([allow("iam:PassRole"), deny("iam:PassRole", "arn:aws:iam::*:role/x")], "conditional"),
        ([allow("iam:PassRole", f"{ROLES}a"), deny("*", "arn:aws:s3:::b")], "scoped"),
        (
            [allow("iam:PassRole"), {"Effect": "Deny", "NotAction": "iam:*", "Resource": "*"}],
            "none",
        ),
        ([allow("iam:PassRole"), {"Effect": "Deny", "NotAction": "s3:*", "Resource": "*"}], None),
        ([deny("iam:PassRole")], None),
        ([allow("iam:GetRole")], None),
    ],
)
def test_what_limits_a_grant_is_told(
    catalogue: Catalogue, statements: list[dict[str, Any]], expected: str | None
) -> None:
    """Any of several ways is enough; an action that a Deny removes is not granted."""
    assert found(of(*statements), catalogue, rule(PASS)).get("r") == expected


def only(document: Document, catalogue: Catalogue, *steps: Step) -> Flag:
    """The flag of the only rule, which has these steps and matches the document."""
    (flag,) = flags(document, {"r": rule(*steps)}, catalogue)
    return flag


def test_a_flag_says_what_meets_it(catalogue: Catalogue) -> None:
    """The statement, the patterns, the actions, the keys of its condition, the Denies."""
    condition = {"Condition": {"StringEquals": {"IAM:passedToService": "x.amazonaws.com"}}}
    document = of(
        allow(["s3:*", "IAM:Pass*", "iam:*role"], **condition),
        deny("iam:PassRole", "arn:aws:iam::*:role/x"),
    )
    ((grant,),) = only(document, catalogue, PASS).grants
    assert (grant.statement, grant.actions, grant.denials) == (1, ("iam:PassRole",), (2,))
    assert grant.patterns == ("IAM:Pass*", "iam:*role")
    assert grant.limiting == ("IAM:passedToService",)
    assert (grant.scopable, grant.mitigation) == (True, "conditional")


def test_a_pattern_of_which_a_deny_leaves_nothing_is_not_told(catalogue: Catalogue) -> None:
    """Only patterns that grant something are."""
    document = of(allow(["iam:CreateUser", "iam:PassRole"]), deny("iam:CreateUser"))
    ((grant,),) = only(document, catalogue, step("iam:CreateUser", "iam:PassRole")).grants
    assert (grant.patterns, grant.actions) == (("iam:PassRole",), ("iam:PassRole",))


def test_an_action_that_takes_no_resource_cannot_be_limited_to_one(catalogue: Catalogue) -> None:
    """The flag reports it only if it is true of all of the actions."""
    listing = step("s3:ListAllMyBuckets")
    ((grant,),) = only(of(allow("s3:List*")), catalogue, listing).grants
    assert (grant.scopable, grant.mitigation) == (False, "none")
    ((grant,),) = only(of(allow("s3:List*")), catalogue, step("s3:List*")).grants
    assert grant.scopable


def test_a_combination_needs_every_step_and_is_limited_by_each(catalogue: Catalogue) -> None:
    """It is open only if all of its steps are."""
    both = rule(PASS, step("lambda:CreateFunction", "lambda:UpdateFunctionCode"))
    role, code = allow("iam:PassRole"), allow("lambda:UpdateFunction*")
    one_role, one_code = {**role, "Resource": f"{ROLES}x"}, {**code, **IF}
    assert found(of(role), catalogue, both) == {}
    assert found(of(role, code), catalogue, both) == {"r": "none"}
    assert found(of(one_role, code), catalogue, both) == {"r": "scoped"}
    assert found(of(role, one_code), catalogue, both) == {"r": "conditional"}
    assert found(of(one_role, one_code), catalogue, both) == {"r": "scoped and conditional"}
    assert found(of(one_role, one_code, code), catalogue, both) == {"r": "scoped"}
    assert found(of(role, {**one_role, **IF}, one_code), catalogue, both) == {"r": "conditional"}
    assert only(of(one_role, one_code), catalogue, *both.steps).steps == ("scoped", "conditional")


def test_a_level_is_about_every_action_that_has_it(catalogue: Catalogue) -> None:
    """Together with patterns, about actions of the patterns; an action may have several levels."""
    level = Step(does="d", level="Permissions management")
    several = catalogue.action("acm-pca:PutPolicy")
    assert several
    assert len(several.levels) > 1
    assert found(of(allow("acm-pca:PutPolicy")), catalogue, rule(level)) == {"r": "none"}
    assert found(of(allow("s3:GetObject")), catalogue, rule(level)) == {}
    some = step("s3:*", level="Permissions management")
    assert found(of(allow("acm-pca:PutPolicy")), catalogue, rule(some)) == {}
    spare = Step(does="d", level="Permissions management", but=("put*", "Create*"))
    assert found(of(allow("acm-pca:PutPolicy")), catalogue, rule(spare)) == {}
    assert found(of(allow("acm-pca:DeletePolicy")), catalogue, rule(spare)) == {"r": "none"}
    ((grant,),) = only(of(allow("s3:*Bucket*")), catalogue, some).grants
    assert "s3:PutBucketPolicy" in grant.actions
    assert "s3:CreateBucket" not in grant.actions


@pytest.mark.parametrize(
    ("resource", "met"),
    [
        ("*", True),
        ("arn:aws:s3:::*", True),
        ("arn:aws:s3:::*/*", True),
        ("arn:aws-cn:s3:::*", True),
        ("arn:aws:s3:::bucket/*", False),
        ("arn:aws:s3:::sagemaker-*", False),
        ("arn:aws:sqs:*:*:*", False),
    ],
)
def test_a_step_may_ask_for_all_of_a_type(catalogue: Catalogue, resource: str, met: bool) -> None:
    """The condition is reported too."""
    reading = rule(step("s3:GetObject", open=True))
    document = of(allow("s3:Get*", [resource, "arn:aws:s3:::one/*"]))
    assert found(document, catalogue, reading) == ({"r": "none"} if met else {})
    document = of(allow("s3:Get*", resource, **IF))
    assert found(document, catalogue, reading) == ({"r": "conditional"} if met else {})


@pytest.mark.parametrize(
    ("operator", "value", "holds"),
    [
        ("StringEquals", "lambda.amazonaws.com", True),
        ("StringEquals", "glue.amazonaws.com", False),
        ("StringEquals", ["glue.amazonaws.com", "lambda.amazonaws.com"], True),
        ("StringEquals", "*", False),
        ("StringEquals", "${aws:PrincipalTag/service}", True),
        ("StringEqualsIfExists", "glue.amazonaws.com", False),
        ("ForAnyValue:StringEquals", "glue.amazonaws.com", False),
        ("StringEqualsIgnoreCase", "LAMBDA.amazonaws.com", True),
        ("StringLike", "lambda.*", True),
        ("StringLike", "*", True),
        ("StringLike", ["glue.*", "states.*"], False),
        ("StringLike", "${aws:PrincipalTag/service}.amazonaws.com", True),
        ("StringLike", "${*}", False),
        ("StringLike", "LAMBDA.*", False),
        ("StringLikeIfExists", "*.amazonaws.com", True),
        ("StringEquals", "*.amazonaws.com", False),
        ("StringEquals", "Lambda.amazonaws.com", False),
        ("StringEqualsIgnoreCase", "lambda.*", False),
        ("StringNotEquals", "*.amazonaws.com", True),
        ("StringNotEquals", "${aws:PrincipalTag/service}", True),
        ("StringNotEqualsIgnoreCase", "LAMBDA.amazonaws.com", False),
        ("StringNotEqualsIfExists", "lambda.amazonaws.com", False),
        ("ForAllValues:StringEquals", "glue.amazonaws.com", False),
        ("ForAllValues:StringNotLike", "lambda.*", False),
        ("ForAnyValue:StringLike", "lambda.*", True),
        ("StringNotEquals", "glue.amazonaws.com", True),
        ("StringNotEquals", "lambda.amazonaws.com", False),
        ("StringNotLike", "*.amazonaws.com", False),
        ("StringNotLike", "lambda", True),
        ("Null", "true", False),
        ("Null", "false", True),
        ("ArnLike", "arn:aws:iam::*:role/x", True),
    ],
)
def test_a_condition_that_cannot_hold_for_the_request_does_not_meet_the_step(
    catalogue: Catalogue, operator: str, value: object, holds: bool
) -> None:
    """A role that is passed to Glue only is not passed to Lambda."""
    passing = rule(step("iam:PassRole", context={"iam:PassedToService": ("lambda.amazonaws.com",)}))
    statement = allow("iam:PassRole", Condition={operator: {"iam:passedtoservice": value}})
    expected = {"r": "conditional"} if holds else {}
    assert found(of(statement), catalogue, passing) == expected


def test_one_value_has_to_do_for_all_clauses_on_the_key() -> None:
    """Not another one for each."""
    clauses = (Clause("StringEquals", "k:k", ("a", "b")), Clause("StringNotEquals", "K:k", ("a",)))
    assert may_hold(clauses, {"k:K": ("a", "b")})
    assert not may_hold(clauses, {"k:K": ("a", "c")})
    assert may_hold(clauses, {"k:other": ("a",)})


OWN_USER = ("arn:*:iam::*:user/${aws:username}", "arn:*:iam::*:user/*/${aws:username}")
OWN, OTHERS = "arn:aws:iam::*:user/${aws:username}", "arn:aws:iam::*:user/*"


@pytest.mark.parametrize(
    ("statements", "met"),
    [
        ([allow("iam:*", OWN)], False),
        ([allow("iam:*", "arn:aws:iam::*:user/${AWS:UserName}")], False),
        ([allow("iam:*", "arn:aws:iam::123456789012:user/team/${aws:username}")], False),
        ([allow("iam:*", "arn:*:iam::${aws:PrincipalAccount}:user/*/${aws:username}")], False),
        ([allow("iam:*", [OWN, "arn:aws:iam::*:user/*/${aws:username}"])], False),
        ([allow("iam:*", OTHERS), deny("iam:*", NotResource=OWN, Resource=None)], False),
        ([allow("iam:*", OTHERS), deny("*", NotResource=OWN, Resource=None, **IF)], True),
        ([allow("iam:*", OTHERS), deny("iam:*", OWN)], True),
        ([allow("iam:*", [OWN, "arn:aws:iam::*:user/admin"])], True),
        ([allow("iam:*", "arn:aws:iam::*:user/${aws:username}*")], True),
        ([allow("iam:*", "arn:aws:iam::*:user/*${aws:username}")], True),
        ([allow("iam:*", "arn:aws:iam::*:user/${aws:username}/*")], True),
        ([allow("iam:*", "arn:aws:iam::*:user/${aws:userid}")], True),
        ([allow("iam:*", "arn:aws:iam::*:user/${aws:username, 'admin'}")], True),
        ([allow("iam:*", NotResource=OWN, Resource=None)], True),
    ],
)
def test_the_caller_s_own_resources_do_not_meet_a_step_about_others(
    catalogue: Catalogue, statements: list[dict[str, Any]], met: bool
) -> None:
    """Even if they are granted by a pattern, or a Deny leaves nothing else."""
    written = [{key: v for key, v in one.items() if v is not None} for one in statements]
    keys = rule(step("iam:CreateAccessKey", own=OWN_USER))
    assert bool(found(document_of(*written), catalogue, keys)) == met


def test_a_variable_of_an_old_version_is_nobody_s_own_user() -> None:
    """It is text there."""
    assert is_only_on(Term(OWN_USER), Term((OWN,)), ())
    assert not is_only_on(Term(OWN_USER), Term((OWN,), variables=False), ())


LIMITS: list[frozenset[str]] = [frozenset(), frozenset("s"), frozenset("c"), frozenset("sc")]
# Within which limits a caller can be and still do what is mitigated so.
CAN: Mapping[Mitigation, set[frozenset[str]]] = {
    "none": set(LIMITS),
    "scoped or conditional": {limits for limits in LIMITS if limits},
    "scoped": {limits for limits in LIMITS if "s" in limits},
    "conditional": {limits for limits in LIMITS if "c" in limits},
    "scoped and conditional": {limits for limits in LIMITS if limits == {"s", "c"}},
}


def test_of_ways_any_will_do_and_of_steps_all_are_needed() -> None:
    """For every pair: one alternative is enough for a caller, and all steps are needed."""
    assert set(CAN) == set(MITIGATIONS)
    for one, other in product(MITIGATIONS, MITIGATIONS):
        assert CAN[any_of((one, other))] == CAN[one] | CAN[other]
        assert CAN[all_of((one, other))] == CAN[one] & CAN[other]
    for scoped, conditional in product((True, False), repeat=2):
        limits = {*("s" if scoped else ""), *("c" if conditional else "")}
        assert min(CAN[mitigated(scoped, conditional)], key=len) == limits


# --- by trying ------------------------------------------------------------------------------------

VALUES = ("", "q", "one", "one/x", "xy")
VARIES = re.compile(r"\$\{[^}*]+\}")  # but for `${*}`, the character


@cache
def concrete(form: ArnFormat) -> list[str]:
    """ARNs of a format, in several partitions."""
    rest = form.text.removeprefix("arn:${Partition}").replace("${*}", "*")
    first, *pieces = VARIES.split(rest)
    fields = [form.text[: found.start()].count(":") < 5 for found in VARIES.finditer(form.text)][1:]
    parts = [
        [v for v in VALUES if in_fields or (v and not set(v) & set(form.never))]
        for in_fields in fields
    ]
    return [
        f"arn:{partition}{first}" + "".join(map(str.__add__, filled, pieces))
        for partition in ("aws", "aws-cn", "aws-us-gov")
        for filled in product(*parts)
    ]


@cache
def tried_open(term: Term, formats: tuple[ArnFormat, ...]) -> bool:
    """Whether the term matches every ARN of some format in some partition."""
    if not formats:
        return term.negated or all(names(term, text) for text in ("", "*", "arn:aws:s3:::x", "é"))
    if term.negated:
        return any(all(names(term, text) for text in concrete(form)) for form in formats)
    return any(
        all(names(term, text) for text in concrete(form) if text.startswith(f"arn:{partition}:"))
        for form in formats
        for partition in ("aws", "aws-cn", "aws-us-gov")
    )


Grants = list[tuple[int, list[str], Mitigation, list[int]]]


def slow_step(
    document: Document, step: Step, catalogue: Catalogue, actions: Sequence[str]
) -> Grants:
    """The statements that match a step, trying every action of the catalogue."""
    met: dict[int, list[tuple[str, Mitigation, tuple[int, ...]]]] = {}
    for name in actions:
        action = catalogue.action(name)
        assert action
        if step.level and step.level not in action.levels:
            continue
        if not listed(step.actions or ("*",), name) or listed(step.but, action.name):
            continue
        formats = catalogue.formats(name)
        for answer in answers(document, name, formats=formats):
            wide = tried_open(answer.resource, formats or ())
            possible = tried_context(answer.statement, step)
            if step.own and is_only_on(Term(step.own), answer.resource, ()):
                continue
            if answer.certainty in GRANTED and possible and (wide or not step.open):
                limit = mitigated(not wide, answer.certainty == "conditional")
                met.setdefault(answer.statement.number, []).append((name, limit, answer.denials))
    return [
        (
            number,
            sorted({name for name, _, _ in found}),
            any_of(limit for _, limit, _ in found),
            sorted({denial for _, _, denials in found for denial in denials}),
        )
        for number, found in sorted(met.items())
    ]


@cache
def listed(patterns: tuple[str, ...], name: str) -> bool:
    """Whether a pattern names the action, in any case."""
    return any(oracle.matches(pattern.lower(), name.lower()) for pattern in patterns)


def tried_context(statement: Statement, step: Step) -> bool:
    """Whether some value of each key meets all of its clauses, by the tests' own operators."""
    return all(
        any(
            all(
                oracle.holds(clause, {key.lower(): (value,)})
                for clause in statement.condition
                if clause.key.lower() == key.lower()
            )
            for value in values
        )
        for key, values in step.context.items()
    )


def summary(flag: Flag) -> list[Grants]:
    """A flag in the form of the slow implementation."""
    return [
        [
            (g.statement, [a.lower() for a in g.actions], g.mitigation, list(g.denials))
            for g in grants
        ]
        for grants in flag.grants
    ]


def slow(
    document: Document, rules: Mapping[str, Rule], catalogue: Catalogue, actions: Sequence[str]
) -> dict[str, list[Grants]]:
    """The rules that match a document, each step with its grants."""
    tried = {
        name: [slow_step(document, step, catalogue, actions) for step in rule.steps]
        for name, rule in rules.items()
    }
    return {name: steps for name, steps in tried.items() if all(steps)}


@pytest.fixture(scope="module")
def small() -> Catalogue:
    """A catalogue of three services."""
    return small_catalogue()


def every(catalogue: Catalogue) -> list[str]:
    """The full names of all catalogued actions."""
    return [
        f"{prefix}:{name}"
        for prefix in catalogue.prefixes
        if (service := catalogue.service(prefix))
        for name in service.actions
    ]


PATTERNS = ["*", "s3:*", "s3:Get*", "S3:putobject", "s3:Put*", "iam:*", "iam:PassRole", "sqs:*e*"]
PATTERNS += ["iam:*Role", "sqs:SendMessage", "sqs:ListQueues", "s3:ListAllMyBuckets", "gone:Do"]
PLACES = ["*", "arn:aws:s3:::*", "arn:aws:s3:::one/*", "arn:*:s3:::*/*", "arn:aws:sqs:*:*:*"]
PLACES += ["arn:aws:sqs:q:*:*", "arn:aws:iam::*:role/*", "arn:aws:iam::*:role/one", "arn:aws:*"]
OPERATORS = ["StringEquals", "StringLike", "StringNotEquals", "StringNotLike"]
OPERATORS += [f"{operator}IfExists" for operator in OPERATORS] + ["ForAnyValue:StringLike", "Null"]


def some(values: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=3, unique=True)


@st.composite
def statements(draw: st.DrawFn) -> dict[str, Any]:
    """A statement of any form."""
    form: dict[str, Any] = {"Effect": draw(st.sampled_from(["Allow", "Allow", "Deny"]))}
    form[draw(st.sampled_from(["Action", "Action", "NotAction"]))] = draw(some(PATTERNS))
    form[draw(st.sampled_from(["Resource", "Resource", "NotResource"]))] = draw(some(PLACES))
    if draw(st.booleans()):
        operator = draw(st.sampled_from(OPERATORS))
        values = ["true", "false"] if operator == "Null" else ["a", "b", "a*", "?"]
        key = draw(st.sampled_from(["k:one", "K:One", "k:two"]))
        form["Condition"] = {operator: {key: draw(some(values))}}
    return form


@st.composite
def steps(draw: st.DrawFn) -> Step:
    """A step of any form."""
    level = draw(st.sampled_from([None, None, "Read", "Write", "Permissions management"]))
    listed = some([pattern for pattern in PATTERNS if ":" in pattern and pattern.islower()])
    actions = draw(listed if level is None else st.one_of(st.just([]), listed))
    context = draw(st.sampled_from([{}, {"k:one": ("a", "c")}, {"k:one": ("b",), "K:TWO": ("a",)}]))
    but = tuple(draw(st.sampled_from([[], [], ["Get*"], ["*Object", "Pass?ole"]])))
    return step(*actions, level=level, but=but, context=context, open=draw(st.booleans()))


@examples(4)
@given(
    found=st.lists(statements(), min_size=1, max_size=4),
    chosen=st.lists(st.lists(steps(), min_size=1, max_size=2), min_size=1, max_size=3),
)
def test_flags_are_what_trying_every_action_gives(
    small: Catalogue, found: list[dict[str, Any]], chosen: list[list[Step]]
) -> None:
    """Statements, actions, limits and Denies, for any document and any rules."""
    rules = {f"r{n}": rule(*steps, name=f"r{n}") for n, steps in enumerate(chosen)}
    document = of(*found)
    met = flags(document, rules, small)
    assert {f.rule: summary(f) for f in met} == slow(document, rules, small, every(small))
    for flag in met:
        assert flag.mitigation == all_of(flag.steps)


@given(term=st.builds(Term, some(PLACES).map(tuple), st.booleans()))
def test_what_names_all_of_a_type_is_found_by_trying(small: Catalogue, term: Term) -> None:
    """ARN by ARN, for every set of resource types of an action."""
    for name in every(small):
        formats = small.formats(name) or ()
        assert is_open(term, formats) == tried_open(term, formats), name


NOTEBOOK = "arn:${Partition}:sagemaker:${Region}:${Account}:notebook-instance/${Name}"
FUNCTION = "arn:${Partition}:lambda:${Region}:${Account}:function:${Name}"


@pytest.mark.parametrize(
    ("left_out", "form", "is_all"),
    [
        ("arn:aws:sagemaker:*:*:domain/*", NOTEBOOK, True),
        ("arn:aws:sagemaker:*:*:notebook-instance/x", NOTEBOOK, False),
        ("arn:aws:sagemaker:*:notebook-instance/x", NOTEBOOK, True),  # an account and any resource
        ("arn:aws:sage*", NOTEBOOK, False),
        ("*", NOTEBOOK, False),
        ("arn:aws:lambda:*:function:name", FUNCTION, False),
        ("arn:aws:lambda:us-east-1:*:function:n?me", FUNCTION, False),
        ("arn:aws:lambda:us-east-1:*:layer:name", FUNCTION, True),
        ("arn:aws:lambda:*:*:function:${aws:username}", FUNCTION, False),
        ("arn:aws:s3*one", "arn:${Partition}:s3:::${Name}", True),
        ("arn:aws:s3*:*:*:one", "arn:${Partition}:s3:::${Name}", False),
        ("arn:aws:s3:::one/a:b", "arn:${Partition}:s3:::${Name}/${Key}", True),
    ],
)
def test_what_is_left_out_of_a_type(left_out: str, form: str, is_all: bool) -> None:
    """A wildcard may match colons; excluding another type does not limit."""
    assert is_open(Term((left_out,), negated=True), (ArnFormat(form),)) == is_all


# --- through time ---------------------------------------------------------------------------------


def policy(*documents: Document | None) -> Policy:
    """A policy with these versions, oldest first."""
    versions = tuple(
        Version(f"v{n}", VersionFacts(id=f"v{n}", published=date(2020, n, 1)), document)
        for n, document in enumerate(documents, 1)
    )
    return Policy(PolicyFacts(name="P", arn=None, type="aws-managed"), tuple(reversed(versions)))


def test_each_version_says_what_it_did_to_a_risk(catalogue: Catalogue) -> None:
    """Compared with the previous known document; a version without one is skipped."""
    wide, scoped = allow("iam:PassRole"), allow("iam:PassRole", f"{ROLES}x")
    found = risks(
        policy(
            of(scoped),
            of(scoped),
            None,
            of({**scoped, **IF}),
            of({**wide, **IF}),
            of(scoped),
            of(wide),
            of(),
            of(wide),
        ),
        Rulebook({"r": rule(PASS)}, catalogue),
    )
    assert {
        key: [(c.kind, c.before, c.after) for c in version.changes]
        for key, version in found.items()
    } == {
        "v1": [("first", None, "scoped")],
        "v2": [],
        "v4": [("tightened", "scoped", "scoped and conditional")],
        "v5": [("opened", "scoped and conditional", "conditional")],
        "v6": [("changed", "conditional", "scoped")],
        "v7": [("opened", "scoped", "none")],
        "v8": [("removed", "none", None)],
        "v9": [("brought", None, "none")],
    }
    assert [len(version.flags) for version in found.values()] == [1, 1, 1, 1, 1, 1, 0, 1]


# --- the book's own rules, and documents that a person has read -----------------------------------


def test_the_own_rules_name_actions_of_the_catalogue_and_pages_of_aws(
    own: Mapping[str, Rule], catalogue: Catalogue
) -> None:
    """Each with a link to AWS's documentation; every kind of rule is there."""
    assert {rule.kind for rule in own.values()} == set(Kind.__args__)  # type: ignore[attr-defined]  # a Literal has them
    for rule in own.values():
        assert rule.link.url.startswith("https://docs.aws.amazon.com/"), rule.id
        for step in rule.steps:
            for pattern in step.actions:
                assert catalogue.expand(pattern), (rule.id, pattern)


# The least that meets each rule about something that has a role, and the rule for a passed role.
LEAST: Mapping[str, str] = {
    "update-stack": "cloudformation:UpdateStack",
    "execute-change-set": "cloudformation:CreateChangeSet cloudformation:ExecuteChangeSet",
    "change-user-data": "ec2:ModifyInstanceAttribute ec2:StopInstances ec2:StartInstances",
    "change-launch-template": "ec2:CreateLaunchTemplateVersion ec2:ModifyLaunchTemplate",
    "log-in-to-instances": "ec2-instance-connect:SendSerialConsoleSSHPublicKey",
    "command-containers": "ecs:ExecuteCommand",
    "start-build": "codebuild:StartBuildBatch",
    "change-service-image": "apprunner:UpdateService",
    "use-code-interpreter": "bedrock-agentcore:StartCodeInterpreterSession "
    "bedrock-agentcore:InvokeCodeInterpreter",
    "change-glue-endpoint": "glue:UpdateDevEndpoint",
    "change-notebook-start": "sagemaker:UpdateNotebookInstanceLifecycleConfig "
    "sagemaker:StopNotebookInstance sagemaker:StartNotebookInstance",
    "pass-role-app-runner": "iam:PassRole apprunner:CreateService",
    "pass-role-code-interpreter": "iam:PassRole bedrock-agentcore:CreateCodeInterpreter "
    "bedrock-agentcore:StartCodeInterpreterSession bedrock-agentcore:InvokeCodeInterpreter",
    "pass-role-data-pipeline": "iam:PassRole datapipeline:CreatePipeline "
    "datapipeline:PutPipelineDefinition datapipeline:ActivatePipeline",
}


@pytest.mark.parametrize("name", LEAST)
def test_a_rule_needs_each_of_its_steps(
    own: Mapping[str, Rule], catalogue: Catalogue, name: str
) -> None:
    """Without one of these actions it is not met."""
    actions = LEAST[name].split()
    only = {name: own[name]}
    assert [flag.mitigation for flag in flags(of(allow(actions)), only, catalogue)] == ["none"]
    for left_out in actions:
        rest = [action for action in actions if action != left_out]
        assert not flags(of(allow(rest or "sts:GetCallerIdentity")), only, catalogue)


def test_user_data_is_out_of_reach_of_a_grant_for_another_attribute(
    own: Mapping[str, Rule], catalogue: Catalogue
) -> None:
    """Such as the type of the instance."""

    def granting(attribute: str) -> Document:
        condition = {"StringEquals": {"ec2:Attribute": attribute}}
        return of(
            allow("ec2:ModifyInstanceAttribute", Condition=condition),
            allow(["ec2:StartInstances", "ec2:StopInstances"]),
        )

    rules = {"change-user-data": own["change-user-data"]}
    assert not flags(granting("InstanceType"), rules, catalogue)
    assert flags(granting("UserData"), rules, catalogue)


def test_keys_for_oneself_are_no_keys_for_another_user(
    own: Mapping[str, Rule], catalogue: Catalogue
) -> None:
    """But those for a whole path of users are."""
    rules = {"make-user-credentials": own["make-user-credentials"]}
    actions = ["iam:CreateAccessKey", "iam:UpdateLoginProfile"]
    assert not flags(document_of(allow(actions, OWN)), rules, catalogue)
    assert flags(document_of(allow(actions, "arn:aws:iam::*:user/team/*")), rules, catalogue)


def test_sagemakers_full_access_passes_roles_under_a_condition(
    own: Mapping[str, Rule], catalogue: Catalogue
) -> None:
    """Read by hand: PassRole to five services (22), all of SageMaker but some types open (1)."""
    document = load(DATA).policies["AmazonSageMakerFullAccess"].versions[-1].document
    assert document
    met = {flag.rule: flag for flag in flags(document, own, catalogue)}
    passing = met["pass-any-role"]
    assert [(g.statement, g.mitigation) for g in passing.grants[0]] == [(22, "conditional")]
    assert passing.grants[0][0].limiting == ("iam:PassedToService",)
    assert met["pass-role-sagemaker-job"].steps == ("conditional", "none")
    assert met["pass-role-sagemaker-notebook"].mitigation == "conditional"
    for other in ("pass-role-lambda", "pass-role-ec2", "write-policy-version", "assume-any-role"):
        assert other not in met


def test_flags_of_real_policies_are_what_trying_every_action_gives(
    aws_book: Book, own: Mapping[str, Rule], catalogue: Catalogue
) -> None:
    """For 150 policies and those with a Deny; rules about a whole level are tried for some."""
    chance = random.Random(4)
    rules = {name: rule for name, rule in own.items() if all(step.actions for step in rule.steps)}
    actions = sorted(
        name for name in every(catalogue) if any(names_it(rule, name) for rule in rules.values())
    )
    documents = [p.current.document for p in aws_book.policies.values() if p.current]
    known = [document for document in documents if document]
    chosen = chance.sample(known, 150)
    chosen += [d for d in known if any(s.effect == "Deny" for s in d.statements)][:30]
    book = Rulebook(own, catalogue)
    seen: set[str] = set()
    for document in chosen:
        met = {flag.rule: summary(flag) for flag in book.flags(document) if flag.rule in rules}
        assert met == slow_real(document, rules, catalogue, actions)
        seen |= met.keys()
    assert len(seen) > 30


def names_it(rule: Rule, name: str) -> bool:
    """Whether a step of the rule is about the action."""
    return any(listed(step.actions, name) for step in rule.steps)


def slow_real(
    document: Document, rules: Mapping[str, Rule], catalogue: Catalogue, actions: Sequence[str]
) -> dict[str, list[Grants]]:
    """Like `slow`, but with the program's answer whether a pattern matches all of a type."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(globals(), "tried_open", is_open)
        return slow(document, rules, catalogue, actions)


# What a person who reads the document finds; rules about a level hang on the catalogue.
READ: Mapping[str, Mapping[str, Mitigation]] = {
    "AWSLambda_FullAccess": {
        "pass-role-lambda": "conditional",  # PassRole on * where the service is Lambda
        "change-function-code": "none",  # lambda:* on *
        "pass-any-role": "conditional",
        "pass-role-to-compute": "conditional",
        "open-functions": "none",
    },
    "IAMFullAccess": {  # iam:* on *, and nothing that runs code
        "write-policy-version": "none",
        "switch-policy-version": "none",
        "attach-policy": "none",
        "put-inline-policy": "none",
        "join-group": "none",
        "rewrite-role-trust": "none",
        "make-user-credentials": "none",
        "lift-permissions-boundary": "none",
        "pass-any-role": "none",
        "pass-role-to-compute": "none",
        "obtain-credentials": "none",  # iam:CreateServiceSpecificCredential
    },
    "SecretsManagerReadWrite": {
        "execute-change-set": "none",  # CreateChangeSet and ExecuteChangeSet on *
        "open-functions": "scoped",  # AddPermission on function:SecretsManager*
        "open-secrets": "none",
        "read-secrets": "none",
    },
    "AmazonS3ReadOnlyAccess": {"read-all-objects": "none"},
    "AmazonS3FullAccess": {"read-all-objects": "none", "open-buckets": "none"},
    "AmazonEC2FullAccess": {  # ec2:* on *, but no PassRole
        "change-user-data": "none",
        "change-launch-template": "none",
        "share-copies": "none",
        "obtain-credentials": "none",  # ec2:GetPasswordData
    },
    "AmazonSSMFullAccess": {  # ssm:* and logs:* on *
        "command-instances": "none",
        "read-parameters": "none",
        "read-all-logs": "none",
    },
    "AmazonSageMakerPipelinesIntegrations": {
        "pass-role-lambda": "scoped and conditional",  # functions named *sagemaker*
        "change-function-code": "scoped",
        "pass-any-role": "conditional",  # on role/*, to Lambda and EMR
        "pass-role-to-compute": "conditional",
    },
    "AWSCloudFormationFullAccess": {  # cloudformation:* without a role to pass
        "update-stack": "none",
        "execute-change-set": "none",
    },
    "AWSConnector": {"change-user-data": "none", "open-buckets": "scoped"},  # import-to-ec2-*
    "AWSGlueServiceRole": {"change-glue-endpoint": "none"},  # glue:* on *
    "AWSGlueServiceNotebookRole": {"change-glue-endpoint": "none"},  # UpdateDevEndpoint on *
    "EC2InstanceConnect": {"log-in-to-instances": "none"},
    "AWSAppRunnerFullAccess": {  # apprunner:* on *, PassRole on * to apprunner.amazonaws.com
        "change-service-image": "none",
        "pass-role-app-runner": "conditional",
        "pass-any-role": "conditional",
    },
    "AWSKeyManagementServicePowerUser": {},  # neither Decrypt, CreateGrant nor PutKeyPolicy
    "SecurityAudit": {},  # reads settings, not data
}


@pytest.mark.parametrize("name", READ)
def test_well_known_policies_are_flagged_as_a_reader_would(
    aws_book: Book, own: Mapping[str, Rule], catalogue: Catalogue, name: str
) -> None:
    """All rules with listed actions that match them, and no others."""
    current = aws_book.policies[name].current
    assert current
    assert current.document
    met = {flag.rule: flag.mitigation for flag in flags(current.document, own, catalogue)}
    met.pop("manage-permissions", None)
    assert met == READ[name]


def test_administrators_meet_every_rule_openly(
    aws_book: Book, own: Mapping[str, Rule], catalogue: Catalogue
) -> None:
    """Power users match all except those about IAM, which they do not have."""
    found = {}
    for name in ("AdministratorAccess", "PowerUserAccess"):
        current = aws_book.policies[name].current
        assert current
        assert current.document
        found[name] = {
            flag.rule: flag.mitigation for flag in flags(current.document, own, catalogue)
        }
    assert found["AdministratorAccess"] == dict.fromkeys(own, "none")
    rest = {
        name: "none"
        for name, rule in own.items()
        if all(any(not a.startswith("iam:") for a in s.actions) or s.level for s in rule.steps)
    }
    assert found["PowerUserAccess"] == rest
