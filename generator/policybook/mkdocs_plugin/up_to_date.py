"""Building a site, unless nothing was touched since it was built the last time.

MkDocs is not even imported then: that takes longer than looking at every file.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from policybook.build.cache import cache_folder
from policybook.build.digests import program_digest
from policybook.build.last_build import LastBuild, keep_last_build, last_build, seen_files
from policybook.output.html.templating import templates_folder


def build_anew(
    config_file: str | None, site_dir: str | None, strict: bool
) -> tuple[tuple[str, ...], Mapping[str, float]]:
    """Build as `mkdocs build` does; returns what to say of the site, and CPU seconds by stage.

    Raises PolicybookError where mkdocs.yml, the data or the build has faults.
    """
    config = Path(config_file or "mkdocs.yml").absolute()
    folder, program = cache_folder(str(config)), program_digest(templates_folder())
    asked = (str(config), str(Path(site_dir).absolute()) if site_dir else "", str(strict))
    last = last_build(folder, program, asked)
    if last:
        return (*last.said, "  nothing changed"), {}

    from policybook.build.site_size import walk, weigh, weight_lines
    from policybook.mkdocs_plugin.run import build_site

    site = build_site(config_file, site_dir, strict)
    files = tuple(walk(site.folder))
    said = (f"{site.folder}:", *(f"  {line}" for line in weight_lines(weigh(site.folder, files))))
    if site.inputs:
        outputs = seen_files(files)
        last = LastBuild(asked, site.roots, site.inputs, str(site.folder), outputs, said)
        keep_last_build(folder, program, last)
    return said, site.timings.seconds
