"""The engine in the browser reads documents as strictly as the program, with the same errors."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from random import Random
from typing import Any
from urllib.parse import quote

import pytest
from policybook.data.file_reader import document_in
from policybook.data.strict_yaml import Lines

from tests.support.chance import chance
from tests.support.engine import documents
from tests.support.engine.process import Engine

ALLOW = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
TEXTS = (
    *(
        "",
        "  ",
        "null",
        "[]",
        '"x"',
        "{}",
        "1e5",
        "NaN",
        "-Infinity",
        "01",
        "1.",
        "-",
        "[,]",
        "{,}",
    ),
    *(
        "[1,]",
        '{"a":}',
        '{"a"',
        '{"a":1',
        "[1",
        '{"a":1,}',
        '{"a" 1}',
        "[1 2]",
        '{"a":tru}',
        '"abc',
    ),
    *('{"a":"\\q"}', '{"a":1}x', '{"a":"\t"}', "{'a':1}", '"\\', '{"a":"\\u12"}', '{\n"a":\n1 2}'),
    *('{"a":1,\n"a":2,"Statement":[]}', '{"Statement":[],"Id":"\\ud800"}', "[" * 33 + "]" * 33),
    *('{"Statement":[],"Id":"\\u0000\\u202e"}', '{"Statement":[],\n"Id":"\u202e"}', "\ufeff{}"),
    *('{"Statement":"x"}', '{"Statement":true}', '{"Version":null,"Statement":[]}', "\x00"),
    *('{"Statement":[],"Version":"it\'s","Id":5,"X\\n":1}', '{"Statement":{"Effect":"Allow"}}'),
    *('{"PolicyVersion":{"Document":{"Statement":5}}}', '{"Document":{"Statement":[]}}'),
    '{"Statement":[{"Effect":"allow","Action":5,"Resource":["a",[1]],"Sid":{},"Condition":[]}]}',
    '{"Statement":[5,{"Effect":"Allow","Action":[],\n"NotAction":"x","Resource":null,"Condition":'
    '{"A":{"b":5,"c":[true,{}],\n"d":null},"E":"x"},"Bad":1,"Principal":null}]}',
    '{"Statement":[{"Action":{},"Resource":true}]}',
    '{"Statement":{"Effect":"Allow","Action":"\\n","Resource":"*"}}',
    '{"Statement":[{"Effect":"Allow","Action":"a","NotAction":"b"}]}',
    '{"__proto__":1,"Statement":[{"constructor":1,"Effect":"Allow","Action":"a","Resource":"*"}]}',
)


def changed(random: Random) -> Iterator[str]:
    """Texts of random documents in which a part is another one."""
    whole = json.dumps(documents.document(random), indent=random.choice((None, 1)))
    for _ in range(3):
        place = random.randrange(len(whole))
        part = random.choice(
            ('"', ",", "{", "}", "]", "\\", "x", "null", "[]", "{}", "1", "", "\n")
        )
        yield whole[:place] + part + whole[place + random.randint(0, 2) :]


def expected(text: str) -> list[Any]:
    """The program's errors, without the names of control characters; 0 for the whole document."""
    _, errors = document_in(text.encode())
    lines = Lines(text)
    return sorted(
        [
            error.line or (lines.of(error.path) if error.path else 0),
            list(error.path),
            re.sub(r" \([A-Z -]+\)$", "", f"expected {error.expected}, found {error.found}"),
        ]
        for error in errors
    )


def found(engine: Engine, text: str) -> list[Any]:
    return sorted([p["line"], p["path"], p["message"]] for p in engine.ask("problems", text))


@pytest.mark.parametrize("text", TEXTS)
def test_texts_with_errors(engine: Engine, text: str) -> None:
    assert found(engine, text) == expected(text)


def test_random_texts(engine: Engine) -> None:
    numbers = chance("engine reading")
    for _ in range(100):
        for text in changed(numbers):
            assert found(engine, text) == expected(text), text


def test_misspelt_keys(engine: Engine) -> None:
    """A key that is missing because it is misspelt is one mistake; other missing keys are named."""
    numbers = chance("engine misspelt keys")
    for _ in range(400):
        text = json.dumps({_misspelt(numbers, key): _misspelt_in(numbers) for key in KEYS})
        assert found(engine, text) == expected(text), text


KEYS = ("Statement", "Version")


def _misspelt_in(random: Random) -> dict[str, str]:
    return {_misspelt(random, key): "Allow" for key in ("Effect", "Action", "Resource", "Sid")}


def _misspelt(random: Random, key: str) -> str:
    """The key with up to three letters that are others, more, fewer or in another case."""
    for _ in range(random.choice((0, 1, 1, 2, 3))):
        at = random.randrange(len(key) + 1)
        part = random.choice(("", "e", "t", "T", "_", " ", "ct", key[at : at + 1].swapcase(), "É"))
        key = key[:at] + part + key[at + random.randrange(3) :]
    return key


@pytest.mark.parametrize(
    "text", ["[" * 50_000, '{"a":' * 50_000, "x" * 400_001, '"' + "\\" * 399_999]
)
def test_bombs_are_refused(engine: Engine, text: str) -> None:
    assert len(found(engine, text)) == 1


def test_a_document_may_be_encoded_in_what_iam_answers(engine: Engine) -> None:
    inner = json.dumps({"Version": "2012-10-17", "Statement": [ALLOW]})
    for document in (inner, quote(inner)):
        text = json.dumps({"PolicyVersion": {"Document": document, "VersionId": "v1"}})
        assert found(engine, text) == []
        assert engine.ask("compare", [text], [inner])["verdict"] == "identical"
    assert found(engine, json.dumps({"PolicyVersion": {"Document": "%zz"}})) == [
        [
            1,
            ["PolicyVersion", "Document"],
            "expected a policy document in JSON, found another encoding",
        ]
    ]
