"""What a book has of its own in `custom_dir` and under `theme`, where it would do nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from jinja2 import Environment, TemplateNotFound, TemplateSyntaxError, nodes
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.utils import get_theme_dir

from policybook.errors import PolicybookError, one_line
from policybook.mkdocs_plugin.config_file import config_file
from policybook.mkdocs_plugin.material.appearance import own_pages
from policybook.mkdocs_plugin.user_code import place
from policybook.wording import close_names, did_you_mean


def without_effect(config: MkDocsConfig, templates: Path, docs: Collection[str]) -> Iterator[str]:
    """Yields a line for each thing of the book's own that does nothing.

    Args:
        config: The configuration.
        templates: The folder of our templates.
        docs: The paths of the files of the docs folder.

    """
    yield from _settings(config, docs)
    custom = Path(config.theme.custom_dir) if config.theme.custom_dir else None
    if not custom:
        return
    frame = (Path(get_theme_dir("material"), "base.html"), templates / "theme" / "base.html")
    yield from _unknown_blocks(custom / "main.html", {n for p in frame for n in blocks(p)})
    yield from _without_policy(custom)
    pages = {path.stem: path for path in sorted((templates / "html" / "pages").glob("*.html"))}
    for path in own_pages(custom):
        if path.stem in pages:
            yield from _unknown_blocks(path, set(blocks(pages[path.stem])))
        else:
            yield _unknown(place(path, 0), "page", path.stem, pages)


def _settings(config: MkDocsConfig, docs: Collection[str]) -> Iterator[str]:
    file, theme = config_file(config.config_file_path), config.theme
    for name in ("logo", "favicon"):
        value = str(theme.get(name) or "")
        if not value or "//" in value or value in docs:
            continue
        if not _in_theme(config, value):
            where = file.place(("theme", name))
            yield one_line(
                f"{where}: theme.{name}: expected a file of the docs folder, found none at {value}"
            )
    for key in ("extra_css", "extra_javascript"):
        for number, entry in enumerate(file.value.get(key) or ()):
            named = str(entry.get("path", "") if isinstance(entry, dict) else entry)
            value = named.partition("?")[0]
            if value and "//" not in value and value not in docs and not _in_theme(config, value):
                where, expected = file.place((key, number)), "expected a file of the docs folder"
                yield one_line(f"{where}: {key}[{number}]: {expected}, found none at {value}")
    instant = [name for name in theme.get("features") or () if "navigation.instant" in str(name)]
    if instant:
        where = file.place(("theme", "features", theme["features"].index(instant[0])))
        why = "is left out, since our pages have scripts that would not run again"
        yield f"{where}: theme.features: {instant[0]} {why}"
        config.theme["features"] = [name for name in theme["features"] if name not in instant]


def _in_theme(config: MkDocsConfig, path: str) -> bool:
    return any(Path(folder, path).is_file() for folder in config.theme.dirs)


def blocks(path: Path) -> Iterator[str]:
    """Yields the names of all blocks in a template, in their order."""
    yield from (block.name for block in _parsed(path).find_all(nodes.Block))


def _parsed(path: Path) -> nodes.Template:
    """A template; an empty one if it cannot be read, which is reported where it is used."""
    try:
        return Environment().parse(path.read_text("utf-8"))  # noqa: S701  # is not rendered
    except (OSError, TemplateSyntaxError, UnicodeDecodeError):
        return nodes.Template([])


def _without_policy(custom: Path) -> Iterator[str]:
    """Yields a line for each template that leaves out the content security policy."""
    base, main = custom / "base.html", custom / "main.html"
    if base.is_file():
        why = "pages have no content security policy without our template"
        yield f"{place(base, 0)}: {why}; use blocks in main.html"
    for block in _parsed(main).find_all(nodes.Block):
        calls = (call.node for call in block.find_all(nodes.Call))
        kept = any(isinstance(called, nodes.Name) and called.name == "super" for called in calls)
        if block.name == "site_meta" and not kept:
            where = place(main, block.lineno)
            yield f"{where}: pages have no content security policy without super() in site_meta"


def _unknown_blocks(path: Path, known: Collection[str]) -> Iterator[str]:
    """Yields a line for each block of a template that extends another one without that block.

    A block within another one is a new one, and needs none.
    """
    parsed = _parsed(path)
    for node in parsed.body if parsed.find(nodes.Extends) else ():
        if isinstance(node, nodes.Block) and node.name not in known:
            yield _unknown(place(path, node.lineno), "block", node.name, known)


def _unknown(where: str, kind: str, name: str, known: Collection[str]) -> str:
    hint = did_you_mean(close_names(name, tuple(known)))
    return one_line(f"{where}: expected the name of a {kind}, found {name!r}{hint}")


def of_theme(config: MkDocsConfig, error: BaseException) -> PolicybookError | None:
    """An icon or a language of mkdocs.yml that Material does not have, as one line; else None."""
    if not isinstance(error, TemplateNotFound) or not error.name:
        return None
    file, name = config_file(config.config_file_path), error.name
    if name.startswith("partials/languages/"):
        found = Path(name).stem
        message = f"theme.language: expected a language of Material, found {found!r}"
        return file.error(message, ("theme", "language"))
    if name.startswith(".icons/"):
        found = name.removeprefix(".icons/").removesuffix(".svg")
        return file.error(
            f"theme.icon: expected an icon of Material, found {found!r}", ("theme", "icon")
        )
    return None
