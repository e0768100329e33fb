"""Books that are built quickly: with the small catalogue, and with many policies."""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random

from policybook.build.starter_book import start_book

from tests.support.book_folders import allowing, put, replace
from tests.support.books import SAMPLES

ACTIONS = (
    *("s3:Get*", "s3:*", "s3:GetObject", "s3:PutObject", "sqs:SendMessage", "sqs:*"),
    *("kms:Decrypt", "iam:PassRole", "iam:Get*", "zq:Do"),
)
RESOURCES = ("*", "arn:aws:s3:::one/*", "arn:aws:s3:::two", "arn:aws:sqs:*:*:three")


def small_book(book: Path) -> None:
    """The book of `policybook init`, with the catalogue of three services next to its data."""
    start_book(book)
    shutil.copytree(SAMPLES / "catalogue", book / "catalogue")
    known = "      data_dir: data\n"
    replace(book / "mkdocs.yml", known, f"{known}      catalogue: catalogue\n")


def random_policy(book: Path, name: str, random: Random) -> None:
    """A policy of that name with one to three versions."""
    documents = [
        allowing(
            *(
                (random.choice(ACTIONS), random.choice(RESOURCES))
                for _ in range(random.randint(1, 3))
            )
        )
        for _ in range(random.randint(1, 3))
    ]
    put(book, name, *documents)


def book_of(book: Path, policies: int) -> None:
    """A small book with so many more policies, always the same."""
    small_book(book)
    random = Random(policies)
    for number in range(policies):
        random_policy(book, f"Policy{number}", random)
