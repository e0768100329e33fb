"""The page that checks documents has the same rules for each kind of policy as `check`."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any, get_args

import msgspec
from policybook.checks.documents import document_findings, size_findings
from policybook.checks.kinds import rules_of
from policybook.model.fields import PolicyType
from policybook.model.kinds import does_grant
from policybook.output.engine.engine_data import engine_catalogue

from tests.support.books import REPOSITORY, small_catalogue

_SCRIPT = REPOSITORY / "tests/support/check/kinds.js"


def documents() -> Iterator[Mapping[str, Any]]:
    """Each effect with each kind of action and principal, and one that is long."""
    actions = ({"Action": "s3:GetObject"}, {"NotAction": ["s3:GetObject"]})
    principals: tuple[Mapping[str, Any], ...] = (
        {},
        {"Principal": "*"},
        {"Principal": {"AWS": "*"}},
        {"NotPrincipal": "*"},
    )
    for effect, action, principal in product(("Allow", "Deny"), actions, principals):
        statement = {"Effect": effect, **action, "Resource": "*", **principal}
        yield {"Version": "2012-10-17", "Statement": [statement]}
    for many in (70, 90):
        resources = [f"arn:aws:s3:::{'b' * 50}{number}/*" for number in range(many)]
        statement = {"Effect": "Deny", "Action": "s3:GetObject", "Resource": resources}
        yield {"Version": "2012-10-17", "Statement": {**statement, "Principal": "*"}}


def test_both_say_the_same_of_each_kind(tmp_path: Path) -> None:
    """In the same order and words, with the same levels."""
    catalogue = small_catalogue()
    file = tmp_path / "catalogue.json"
    file.write_bytes(msgspec.json.encode(engine_catalogue(catalogue)))
    asked = list(product(get_args(PolicyType), documents()))
    run = subprocess.run(
        ["node", _SCRIPT, file],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    page = json.loads(run.stdout)
    for (type_, document), found in zip(asked, page, strict=True):
        rules = rules_of(type_)
        own = [finding for _, finding in document_findings(document, catalogue, {}, rules)]
        findings = (*own, *size_findings(document, rules))
        expected = [[list(f.path), f.kind, f.expected, f.found, f.level] for f in findings]
        shown = [
            [f["path"], f["kind"], f["expected"], f["found"], f["level"]] for f in found["findings"]
        ]
        assert shown == expected, (type_, document)
        assert found["grants"] == does_grant(type_)
