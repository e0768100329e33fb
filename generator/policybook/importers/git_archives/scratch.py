"""A folder of our own for temporary files, emptied by the next run if this one is killed."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from policybook.build.publishing.publish import discard, staging
from policybook.errors import PolicybookError


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Create a temporary folder that is removed at the end, and remove those of killed imports.

    It is in a folder of the user's own, so that nobody else can put files there.

    Raises:
        PolicybookError: That folder belongs to somebody else.
    """
    user = os.getuid() if hasattr(os, "getuid") else ""
    own = Path(tempfile.gettempdir(), f"policybook-{user}")
    own.mkdir(mode=0o700, exist_ok=True)
    status = own.lstat()
    shared = user != "" and (status.st_uid != user or status.st_mode & 0o077)
    if not stat.S_ISDIR(status.st_mode) or shared:
        raise PolicybookError(
            f"{own}: expected a folder that only its owner can use, found another"
        )
    folder = staging(own / "import")
    try:
        yield folder
    finally:
        discard(folder)
