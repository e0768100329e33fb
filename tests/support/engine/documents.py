"""Random policy documents, and pairs of similar ones, for comparing the engine with the program."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from functools import partial
from random import Random
from typing import Any

from tests.support.engine import chances

Json = dict[str, Any]

ACTIONS = (
    *("s3:GetObject", "s3:PutObject", "s3:ListBucket", "s3:ListAllMyBuckets"),
    *("s3:CreateBucket", "s3:PutBucketPolicy", "iam:PassRole", "iam:CreateRole"),
    *("iam:CreateAccessKey", "iam:AttachRolePolicy", "iam:GetUser", "iam:ListUsers"),
    *("sqs:SendMessage", "sqs:ReceiveMessage", "kms:Decrypt", "kms:CreateGrant"),
    *("ec2:RunInstances", "sts:AssumeRole", "ec2:DescribeInstances", "ec2:CreateTags"),
    *("lambda:CreateFunction", "lambda:InvokeFunction", "lambda:AddPermission"),
    *("logs:DescribeLogGroups", "logs:PutLogEvents", "gone:DoThings", "s3:NoSuchAction"),
)
PATTERNS = (
    *("*", "*:*", "s3:*", "s3:Get*", "s3:*Object", "s3:*Bucket*", "s3:?etObject", "iam:*"),
    *("iam:*Role", "iam:List*", "iam:Pass?ole", "ec2:Describe*", "ec2:*Instances", "sqs:*"),
    *("kms:*crypt", "lambda:*", "logs:*", "gone:*", "gone:Do*", "*:Get*", "s?:*", "Get*", "s3"),
)
RESOURCES = (
    *("*", "arn:aws:s3:::*", "arn:aws:s3:::bucket", "arn:aws:s3:::bucket/*"),
    *("arn:aws:s3:::bucket*", "arn:aws:s3:::bucket/${aws:username}/*"),
    *("arn:aws:s3:::${aws:username}", "arn:*:s3:::*/key", "arn:aws:s3:::b?cket"),
    *("arn:aws:s3:::${*}x", "arn:aws:iam::*:role/*", "arn:aws:iam::*:role/service-role/*"),
    *("arn:aws:iam::*:user/*", "arn:aws:iam::123456789012:role/Admin"),
    *("arn:aws:iam::*:user/${aws:username}", "arn:aws:sqs:*:*:queue", "arn:aws:sqs:*:*:*"),
    *("arn:aws:kms:*:*:key/*", "arn:aws:ec2:*:*:instance/*", "arn:aws:ec2:*:*:volume/*"),
    *("arn:aws:lambda:*:*:function:*", "arn:aws:logs:*:*:log-group:*", "arn:aws:logs"),
    *("arn:aws:s3*", "arn:*", "arn:${aws:PrincipalTag/x}:*", "arn:aws-cn:s3:::*"),
    *("arn:aws:s3:*:*:accesspoint/*", "arn:aws:s3:*:*:job/*"),
)
APART = (
    *("arn:aws:s3:*:*:accesspoint/*", "arn:aws:s3:*:*:job/*", "arn:aws:iam::*:role/*"),
    *("arn:aws:iam::*:user/*", "arn:aws:iam::*:group/*"),
)
TEXTS = (
    *("a", "b", "A", "a*", "*b", "a?c", "*", "${aws:username}", "x-${aws:userid,'none'}"),
    *("${*}", "ec2.amazonaws.com", "lambda.amazonaws.com"),
)
VALUES: dict[str, Sequence[str]] = {
    "String": TEXTS,
    "Arn": (
        *("arn:aws:s3:::a", "arn:aws:s3:::*", "arn:aws:iam::*:role/x", "arn:*"),
        *("arn:aws:s3:::${aws:username}", "x"),
    ),
    "Numeric": ("1", "2", "10", "1.5", "-3", "1e2", "x"),
    "Date": (
        *("2020-01-01T00:00:00Z", "2021-06-01", "1577836800", "2020-01-01T00:00:00+02:00"),
        "no day",
    ),
    "Bool": ("true", "false", "True", "yes"),
    "Binary": ("YQ==", "Yg==", "YWI="),
    "Ip": ("10.0.0.0/8", "10.1.0.0/16", "10.1.2.3", "2001:db8::/32", "0.0.0.0/0", "::/0", "bad"),
    "Null": ("true", "false", "TRUE", "x"),
    "Other": ("a", "b"),
}
BASES = {
    "String": (
        *("StringEquals", "StringNotEquals", "StringLike", "StringNotLike"),
        *("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"),
    ),
    "Arn": ("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"),
    "Numeric": (
        *("NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals"),
        *("NumericGreaterThan", "NumericGreaterThanEquals"),
    ),
    "Date": (
        *("DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan"),
        "DateGreaterThanEquals",
    ),
    "Bool": ("Bool",),
    "Binary": ("BinaryEquals",),
    "Ip": ("IpAddress", "NotIpAddress"),
    "Null": ("Null",),
    "Other": ("Unknown",),
}
KEYS = {
    "String": (
        *("aws:PrincipalTag/team", "aws:username", "aws:TagKeys", "aws:CalledVia"),
        *("iam:PassedToService", "unknown:key", "s3:ResourceTag/x"),
    ),
    "Arn": ("aws:SourceArn", "aws:PrincipalArn"),
    "Numeric": ("s3:max-keys", "aws:MultiFactorAuthAge"),
    "Date": ("aws:CurrentTime", "aws:EpochTime"),
    "Bool": ("aws:SecureTransport", "aws:MultiFactorAuthPresent"),
    "Binary": ("unknown:binary",),
    "Ip": ("aws:SourceIp", "aws:VpcSourceIp"),
    "Null": ("aws:PrincipalTag/team", "aws:username", "iam:PassedToService", "aws:TagKeys"),
    "Other": ("aws:username",),
}


def _case(random: Random, text: str) -> str:
    """The text, sometimes with other cases."""
    return random.choice((text, text, text, text, text.lower(), text.upper()))


def _one_or_more(random: Random, draw: Callable[[], str], most: int = 4) -> str | list[str]:
    if random.random() < 0.4:
        return draw()
    return [draw() for _ in range(random.randint(1, most))]


def _action(random: Random) -> str:
    found = random.choice(ACTIONS if random.random() < 0.6 else PATTERNS)
    return random.choice(("", "", "", "", "", " ")) + _case(random, found)


def _resource(random: Random) -> str:
    return random.choice(RESOURCES) if random.random() < 0.8 else "*"


def _condition(random: Random) -> Json:
    block: Json = {}
    for _ in range(random.choice((0, 0, 0, 1, 1, 2, 3))):
        family = random.choice(("String", "String", "String", *BASES))
        operator = random.choice(BASES[family])
        if family not in ("Null", "Other"):
            operator += random.choice(("", "", "", "IfExists"))
            operator = random.choice(("", "", "", "ForAllValues:", "ForAnyValue:")) + operator
        keys = KEYS[family if random.random() < 0.95 else "String"]
        values = _one_or_more(random, partial(random.choice, VALUES[family]), 3)
        key = _case(random, random.choice(keys))
        block.setdefault(_case(random, operator), {})[key] = values
    return block


def statement(random: Random) -> Json:
    """A statement of any form."""
    found: Json = {"Effect": "Deny" if random.random() < 0.2 else "Allow"}
    action = "NotAction" if random.random() < 0.12 else "Action"
    found[action] = _one_or_more(random, lambda: _action(random), 5)
    resource = "NotResource" if random.random() < 0.12 else "Resource"
    found[resource] = _one_or_more(random, lambda: _resource(random))
    condition = _condition(random)
    if condition:
        found["Condition"] = condition
    if random.random() < 0.01:
        found["Principal"] = "*"
    return found


def document(random: Random) -> Json:
    """A document of one to four statements; one in eight has no policy variables."""
    version = "2008-10-17" if random.random() < 0.12 else "2012-10-17"
    return {
        "Version": version,
        "Statement": [statement(random) for _ in range(random.randint(1, 4))],
    }


def pair(random: Random) -> tuple[Json, Json]:
    """Two documents: mostly one and what edits make of it."""
    if random.random() < 0.05:
        return _apart(random)
    one = document(random)
    if random.random() < 0.15:
        return one, document(random)
    other = copy.deepcopy(one)
    for _ in range(random.randint(1, 3)):
        _edit(random, other)
    return (one, other) if random.random() < 0.5 else (other, one)


def _apart(random: Random) -> tuple[Json, Json]:
    """A document about some resources, and one about all but some that may be others."""
    found = document(random)
    own = {key: value for key, value in statement(random).items() if "Resource" not in key}
    whole = {**found, "Statement": [*found["Statement"], {**own, "Resource": list(APART)}]}
    one, other = random.sample(APART, 2)
    some, rest = {**own, "Resource": one}, {**own, "NotResource": [other]}
    found["Statement"] = [some]
    return random.choice(((found, {**found, "Statement": [rest]}), (found, whole)))


def _edit(random: Random, found: Json) -> None:
    statements = found["Statement"]
    place = random.randrange(len(statements))
    edits = (_add, _drop, _other_patterns, _split, _reordered, _statement_beside)
    edit = _other_condition if random.random() < 0.4 else random.choice(edits)
    edit(random, statements, place)


def _statement_beside(random: Random, statements: list[Json], place: int) -> None:
    statements.insert(place, statement(random))


def _drop(random: Random, statements: list[Json], place: int) -> None:
    if len(statements) > 1:
        del statements[place]


def _lists(one: Json) -> list[str]:
    return [key for key in ("Action", "NotAction", "Resource", "NotResource") if key in one]


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _add(random: Random, statements: list[Json], place: int) -> None:
    key = random.choice(_lists(statements[place]))
    own = _action(random) if key.endswith("Action") else _resource(random)
    statements[place][key] = [*_listed(statements[place][key]), own]


def _other_patterns(random: Random, statements: list[Json], place: int) -> None:
    key = random.choice(_lists(statements[place]))
    values = _listed(statements[place][key])
    own = _action(random) if key.endswith("Action") else _resource(random)
    values[random.randrange(len(values))] = own
    statements[place][key] = values


def _other_condition(random: Random, statements: list[Json], place: int) -> None:
    one = statements[place]
    block = one.get("Condition")
    if not block or random.random() < 0.3:
        one["Condition"] = _condition(random)
        return
    keys = block[random.choice(list(block))]
    key = random.choice(list(keys))
    values = _listed(keys[key])
    keys[key] = values[1:] or [*values, random.choice(TEXTS)]


def _split(random: Random, statements: list[Json], place: int) -> None:
    one = statements[place]
    key = random.choice(_lists(one))
    values = _listed(one[key])
    if len(values) > 1 and not key.startswith("Not"):
        half = random.randint(1, len(values) - 1)
        statements[place] = {**one, key: values[:half]}
        statements.append({**copy.deepcopy(one), key: values[half:]})


def _reordered(random: Random, statements: list[Json], place: int) -> None:
    random.shuffle(statements)
    for key in _lists(statements[0]):
        values = _listed(statements[0][key])
        random.shuffle(values)
        statements[0][key] = values


def any_pair(random: Random) -> tuple[Json, Json]:
    """Two documents of any form, mostly similar ones."""
    if random.random() < 0.75:
        return pair(random)
    one = chances.document(random)
    return one, chances.near_document(random, one)
