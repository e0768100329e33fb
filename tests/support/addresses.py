"""The repository's book with a site URL, for feeds, canonical links and the sitemap."""

from __future__ import annotations

from pathlib import Path

from tests.support.books import REPOSITORY

SITE_URL = "https://book.example/"


def config_with_address(folder: Path, site_url: str = SITE_URL) -> Path:
    """A mkdocs.yml in the folder: the repository's own, with a site URL."""
    own = (REPOSITORY / "mkdocs.yml").read_text("utf-8")
    assert "site_url:" not in own, "an address that nobody owns invites a takeover"
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "mkdocs.yml"
    config.write_text(
        f"site_url: {site_url}\ndocs_dir: {REPOSITORY}/docs\n"
        + own.replace("data_dir: data\n", f"data_dir: {REPOSITORY}/data\n")
    )
    return config
