"""Cumulative edits of a book, each of which changes different files of its site."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.support.book_folders import allowing as document
from tests.support.book_folders import put

Edit = Callable[[Path], object]


def some(chance: random.Random) -> dict[str, object]:
    """A document of a few actions and patterns that several have."""
    actions = ["s3:GetObject", "s3:Get*", "sqs:SendMessage", "kms:Decrypt", "iam:PassRole", "s3:*"]
    patterns = ["*", "arn:aws:s3:::one/*", "arn:aws:s3:::two", "arn:aws:sqs:*:*:three"]
    return document(
        *((chance.choice(actions), chance.choice(patterns)) for _ in range(chance.randint(1, 3)))
    )


def _new_pattern(book: Path) -> None:
    put(book, "Other", document(("s3:GetObject", "arn:aws:s3:::rare/*")))


def remove(name: str) -> Edit:
    return lambda book: shutil.rmtree(book / "data/policies" / name)


def _rename(book: Path) -> None:
    put(book, "PolicyRenamed", some(random.Random(1)))
    remove("Policy3")(book)


def _pass(book: Path, *services: str) -> None:
    passing = {
        "Effect": "Allow",
        "Action": "iam:PassRole",
        "Resource": "*",
        "Condition": {"StringLike": {"iam:PassedToService": services}},
    }
    put(book, "Policy7", {"Version": "2012-10-17", "Statement": [passing]})


def _succeeded(book: Path, name: str | None) -> None:
    """A deprecated policy with a successor of the name, or with none."""
    gone = {"successors": [name]} if name else {"date": "2020-01-02"}
    put(book, "Old", document(("old:Do", "*")), deprecated=gone)
    if name:
        put(book, name, document(("old:*", "*")), deprecated={"date": "2020-01-01"})
    else:
        remove("Older")(book)


POLICY_EDITS: Mapping[str, Edit] = {
    "nothing": lambda book: None,
    "a document": lambda book: put(book, "Policy1", some(random.Random(2)), some(random.Random(3))),
    "a policy with a pattern that was only in history": _new_pattern,
    "that policy removed again": remove("Other"),
    "a service that no other policy names": lambda book: put(
        book, "Policy2", document(("account:GetAccountInformation", "*"))
    ),
    "a policy of every service": lambda book: put(book, "All", document(("*", "*"))),
    "a policy that contains others": lambda book: put(
        book, "Wide", document(("s3:*", "*"), ("sqs:*", "*"), ("kms:*", "*"), ("iam:*", "*"))
    ),
    "that policy on fewer resources": lambda book: put(
        book, "Wide", document(("s3:*", "arn:aws:s3:::one/*"), ("sqs:*", "*"), ("iam:*", "*"))
    ),
    "its twin": lambda book: put(
        book, "Twin", document(("s3:*", "arn:aws:s3:::one/*"), ("sqs:*", "*"), ("iam:*", "*"))
    ),
    "that policy gone": remove("Wide"),
    "a policy that denies": lambda book: put(
        book,
        "Policy5",
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": ["s3:*", "sqs:*"], "Resource": "*"},
                {"Effect": "Deny", "NotAction": "s3:Get*", "Resource": "*"},
            ],
        },
    ),
    "a note on a prefix": lambda book: put(
        book,
        "Policy4",
        document(("s3:GetObject", "*")),
        summary="It names `Policy1`, `sqs` and `aws:SourceArn`.",
        permissions={"s3": "Reads `Policy6`."},
    ),
    "a policy renamed that others name": _rename,
    "a summary that names a policy which does not exist": lambda book: put(
        book, "Policy2", document(("kms:Decrypt", "*")), summary="See `Later`."
    ),
    "that policy": lambda book: put(book, "Later", document(("sqs:SendMessage", "*"))),
    "that policy no more": remove("Later"),
    "a condition key": lambda book: put(
        book,
        "Policy6",
        {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Action": "s3:GetObject",
                "Resource": "*",
                "Condition": {"StringEquals": {"aws:SourceArn": "x"}},
            },
        },
    ),
    "a role that is passed to a service": lambda book: _pass(book, "s3.amazonaws.com"),
    "the same to others": lambda book: _pass(book, "sqs.amazonaws.com", "s3.amazonaws.com*"),
    "a deprecated policy": lambda book: put(
        book, "Old", document(("old:Do", "*"), ("s3:Get*", "*")), deprecated={}
    ),
    "its successor": lambda book: put(book, "OldV2", document(("s3:GetObject", "*"))),
    "what the successor grants": lambda book: put(book, "OldV2", document(("old:Do", "*"))),
    "a successor by name that is deprecated too": lambda book: _succeeded(book, "Older"),
    "that successor gone, and its name": lambda book: _succeeded(book, None),
}


def at_random(book: Path, chance: random.Random) -> None:
    """Adds, changes or removes one to three policies."""
    for _ in range(chance.randint(1, 3)):
        name = f"Policy{chance.randint(0, 9)}"
        if (book / "data/policies" / name).exists() and chance.random() < 0.3:
            remove(name)(book)
        else:
            put(book, name, *(some(chance) for _ in range(chance.randint(1, 4))))


def rare_patterns(book: Path) -> None:
    """Puts a policy into the book with a pattern that is in its history only."""
    put(
        book,
        "Policy0",
        document(("s3:GetObject", "arn:aws:s3:::rare/*"), ("s3:GetObject", "arn:aws:s3:::two")),
        document(("s3:GetObject", "arn:aws:s3:::two")),
    )


def eight_policies(book: Path) -> None:
    """Puts policies into the book that have services and patterns in common."""
    chance = random.Random(7)
    for number in range(8):
        put(book, f"Policy{number}", *(some(chance) for _ in range(chance.randint(1, 4))))
