"""Book folders that tests edit: policies put into them, texts replaced, and hostile text."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml


def allowing(*statements: tuple[str, str]) -> dict[str, object]:
    """A policy document that allows each action on its resource."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": action, "Resource": resource}
            for action, resource in statements
        ],
    }


def put(book: Path, name: str, *versions: Mapping[str, object], **facts: object) -> None:
    """A policy of the book with these documents, the oldest first."""
    folder = book / "data/policies" / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for number, version in enumerate(versions, 1):
        (folder / f"v{number}.json").write_text(json.dumps(version))
    listed = [
        {"id": f"v{number}", "published": f"{2020 + number % 4}-03-0{number}"}
        for number in range(len(versions), 0, -1)
    ]
    listed.sort(key=lambda version: int(version["id"][1:]), reverse=True)
    for number, version in enumerate(reversed(listed), 1):
        version["published"] = f"{2019 + number}-03-01"
    policy = {
        "name": name,
        "arn": f"arn:aws:iam::aws:policy/{name}",
        "type": "aws-managed",
        **facts,
        "versions": listed,
    }
    (folder / "policy.yml").write_text(yaml.safe_dump(policy, sort_keys=False))


def settings_in(config: Path) -> dict[str, Any]:
    """What a mkdocs.yml says, without what it takes from the environment."""
    text = re.sub(r"!ENV .*", '""', config.read_text())
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def replace(path: Path, old: str, new: str) -> None:
    """Change a text in a file."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


HOSTILE = (
    """hostile <script>alert("a")</script><img src=x onerror="alert()"> {{ 7*7 }} ]]> &'"\\ """
)


def hostile_book(book: Path) -> Path:
    """The book with markup wherever its data may have text."""
    data, text = book / "data", HOSTILE.strip()
    link = {"title": text, "url": 'https://example.org/?a="&b=<script>'}
    statements = [
        {
            "Sid": text,
            "Effect": "Allow",
            "Action": ["s3:GetObject", "s3:Get*"],
            "Resource": f"arn:aws:s3:::{text}",
            "Condition": {"StringLike": {f"aws:RequestTag/{text}": [text, "{{ 7 * 7 }}"]}},
        }
    ]
    everywhere = [{**statements[0], "Resource": "*"}]
    policy = {
        "name": "Hostile",
        "arn": "arn:aws:iam::aws:policy/<script>/Hostile",
        "type": "aws-managed",  # of a customer IAM would refuse such a Sid
        "summary": text,
        "permissions": {"s3": text, "sqs": text},
        "drift": {"sqs": text},
        "claims": [{"text": text, "statements": everywhere, "drift": text}],
        "links": [link],
        "descriptions": {
            "account": {"text": text, "tags": {text[:128]: text[:256]}},
            "guide-hostile": {
                "title": text,
                "text": text,
                "notes": {"s3": text, "sqs": text},
                "updates": [{"day": date(2024, 1, 1), "version": "v1", "change": text}],
                "url": link["url"],
                "license": text,
                "as_of": "2024-02",
            },
        },
        "versions": [
            {"id": "v2", "published": date(2024, 2, 1), "change": text},
            {"id": "v1", "published": date(2024, 1, 1), "change": text},
        ],
    }
    section = {
        "title": text,
        "text": [text],
        "points": [text],
        "steps": [text],
        "snippet": {
            "statements": [{**everywhere[0], "Action": "s3:Get<script>"}],
            "caption": text,
            "invalid": [{"part": part, "why": text} for part in ("s3:Get<script>", text)],
        },
        "links": [link],
    }
    files = {
        "book.yml": {"title": text, "introduction": [text]},
        "policies/Hostile/policy.yml": policy,
        "policies/Hostile/v2.yml": {"Version": "2012-10-17", "Id": text, "Statement": statements},
        "policies/Hostile/v1.yml": {"Version": "2012-10-17", "Statement": everywhere},
        "groups/hostile.yml": {
            "title": text,
            "introduction": [text],
            "policies": ["Hostile"],
            "roles": [text],
            "guides": ["hostile"],
            "tracking": {"since": date(2024, 1, 1), "text": text},
            "sources": [{**link, "as_of": "2024-05"}],
            "links": [link],
        },
        "guides/hostile.yml": {"title": text, "summary": text, "sections": [section]},
        "roles.yml": {
            "roles": [{"name": text, "summary": text, "policies": ["Hostile"], "passes": [text]}]
        },
    }
    for name in ("groups", "guides"):  # examples, which name a role that is there no more
        shutil.rmtree(data / name, ignore_errors=True)
    for path, content in files.items():
        (data / path).parent.mkdir(parents=True, exist_ok=True)
        (data / path).write_text(yaml.safe_dump(content))
    return book
