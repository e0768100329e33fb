"""Files that look like a wheel of policybook."""

from __future__ import annotations

import zipfile
from pathlib import Path

LOCK = "policybook/templates/requirements.lock"
WHEEL = "policybook-1.2.3-py3-none-any.whl"


def wheel(folder: Path, name: str = WHEEL, member: str = LOCK) -> Path:
    """A wheel with a lock file, or with another file in its place."""
    with zipfile.ZipFile(folder / name, "w") as archive:
        archive.writestr(member, "click==8.0 --hash=sha256:aa\n")
    return folder / name
