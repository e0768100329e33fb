"""What is said of a history that is cut, as in a shallow clone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policybook.importers.git_archives.file_states import State
from policybook.importers.git_archives.git import Git
from policybook.wording import words


def cut_lines(git: Git, states: Iterable[State]) -> Iterator[str]:
    """A line about a shallow clone, whose first commit is not the first one of the archive."""
    first = [s for s in states if s.commit in git.cut]
    if git.cut:
        days = sorted({str(s.day) for s in first})
        yield (
            f"the history is cut, as in a shallow clone: {words(len(first), 'file')} may have been "
            f"observed before {', '.join(days) or 'it begins'}; an import of the whole history "
            "corrects the days"
        )
