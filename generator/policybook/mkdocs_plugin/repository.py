"""Where the data of a book can be edited and a mistake reported, by `repo_url` of mkdocs.yml."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote, urlsplit

from mkdocs.config.defaults import MkDocsConfig

# Below the address of a repository: its newest files, and the form for an issue.
_FILES = {"github.com": "blob/HEAD/", "gitlab.com": "-/blob/HEAD/"}
_ISSUES = {"github.com": "issues/new", "gitlab.com": "-/issues/new"}

# What MkDocs makes `edit_uri` for these hosts: the name of a branch that few repositories have.
_DEFAULTS = ("edit/master/docs/", "src/default/docs/")


def data_url(config: MkDocsConfig, data: Path) -> str:
    """The address at which the data folder can be edited.

    Args:
        config: The settings; `edit_uri` counts if mkdocs.yml sets it and it ends with the docs
            folder.
        data: The data folder.

    Returns:
        The address with a slash at its end; "" without `repo_url`, for an unknown host without
        `edit_uri`, and for a folder that is not below that of mkdocs.yml.

    """
    root = Path(config.config_file_path).parent
    inside = Path(os.path.relpath(data, root)).as_posix()
    docs = Path(os.path.relpath(config.docs_dir, root)).as_posix() + "/"
    if not config.repo_url or inside.startswith(".."):
        return ""
    uri = config.edit_uri or ""
    above = uri.removesuffix(docs) if uri.endswith(docs) and uri not in _DEFAULTS else ""
    above = above or (_FILES.get(_host(config), "") if uri in ("", *_DEFAULTS) else "")
    if not above:
        return ""
    return f"{config.repo_url.rstrip('/')}/{above}{quote(inside)}/"


def report_url(config: MkDocsConfig) -> str:
    """The address at which a mistake can be reported; "" without `repo_url`."""
    if not config.repo_url:
        return ""
    return f"{config.repo_url.rstrip('/')}/{_ISSUES.get(_host(config), '')}"


def _host(config: MkDocsConfig) -> str:
    return urlsplit(config.repo_url or "").netloc.lower()
