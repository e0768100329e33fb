"""Builds a site, unless no input or output has changed since the last build.

In that case MkDocs is not imported, since that takes longer than checking all files.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from policybook.build.cache import cache_folder
from policybook.build.digests import program_digest
from policybook.build.last_build import LastBuild, keep_last_build, last_build, state_of_files
from policybook.mkdocs_plugin.environment import environment
from policybook.output.html.templating import templates_folder


def build_if_changed(
    config_file: str | None, data: Path | None, site_dir: str | None, strict: bool
) -> tuple[tuple[str, ...], Mapping[str, float]]:
    """Build as `mkdocs build` does, unless the site is up to date.

    Args:
        config_file: The path of the mkdocs.yml. Default: the one in the current folder.
        data: The data folder. Default: that of mkdocs.yml.
        site_dir: The folder of the site. Default: that of mkdocs.yml.
        strict: Whether warnings fail the build.

    Returns:
        The lines to print about the site, and CPU seconds by stage.

    Raises:
        PolicybookError: mkdocs.yml or the data has errors, or the build failed.

    """
    config = Path(config_file or "mkdocs.yml").absolute()
    folder, program = cache_folder(str(config)), program_digest(templates_folder())
    folders = (str(Path(path).absolute()) if path else "" for path in (data, site_dir))
    arguments = (str(config), *folders, str(strict), *_environment(config))
    last = last_build(folder, program, arguments)
    if last:
        return (*last.report, "  nothing changed"), {}

    from policybook.build.publishing.site_size import walk, weigh, weight_lines
    from policybook.mkdocs_plugin.run import build_site

    site = build_site(config_file, data, site_dir, strict)
    files = tuple(walk(site.folder))
    report = (
        f"{site.folder}:",
        *(f"  {line}" for line in (*weight_lines(weigh(site.folder, files)), *site.notes)),
    )
    if site.inputs:
        outputs = state_of_files(files)
        last = LastBuild(arguments, site.roots, site.inputs, str(site.folder), outputs, report)
        keep_last_build(folder, program, last)
    return report, site.timings.seconds


def _environment(config: Path) -> tuple[str, ...]:
    """What mkdocs.yml takes from the environment; () if unknown, since nothing is kept then."""
    return environment(config.read_text("utf-8", "replace")) or () if config.is_file() else ()
