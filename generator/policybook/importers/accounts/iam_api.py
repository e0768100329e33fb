"""The calls to IAM by which an account is read: four, and each of them only reads.

Errors of boto3 are told in two ways. A call that IAM refuses, such as one that the caller's policy
does not allow, is a `CallRefused`, and others may still succeed. Whatever stops every call, such as
an expired token or an endpoint that cannot be reached, is a `PolicybookError`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from typing import Any

from policybook.errors import PolicybookError, one_line

CONNECTIONS = 8  # calls at a time
_TRIES = 8  # of one call, with growing pauses: five seconds in all if nobody answers
_MOST_LISTED = 20_000  # an account has 10,000 policies of its own at most (IAM quotas)
_MOST_CHARACTERS = 300  # of a message of the API
_DEFAULT_REGION = "us-east-1"  # IAM of the partition `aws` is in all regions the same

# The codes by which every service of AWS refuses a caller whom it does not know, or no longer
# (IAM API Reference, "Common Errors").
_NO_CALLER = {
    *("ExpiredToken", "ExpiredTokenException", "RequestExpired", "InvalidToken"),
    *("InvalidClientTokenId", "InvalidAccessKeyId", "UnrecognizedClientException"),
    *("SignatureDoesNotMatch", "IncompleteSignature", "MissingAuthenticationToken"),
    *("OptInRequired", "NotAuthorized"),
}


class CallRefused(Exception):
    """IAM refused one call, or its answer cannot be read; the message says which and why."""


class IamApi:
    """IAM in one account. Several threads may call it at once."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._repeated: list[int] = []

    @property
    def repeated(self) -> int:
        """How many calls were made again, because IAM limited their rate or failed in passing."""
        return sum(self._repeated)

    def policies(self, scope: str) -> Iterator[Any]:
        """The policies of a scope (`AWS`, `Local` or `All`), without descriptions and tags."""
        return self._listed("list_policies", "Policies", Scope=scope)

    def versions(self, arn: str) -> Iterator[Any]:
        """The versions of a policy, without their documents."""
        return self._listed("list_policy_versions", "Versions", PolicyArn=arn)

    def policy(self, arn: str) -> Any:
        """One policy, with description and tags."""
        with _calling("get_policy"):
            return self._counted(self._client.get_policy(PolicyArn=arn)).get("Policy")

    def version(self, arn: str, id_: str) -> Any:
        """One version of a policy, with its document."""
        with _calling("get_policy_version"):
            answer = self._client.get_policy_version(PolicyArn=arn, VersionId=id_)
            return self._counted(answer).get("PolicyVersion")

    def _listed(self, call: str, key: str, **arguments: str) -> Iterator[Any]:
        """What all pages of a list have under a key."""
        with _calling(call):
            pages = self._client.get_paginator(call).paginate(**arguments)
            found = (entry for page in pages for entry in self._counted(page).get(key) or ())
            yield from islice(found, _MOST_LISTED)
            if next(found, None):
                raise CallRefused(f"{call} has more than {_MOST_LISTED:,} entries")

    def _counted(self, answer: Mapping[str, Any]) -> Mapping[str, Any]:
        self._repeated.append(answer.get("ResponseMetadata", {}).get("RetryAttempts", 0))
        return answer


def connected(profile: str | None, region: str | None, endpoint_url: str | None) -> IamApi:
    """IAM as the user's AWS configuration and credentials reach it.

    Args:
        profile: A profile of that configuration; None for the one that the environment names.
        region: A region, which decides the partition; None for that of the configuration.
        endpoint_url: Another address than AWS's.

    Raises:
        PolicybookError: boto3 is not installed, or has no such profile, region or endpoint.
    """
    try:
        from boto3.session import Session  # noqa: PLC0415  # a build never needs it
        from botocore.config import Config  # noqa: PLC0415  # as above
        from botocore.exceptions import BotoCoreError  # noqa: PLC0415  # as above
    except ImportError as error:
        raise PolicybookError(
            "expected boto3, found none; install it by: pip install 'policybook[aws]'"
        ) from error
    try:
        session = Session(profile_name=profile, region_name=region)
        client = session.client(
            "iam",
            region_name=session.region_name or _DEFAULT_REGION,
            endpoint_url=endpoint_url,
            config=Config(
                retries={"mode": "adaptive", "total_max_attempts": _TRIES},
                max_pool_connections=CONNECTIONS,
                connect_timeout=10,
            ),
        )
    except (BotoCoreError, ValueError) as error:
        raise PolicybookError(
            f"account: expected a profile, a region and an endpoint to connect to, {_shown(error)}"
        ) from error
    return IamApi(client)


@contextmanager
def _calling(call: str) -> Iterator[None]:
    """Raises CallRefused or PolicybookError for what boto3 raises in the block."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  # as above
    from botocore.parsers import ResponseParserError  # noqa: PLC0415  # as above

    try:
        yield
    except ClientError as error:
        code, message = (
            _shown(error.response.get("Error", {}).get(k)) for k in ("Code", "Message")
        )
        if code in _NO_CALLER:
            raise PolicybookError(
                f"account: expected credentials that AWS knows, found {code} ({message})"
            ) from error
        raise CallRefused(f"{call} was refused: {code} ({message})") from error
    except BotoCoreError as error:
        raise PolicybookError(
            f"account: expected an answer from IAM, found none ({_shown(error)})"
        ) from error
    except (ResponseParserError, ValueError, RecursionError) as error:
        raise CallRefused(f"{call} cannot be read ({_shown(error)})") from error


def _shown(text: object) -> str:
    return one_line(str(text))[:_MOST_CHARACTERS]
