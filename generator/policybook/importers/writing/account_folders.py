"""Writes `accounts/`: which policies each account has, and its roles, groups and users.

A policy of several accounts is one policy of the book if it has the same name in them. Its versions
are those of one account, the first that was imported, since the numbers of versions in different
accounts have nothing to do with each other. Of every other account the default version counts: it
says the same as one of these versions, or it is a document of its own in the account's folder.

What an account's files say is as in its last import. So they are written anew, whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import structs

from policybook.data.account_reader import FILE, KINDS, account
from policybook.data.file_reader import FileReader, document_in
from policybook.importers.records import ArchivedAccount, ArchivedPolicy
from policybook.importers.writing.account_yaml import account_text, role_text
from policybook.importers.writing.policy_folders import PolicyFolders
from policybook.model.accounts import Account, AccountFile, InAccount
from policybook.model.documents import says_the_same
from policybook.model.policies import Policy
from policybook.model.roles import Role
from policybook.wording import words

_MOST_NAMES = 12


class AccountFolders:
    """The accounts of a data folder, to which an import adds.

    Args:
        built: The copy of the folder `accounts` that is changed.
        folders: The folders of policies.
        there: The accounts that the data has, by id.
    """

    def __init__(self, built: Path, folders: PolicyFolders, there: Mapping[str, Account]) -> None:
        self._built = built
        self._folders = folders
        self._there = there
        self._sources: set[tuple[str, str]] = set()

    def source_policies(self, accounts: Sequence[ArchivedAccount]) -> Iterator[ArchivedPolicy]:
        """The policies whose versions the book's policies have, in order of name."""
        groups: dict[tuple[str, str], list[tuple[str, ArchivedPolicy]]] = {}
        for one in accounts:
            for policy in one.policies:
                key = (policy.name.lower(), self._folder(policy) or "")
                groups.setdefault(key, []).append((one.id, policy))
        for (_, folder), found in sorted(groups.items(), key=lambda item: item[0]):
            source = self._source(folder) or found[0][0]
            for id_, policy in found:
                if id_ == source:
                    self._sources.add((id_, policy.name))
                    yield policy

    def _folder(self, policy: ArchivedPolicy) -> str | None:
        """The folder of the book's policy that is an account's; None if there is none."""
        named = [(name, self._folders.read(name)) for name in self._folders.named(policy.name)]
        exact = (name for name, p in named if p and policy.arn and p.facts.arn == policy.arn)
        own = (name for name, p in named if p and _is_own(p, policy))
        return next(exact, None) or next(own, None)

    def _source(self, folder: str) -> str:
        """The account whose versions a policy of the data has; "" if that is not known."""
        stated = (id_ for id_, there in self._there.items() if there.is_source_of(folder))
        policy = self._folders.read(folder) if folder else None
        arn = policy.facts.arn if policy else None
        return next(stated, "") or (arn.split(":")[4] if arn else "")

    def write(self, accounts: Iterable[ArchivedAccount]) -> Iterator[str]:
        """Write the accounts' files, after their policies; yields lines about what is left out."""
        for one in accounts:
            yield from self._write(one, self._there.get(one.id, Account(one.id, AccountFile())))

    def _write(self, one: ArchivedAccount, before: Account) -> Iterator[str]:
        files: dict[str, bytes] = {}
        entries = {} if one.whole else dict(before.facts.policies)
        folders: dict[str, str] = {}
        left: list[tuple[str, int]] = []
        for policy in one.policies:
            folder = self._folder(policy)
            assert folder  # it has been written, or the data had it
            folders[policy.arn or policy.name] = folder
            entry, document = self._entry(one.id, policy, folder)
            entries[folder] = entry
            if document:
                files[f"{folder}.json"] = document
            if (one.id, policy.name) not in self._sources and len(policy.versions) > 1:
                left.append((folder, len(policy.versions) - 1))
        kept = entries.keys() - folders.values()
        for name in kept & before.documents.keys():
            path = self._built / one.id / f"{name}.json"
            files[path.name] = path.read_bytes()
        roles, refused = self._roles(one, before, folders)
        files.update(roles)
        users = before.facts.users if one.users is None else str(one.users)
        facts = AccountFile(users=users, policies={key: entries[key] for key in sorted(entries)})
        files[FILE] = account_text(facts)
        _replace(self._built / one.id, files)
        yield from refused
        yield from _lines(one, before, entries, left)

    def _entry(
        self, id_: str, policy: ArchivedPolicy, folder: str
    ) -> tuple[InAccount, bytes | None]:
        """What the account's file says of a policy, and its document if the book has another."""
        default = next(version for version in policy.versions if version.is_default)
        version = None if default.name else default.id
        if (id_, policy.name) in self._sources:
            return InAccount(version=version), None
        there = self._folders.read(folder)
        assert there
        document, _ = document_in(default.document or b"")
        listed = [there.current] if there.current else []
        same = (v for v in (*listed, *there.versions) if says_the_same(v.document, document))
        key = next((v.facts.id for v in same if v.facts.id), None)
        return InAccount(version=version, same_as=key), None if key else default.document

    def _roles(
        self, one: ArchivedAccount, before: Account, folders: Mapping[str, str]
    ) -> tuple[dict[str, bytes], list[str]]:
        """The files of roles by their paths in the folder, and lines about what failed."""
        files: dict[str, bytes] = {}
        if one.roles is None or one.cut:
            for path in before.roles:
                name = path.split("/", 2)[2]
                files[name] = (self._built / one.id / name).read_bytes()
        lines: list[str] = []
        seen: set[str] = set()
        for role in one.roles or ():
            kind = next(k for k, start in reversed(KINDS.items()) if role.name.startswith(start))
            name = f"{kind}/{role.name.removeprefix(KINDS[kind])}.yml"
            text = role_text(self._named(role, folders))
            if name.lower() in seen:
                lines.append(f"{one.id}: {role.name}: the name differs from another by case only")
            elif reason := _unreadable(text):
                lines.append(f"{one.id}: {role.name} is left out: {reason}")
            else:
                seen.add(name.lower())
                files[name] = text
        return files, lines

    def _named(self, role: Role, folders: Mapping[str, str]) -> Role:
        """The role with the names that the account's policies have in the book."""
        policies = [folders.get(name, name) for name in role.policies]
        known = [n for n in policies if n.startswith("arn:") or self._folders.read(n)]
        limit = role.boundary and folders.get(role.boundary, role.boundary)
        return structs.replace(role, policies=tuple(known), boundary=limit)


def _is_own(there: Policy, policy: ArchivedPolicy) -> bool:
    """Whether a policy of the data can be an account's policy of that name."""
    if policy.type == "inline" or there.facts.type == "inline":
        return there.name == policy.name and there.facts.type == policy.type
    arn = there.facts.arn
    return arn.split(":")[4] != "aws" if arn else not there.is_of_aws


def _unreadable(text: bytes) -> str:
    """Why the loader would refuse a role's file; "" if it would not."""
    path = Path("role.yml")
    reader = FileReader(Path())
    reader.give({path: text})
    reader.file(path, Role)
    return reader.findings[0].reason if reader.findings else ""


def _replace(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make these the files of an account's folder; what is the same stays as it is."""
    for path in [p for p in folder.rglob("*") if p.is_file()]:
        if path.relative_to(folder).as_posix() not in files:
            path.unlink()
    for name, content in files.items():
        path = folder / name
        if path.is_file() and path.read_bytes() == content:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)  # it may be a second name of the file that is in use
        path.write_bytes(content)


def _lines(
    one: ArchivedAccount,
    before: Account,
    entries: Mapping[str, InAccount],
    left: Sequence[tuple[str, int]],
) -> Iterator[str]:
    """What the user should know of an account: what is left out, and what is gone."""
    if left:
        count = sum(number for _, number in left)
        yield (
            f"{one.id}: {words(count, 'older version')} of {_some([n for n, _ in left])} left out, "
            "since the book has the versions of another account"
        )
    if gone := sorted(before.facts.policies.keys() - entries.keys()):
        yield f"{one.id}: no longer has {_some(gone)}, whose pages stay"


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMES} more" * (len(names) > _MOST_NAMES)
    return ", ".join(names[:_MOST_NAMES]) + more


def there(data: Path) -> Mapping[str, Account]:
    """The accounts of a data folder as far as they can be read; an import writes them anew."""
    reader = FileReader(data)
    folders = sorted(path.parent for path in (data / "accounts").glob(f"*/{FILE}"))
    found = (account(reader, folder) for folder in folders)
    return {one.id: one for one in found if one}
