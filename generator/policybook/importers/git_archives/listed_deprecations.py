"""What the lists of a git archive tell of deprecations.

IAM's list of all policies for an account lacks a deprecated policy that is attached to nothing in
that account, and says of one that is attached that it cannot be attached (IAM User Guide,
"Deprecated AWS managed policies"; IAM API Reference, "Policy", IsAttachable). So an archive that
was made from such lists shows:

* the policies that the newest list lacks and an older one had, since the first list without them;
* the policies that the newest list calls not attachable, since the first list that does;
* in archives without such a list, the policies whose files were removed;
* the policies that the newest list of deprecated ones names, with a day if it states one, since the
  first list that names them.

What ended before the newest list, such as a gap of some days, is not told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from policybook.importers.git_archives.file_states import State
from policybook.importers.snapshots import policy_name
from policybook.model.deprecation import SourceDeprecation


class ListedDeprecations:
    """Takes the lists, each kind oldest first. `named` are the deprecated policies of the newest.

    That is each with the day that the list states, or None.
    """

    def __init__(self, files: Iterable[State]) -> None:
        self.named: Mapping[str, date | None] = {}
        self._named_since: Mapping[str, date] = {}
        self._known: set[str] = set()
        self._absent: Mapping[str, date] = {}
        self._not_attachable: Mapping[str, date] = {}
        self._removed = _removed(files)

    def list_policies(self, day: date, listed: Mapping[str, bool], *, complete: bool) -> None:
        """Take a list of all policies.

        Args:
            day: Its day.
            listed: The policies, and whether each can be attached.
            complete: Whether nothing was cut off.
        """
        if complete:
            self._known.update(listed)
            self._absent = _since(self._absent, self._known - listed.keys(), day)
        barred = (name for name, attachable in listed.items() if not attachable)
        self._not_attachable = _since(self._not_attachable, barred, day)

    def list_deprecated(self, day: date, named: Mapping[str, date | None]) -> None:
        """Take a list of deprecated policies, each with the day that it states, or None."""
        self.named = named
        self._named_since = _since(self._named_since, named, day)

    def of(self, name: str) -> SourceDeprecation | None:
        """What the lists say of a policy, which may be nothing; None without any list."""
        if not (self._known or self.named or self._removed):
            return None
        return SourceDeprecation(
            state="deprecated" if name in self.named else None,
            date=self.named.get(name),
            observed=self._named_since.get(name),
            not_attachable=self._not_attachable.get(name),
            not_listed=(self._absent if self._known else self._removed).get(name),
        )


def _since(before: Mapping[str, date], names: Iterable[str], day: date) -> Mapping[str, date]:
    """The names, each with the day since when all lists have had it."""
    return {name: before.get(name, day) for name in names}


def _removed(files: Iterable[State]) -> Mapping[str, date]:
    """The policies without a file at the end, each with the day on which its last one was removed.

    A policy may have had several files, such as with and without an ending.
    """
    last = {state.path: state for state in files if not state.side}
    there = {policy_name(state.path) for state in last.values() if state.blob}
    gone: dict[str, date] = {}
    for state in last.values():
        name = policy_name(state.path)
        if name not in there and state.day:
            gone[name] = max(gone.get(name, state.day), state.day)
    return gone
