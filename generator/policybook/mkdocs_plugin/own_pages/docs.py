"""The user's own docs folder and settings, for an export."""

from __future__ import annotations

from bisect import bisect
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import InclusionLevel, get_files, set_exclusions

from policybook.build.exporting.own_docs import OwnDocs
from policybook.data.strict_yaml import Lines, parsed_yaml
from policybook.mkdocs_plugin.config_file import config_file


def own_docs(config: MkDocsConfig) -> OwnDocs:
    """Collect what an export takes over: all files but those that `exclude_docs` leaves out.

    Args:
        config: The settings.
    """
    files = get_files(config)
    set_exclusions(files, config)
    without = (InclusionLevel.EXCLUDED, InclusionLevel.DRAFT)
    included = [f for f in files if f.inclusion not in without and f.abs_src_path]
    read = config_file(config.config_file_path)
    return OwnDocs(
        files={file.src_uri: Path(file.abs_src_path or "") for file in included},
        addresses={
            file.src_uri: file.url.removeprefix("./")
            for file in included
            if file.is_documentation_page()
        },
        settings=read.value,
        unread=_unread(read.text, list(read.value)),
    )


def _unread(text: str, keys: list[str]) -> frozenset[str]:
    """The keys at the top of a file whose values have tags or aliases, or are there twice."""
    lines = Lines(text)
    starts = sorted((lines.of((key,)), key) for key in keys)
    found = (bisect(starts, (finding.line + 1,)) - 1 for finding in parsed_yaml(text)[1])
    return frozenset(starts[place][1] for place in found if place >= 0)
