"""Where the data of a book can be edited and a mistake reported, by `repo_url` of mkdocs.yml."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

from mkdocs.config.defaults import MkDocsConfig

# Below the address of a repository: its newest files, and the form for an issue.
_FILES = {"github.com": "blob/HEAD/", "gitlab.com": "-/blob/HEAD/"}
_ISSUES = {"github.com": "issues/new", "gitlab.com": "-/issues/new"}

# What MkDocs makes `edit_uri` for these hosts: the name of a branch that few repositories have.
_DEFAULTS = ("edit/master/docs/", "src/default/docs/")


def data_url(config: MkDocsConfig, data: Path) -> str:
    """The address at which the data folder can be edited.

    Args:
        config: The settings. Of `edit_uri`, or else `edit_uri_template`, that counts which comes
            before the docs folder: the address of the folder that has both.
        data: The data folder.

    Returns:
        The address with a slash at its end; "" for a setting that does not end with the docs
        folder, for an unknown host without a setting, and for a folder that is not below that of
        mkdocs.yml.

    """
    root = Path(config.config_file_path).parent
    inside = Path(os.path.relpath(data, root)).as_posix()
    docs = Path(os.path.relpath(config.docs_dir, root)).as_posix() + "/"
    if inside.startswith(".."):
        return ""
    uri = str(config.edit_uri_template or "").removesuffix("{path}") or config.edit_uri or ""
    above = uri.removesuffix(docs) if uri.endswith(docs) and uri not in _DEFAULTS else ""
    above = above or (_FILES.get(_host(config), "") if uri in ("", *_DEFAULTS) else "")
    if not above or not (config.repo_url or urlsplit(above).netloc):
        return ""
    between = "" if above.startswith(("?", "#")) else "/"
    repository = (config.repo_url or "").rstrip("/") + between
    return f"{urljoin(repository, above)}{quote(inside)}/"


def report_url(config: MkDocsConfig) -> str:
    """The address at which a mistake can be reported; "" without `repo_url`."""
    if not config.repo_url:
        return ""
    return f"{config.repo_url.rstrip('/')}/{_ISSUES.get(_host(config), '')}"


def _host(config: MkDocsConfig) -> str:
    return urlsplit(config.repo_url or "").netloc.lower()
