"""Where the data can be edited and a mistake reported."""

from __future__ import annotations

from pathlib import Path

import pytest
from mkdocs.config import load_config
from policybook.mkdocs_plugin.repository import data_url, report_url

HUB, LAB, OWN = "https://github.com/o/r", "https://gitlab.com/o/r/", "https://git.example.org/r"


@pytest.mark.parametrize(
    ("given", "data", "edit", "report"),
    [
        ({}, "data", "", ""),
        ({"repo_url": HUB}, "data", f"{HUB}/blob/HEAD/data/", f"{HUB}/issues/new"),
        ({"repo_url": LAB}, "a b/d", f"{LAB}-/blob/HEAD/a%20b/d/", f"{LAB}-/issues/new"),
        ({"repo_url": OWN}, "data", "", f"{OWN}/"),
        ({"repo_url": HUB}, "../data", "", f"{HUB}/issues/new"),
        (
            {"repo_url": OWN, "edit_uri": "_edit/main/book/docs"},
            "data",
            f"{OWN}/_edit/main/book/data/",
            f"{OWN}/",
        ),
        ({"repo_url": HUB, "edit_uri": "edit/main/pages/"}, "data", "", f"{HUB}/issues/new"),
        ({"edit_uri": f"{OWN}/e/docs/"}, "data", f"{OWN}/e/data/", ""),
        ({"edit_uri": "e/docs/"}, "data", "", ""),
        (
            {"repo_url": HUB, "edit_uri_template": "edit/main/docs/{path}"},
            "data",
            f"{HUB}/edit/main/data/",
            f"{HUB}/issues/new",
        ),
        (
            {"repo_url": OWN, "edit_uri": "?path=book/docs/"},
            "data",
            f"{OWN}?path=book/data/",
            f"{OWN}/",
        ),
        (
            {"repo_url": HUB, "edit_uri_template": "edit/{path_noext}"},
            "data",
            "",
            f"{HUB}/issues/new",
        ),
    ],
)
def test_addresses_follow_from_the_repository(
    given: dict[str, str], data: str, edit: str, report: str, tmp_path: Path
) -> None:
    """With `edit_uri` as MkDocs has it; a folder outside of the repository has none."""
    (tmp_path / "docs").mkdir()
    config_file = tmp_path / "mkdocs.yml"
    config_file.write_text("site_name: x\n")
    config = load_config(str(config_file), **given)
    assert data_url(config, tmp_path / data) == edit
    assert report_url(config) == report
