"""The folders of policies that an import adds to: which policy has which one.

A policy is identified by its ARN; several can have one name. The plain name belongs to the policy
in the partition `aws` with the shortest path, and to AWS's own before a customer's. Each other one
has in its folder's name, after `~`, what tells it apart: partition, account and path. No name in
IAM has a `~` (IAM User Guide, "IAM and AWS STS quotas", "IAM name requirements"). Where a path has
other characters than such a name, a dot, or more of them, a digest of the ARN is at the end.
"""

from __future__ import annotations

import re
from collections import defaultdict
from hashlib import blake2b
from pathlib import Path

from msgspec import structs

from policybook.data.loader import read_policy
from policybook.errors import DataError, PolicybookError
from policybook.importers.records import ArchivedPolicy
from policybook.importers.writing.policy_yaml import scalar
from policybook.importers.writing.version_entries import entry, source_line
from policybook.model.descriptions import Description
from policybook.model.policies import Policy
from policybook.model.version_ids import version_id, version_order

_MOST = 100  # characters after `~`, so that the names of folders are short enough for any disk


class PolicyFolders:
    """The policy folders in a copy of the data that an import adds to.

    Args:
        built: The copy of the folder `policies`.
        target: The folder itself, which errors name.
    """

    def __init__(self, built: Path, target: Path) -> None:
        self._built = built
        self._target = target
        self._by_name: dict[str, set[str]] = defaultdict(set)
        self._read: dict[str, Policy] = {}
        for folder in built.iterdir():
            self._add(folder.name)

    def _add(self, folder: str) -> None:
        self._by_name[folder.partition("~")[0].lower()].add(folder)

    def place(self, policy: ArchivedPolicy) -> str:
        """The name of the policy's folder, which it may take from another policy of that name.

        Raises:
            DataError: A policy of that name has errors.
            PolicybookError: One differs by case only.
        """
        there = sorted(self._by_name[policy.name.lower()])
        arns = {folder: self._arn(folder) for folder in there}
        name = next((f for f, arn in arns.items() if policy.arn and arn == policy.arn), None)
        plain = next((f for f in there if f.lower() == policy.name.lower()), None)
        if not name and plain and policy.arn and arns[plain]:
            name = self._apart(policy, plain)
        name = name or policy.name
        for other in self._by_name[policy.name.lower()]:
            if other != name and other.lower() == name.lower():
                raise PolicybookError(
                    f"policies/{other}: expected names that differ by more than case, "
                    f"found {policy.name} in the source"
                )
        if (arn := self._arn(name)) and policy.arn not in (None, arn):
            raise PolicybookError(
                f"policies/{name}: expected a folder for {policy.arn}, found one of {arn}"
            )
        self._add(name)
        return name

    def named(self, name: str) -> list[str]:
        """The folders of policies with this name, whatever is after a `~`; in order."""
        return sorted(self._by_name[name.partition("~")[0].lower()])

    def _arn(self, folder: str) -> str | None:
        found = self.read(folder)
        return found.facts.arn if found else None

    def _apart(self, policy: ArchivedPolicy, plain: str) -> str:
        """A folder for a policy whose plain name another one has, which is moved if need be."""
        arn = self._arn(plain)
        assert policy.arn
        assert arn
        if _rank(policy.arn) > _rank(arn) or not self._is_imported(plain):
            return _qualified(policy.name, policy.arn)
        other = _qualified(plain, arn)
        (self._built / plain).rename(self._built / other)
        main = self._built / other / "policy.yml"
        line = f"name: {scalar(plain)}\n"
        _rewrite(main, main.read_text("utf-8").replace(line, f"name: {scalar(other)}\n", 1))
        self.forget(plain)
        self._by_name[plain.lower()].remove(plain)
        self._add(other)
        return policy.name

    def read(self, folder: str) -> Policy | None:
        """The policy in a folder; None if there is no such folder. Raises DataError for errors."""
        place = self._built / folder
        if folder not in self._read and place.is_dir():
            try:
                self._read[folder] = read_policy(place)
            except DataError:
                if (self._target / folder).is_dir():
                    read_policy(self._target / folder)  # the same errors, with the reader's paths
                raise
        return self._read.get(folder)

    def forget(self, folder: str) -> None:
        """A folder has been changed, so that it has to be read again."""
        self._read.pop(folder, None)

    def _is_imported(self, folder: str) -> bool:
        """Whether importers wrote all of its versions, and people named none of them."""
        policy = self.read(folder)
        assert policy
        lines = (self._built / folder / "policy.yml").read_text("utf-8").splitlines()
        return not (policy.facts.default or policy.facts.notes_for) and all(
            facts.sources and f"  - {entry(facts)}" in lines for facts in policy.facts.versions
        )

    def with_later_lives(self, policy: Policy, lives: int) -> Policy:
        """Number the lives of an imported policy anew, as older ones have become known.

        A policy that people have edited stays as it is.
        """
        if not self._is_imported(policy.name):
            return policy
        folder = self._built / policy.name
        main = folder / "policy.yml"
        text = main.read_text("utf-8")
        for version in policy.versions:
            if not version.order:
                continue
            life, number = version.order
            later = version_id(number, life + lives)
            text = re.sub(rf"\{{(id|to): {version.key},", rf"{{\1: {later},", text)
            document = folder / f"{version.key}.json"
            if document.exists():
                document.rename(folder / f"{later}.json")
        for source, said in policy.facts.descriptions.items():
            text = text.replace(source_line(source, said), source_line(source, _later(said, lives)))
        _rewrite(main, text)
        return read_policy(folder)


def _later(said: Description, lives: int) -> Description:
    """What a source says, with the versions that it names in later lives."""
    named = ((key, getattr(said, key)) for key in ("default", "newest"))
    later = {
        key: version_id(number, life + lives)
        for key, id_ in named
        if id_
        for life, number in [version_order(id_)]
    }
    return structs.replace(said, **later)


def _rewrite(path: Path, text: str) -> None:
    path.unlink()  # it may be a second name of the file that is in use
    path.write_text(text, encoding="utf-8")


def _qualified(name: str, arn: str) -> str:
    """The name with what tells the policy apart from others of that name."""
    _, partition, _, _, account, resource = arn.split(":", 5)
    parts = [part for part, usual in ((partition, "aws"), (account, "aws")) if part != usual]
    path = resource.split("/")[1:-1]
    apart = re.sub("[^A-Za-z0-9_+=,.@-]", "-", ".".join([*parts, *path])) or "aws"
    if len(apart) > _MOST or not all(re.fullmatch("[A-Za-z0-9_+=,@-]+", part) for part in path):
        digest = blake2b(arn.encode(), digest_size=6).hexdigest()
        apart = f"{apart[: _MOST - len(digest) - 1]}.{digest}"
    return f"{name}~{apart}"


def _rank(arn: str) -> tuple[bool, int, bool, str]:
    """Who comes first to the plain name."""
    _, partition, _, _, account, resource = arn.split(":", 5)
    return (partition != "aws", len(resource.split("/")), account != "aws", arn)
