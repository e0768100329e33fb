"""The files of an account as imports write them."""

from __future__ import annotations

import math
from typing import Any

import yaml
from msgspec import to_builtins

from policybook.importers.writing.policy_yaml import scalar
from policybook.model.accounts import AccountFile
from policybook.model.roles import Role

_HEAD = "# Written by `policybook import account`, whole: what the account had then.\n"


class _Dumper(yaml.SafeDumper):
    """Writes each value where it belongs, and no alias of it."""

    def ignore_aliases(self, data: object) -> bool:  # PyYAML's hook
        return True


def account_text(facts: AccountFile) -> bytes:
    """The file of an account, with a line for each policy."""
    lines = [_HEAD, f"users: {facts.users}\n"] if facts.users is not None else [_HEAD]
    lines += ["policies:\n"] if facts.policies else ["policies: {}\n"]
    for name, entry in facts.policies.items():
        stated = {"version": entry.version, "same_as": entry.same_as}
        parts = (f"{key}: {scalar(value)}" for key, value in stated.items() if value)
        lines.append(f"  {scalar(name)}: {{{', '.join(parts)}}}\n")
    return "".join(lines).encode()


def role_text(role: Role) -> bytes:
    """The file of a role; every number in it is a text, as the loader reads it."""
    known = {key: value for key, value in to_builtins(role).items() if value not in _NOTHING}
    text = yaml.dump(
        _plain(known), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=math.inf
    )
    return text.encode()


_NOTHING: tuple[object, ...] = (None, (), [], {})


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value if value is None or isinstance(value, bool) else str(value)
