"""IAM of an AWS account for tests: moto's server on a free port, which can be told to refuse calls.

moto runs in a thread of the test, so that tests can give policies of AWS and days to it.
"""

from __future__ import annotations

import io
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl

import boto3
from moto import settings
from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, ManagedPolicy, PolicyVersion, iam_backends
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

from tests.support.git_archives import document

ACCOUNT = "123456789012"
KEYS = {"AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any"}

Rule = Callable[[Mapping[str, str]], tuple[str, bytes] | None]


class _Quiet(MotoRequestHandler):
    def log_request(self, *_: object) -> None:
        """Log nothing."""


class IamServer:
    """moto's IAM, what was asked of it, and what it answers instead of moto.

    Attributes:
        calls: The parameters of each call; `Action` is its name.
        rules: What looks at the parameters of each call first.
    """

    def __init__(self, port: int = 0) -> None:
        self.calls: list[Mapping[str, str]] = []
        self.rules: list[Rule] = []
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._server = make_server(
            "127.0.0.1", port, self._answered, threaded=True, request_handler=_Quiet
        )
        self.url = f"http://127.0.0.1:{self._server.port}"

    @contextmanager
    def running(self) -> Iterator[IamServer]:
        """Answers while the block runs."""
        thread = Thread(target=self._server.serve_forever)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            thread.join()
            self._server.server_close()

    def _answered(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        if environ["PATH_INFO"] == "/":
            asked = dict(parse_qsl(body.decode()))
            self.calls.append(asked)
            for rule in self.rules:
                if answer := rule(asked):
                    start(answer[0], [("Content-Type", "text/xml")])
                    return [answer[1]]
        answered: Iterable[bytes] = self._moto(environ, start)
        return answered

    @property
    def actions(self) -> set[str]:
        """The names of all calls."""
        return {asked["Action"] for asked in self.calls}

    def refuse(self, code: str, parameters: Mapping[str, str], times: int = 1_000) -> None:
        """Refuse calls with these parameters, so many times, by an error of IAM's form."""
        error = f"<Error><Code>{code}</Code><Message>not now</Message></Error>"
        body = f"<ErrorResponse>{error}</ErrorResponse>".encode()
        self._instead("403 Forbidden", body, times, parameters)

    def answer(self, body: bytes, parameters: Mapping[str, str]) -> None:
        """Answer calls with these parameters by this body."""
        self._instead("200 OK", body, 1_000, parameters)

    def _instead(self, status: str, body: bytes, times: int, wanted: Mapping[str, str]) -> None:
        left = [None] * times

        def rule(asked: Mapping[str, str]) -> tuple[str, bytes] | None:
            if left and wanted.items() <= asked.items():
                left.pop()
                return status, body
            return None

        self.rules.append(rule)

    @contextmanager
    def allowed(self, document: object) -> Iterator[Mapping[str, str]]:
        """Yields the keys of a user with this policy; in the block, moto checks what they allow."""
        client, name = self.client, f"user-{len(self.calls)}"
        client.create_user(UserName=name)
        client.put_user_policy(UserName=name, PolicyName="P", PolicyDocument=json.dumps(document))
        made = client.create_access_key(UserName=name)["AccessKey"]
        self.calls.clear()
        settings.INITIAL_NO_AUTH_ACTION_COUNT = 0
        try:
            yield dict(zip(KEYS, (made["AccessKeyId"], made["SecretAccessKey"]), strict=True))
        finally:
            settings.INITIAL_NO_AUTH_ACTION_COUNT = math.inf

    # --- what IAM has -----------------------------------------------------------------------------

    def reset(self) -> None:
        """Forget all policies, calls and rules."""
        self._backend.reset()
        self.calls.clear()
        self.rules.clear()

    def load_all_of_aws(self) -> int:
        """Give it the policies of AWS that moto knows; returns their number."""
        known = json.loads(aws_managed_policies_data)
        for name, facts in known.items():
            policy = AWSManagedPolicy.from_data(name, ACCOUNT, "us-east-1", facts)
            self._backend.managed_policies[policy.arn] = policy
        return len(known)

    @property
    def _backend(self) -> Any:
        return iam_backends[ACCOUNT]["aws"]

    @property
    def client(self) -> Any:
        """boto3's client of the account, by which a test writes."""
        return boto3.session.Session("any", "any", region_name="us-east-1").client(
            "iam", endpoint_url=self.url
        )

    def of_aws(
        self,
        name: str,
        versions: Mapping[str, str],
        path: str = "/",
        description: str = "",
        created: str = "",
    ) -> None:
        """Give it a policy of AWS with these days of its versions; the last one is the default.

        It was created on the first of these days, or on another one.
        """
        policy = AWSManagedPolicy(  # type: ignore[abstract]  # moto makes them so too
            name, account_id=ACCOUNT, region="us-east-1", path=path, description=description
        )
        self._give(policy, versions, created)

    def own(
        self,
        name: str,
        versions: Mapping[str, str],
        path: str = "/",
        description: str = "",
        tags: Mapping[str, str] | None = None,
    ) -> str:
        """Give it a policy of the account with these versions; returns its ARN."""
        listed = {key: {"Key": key, "Value": value} for key, value in (tags or {}).items()}
        policy = ManagedPolicy(  # type: ignore[abstract]  # moto makes them so too
            name,
            account_id=ACCOUNT,
            region="us-east-1",
            path=path,
            description=description,
            tags=listed,
        )
        return self._give(policy, versions)

    def _give(self, policy: Any, versions: Mapping[str, str], created: str = "") -> str:
        policy.versions = [
            PolicyVersion(policy.arn, text_of(id_), create_date=noon(day), version_id=id_)
            for id_, day in versions.items()
        ]
        policy.versions[-1].is_default = True
        policy.default_version_id = policy.versions[-1].version_id
        policy.create_date = noon(created or min(versions.values()))
        self._backend.managed_policies[policy.arn] = policy
        arn: str = policy.arn
        return arn

    def document(self, arn: str, id_: str, text: str) -> None:
        """Give a version this text as its document, which need not be one."""
        policy = self._backend.managed_policies[arn]
        next(v for v in policy.versions if v.version_id == id_).document = text


def text_of(id_: str) -> str:
    """The document of a version: it allows an action of the version's own."""
    return json.dumps(document(f"s3:Version{id_.removeprefix('v')}"))


def noon(day: str) -> datetime:
    """The noon of a day, in UTC."""
    return datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC)
