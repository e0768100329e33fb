"""The theme's JavaScript and CSS: types, lint and unit tests, which are run by Node."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from tests.support.books import REPOSITORY


def missing() -> str:
    """What is missing to run Node's tools, or ""."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        return "no Node.js on the PATH"
    if not (REPOSITORY / "node_modules").is_dir():
        return "no node_modules: `make node_modules/.ready` installs it"
    return ""


@pytest.mark.parametrize("script", ["check", "test"])
def test_the_script_succeeds(script: str) -> None:
    """`npm run check` and `npm test`. Without Node they are skipped, and with CI=true they fail."""
    if reason := missing():
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    ran = subprocess.run(
        ["npm", "run", "--silent", script],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
