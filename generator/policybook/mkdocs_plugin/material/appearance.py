"""Material's templates and settings in a book: what needs inline styles or other hosts, without."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader
from mkdocs.config.config_options import ExtraScriptValue
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.utils import get_theme_dir

from policybook.mkdocs_plugin.config_file import with_inherited
from policybook.mkdocs_plugin.material.content_policy import ContentPolicy
from policybook.output.html.labels import ENGLISH, labels_of
from policybook.output.html.own import Own

STYLE = "assets/theme.css"
SHEET = "assets/policybook.css"
MATERIAL_SHEETS = "assets/stylesheets/"

# The folder of templates of pages within `custom_dir`.
OWN_PAGES = "policybook"

# What Material's own templates and script load from other hosts: the directive and the address.
GOOGLE_FONTS = (
    ("style-src", "https://fonts.googleapis.com"),
    ("font-src", "https://fonts.gstatic.com"),
)


def add_theme(config: MkDocsConfig, folder: Path, policy: ContentPolicy) -> None:
    """Add our templates and files: before Material's, and after those of `custom_dir`."""
    material, dirs = get_theme_dir("material"), config.theme.dirs
    dirs.insert(dirs.index(material) if material in dirs else 0, str(folder))
    config.theme.static_templates.discard("sitemap.xml")
    config.theme.static_templates |= {"header.js", "icons.svg"}
    if not names_fonts(config):
        config.theme["font"] = False  # Material's default is on another host
    config.extra["policybook_theme"] = {
        "policy": policy.text(),
        "style": any(_needing_style(config)),
        "fonts": not any(policy.blocks(*font) for font in GOOGLE_FONTS),
        "statistics": not policy.blocks(*statistics(config.repo_url or "")),
    }
    # Python-Markdown aligns cells with inline styles unless it is told to use an attribute.
    config.mdx_configs.setdefault("tables", {}).setdefault("use_align_attribute", True)
    config.extra.setdefault("homepage", ".")
    config.extra_css.insert(0, SHEET)
    config.extra_javascript.append(_module("assets/policybook.js"))


def _module(path: str) -> ExtraScriptValue:
    """A script that pages load as an ES module."""
    script = ExtraScriptValue(path)
    script.type = "module"
    return script


def statistics(repository: str) -> tuple[str, str]:
    """Where Material's script asks for stars and forks of a repository; "" for the site itself."""
    host = urlsplit(repository).netloc.lower()
    if host.removeprefix("www.") == "github.com":
        return "connect-src", "https://api.github.com"
    return "connect-src", f"https://{host}" if "gitlab" in host else ""


def names_fonts(config: MkDocsConfig) -> bool:
    """Whether mkdocs.yml, or a file that it inherits from, has `theme.font`."""
    themes = (file.value.get("theme") for file in with_inherited(Path(config.config_file_path)))
    return any(isinstance(theme, dict) and "font" in theme for theme in themes)


def _needing_style(config: MkDocsConfig) -> Iterator[object]:
    """Yields the settings that Material writes into pages as inline styles."""
    icon = config.theme.get("icon") or {}
    yield config.theme.get("font")
    yield from (icon.get(name) for name in ("admonition", "annotation", "tag"))


def use_material(env: Environment) -> None:
    """Let our templates extend Material's of the same name, as `material/base.html`."""
    material = PrefixLoader({"material": FileSystemLoader(get_theme_dir("material"))})
    env.loader = ChoiceLoader([material, env.loader] if env.loader else [material])


def add_style(env: Environment, files: Files, config: MkDocsConfig) -> None:
    """Add the style sheet with fonts and icons of mkdocs.yml, if it has any.

    Otherwise nothing has to come between Material's style sheets and ours, and they become one,
    which every page names once and browsers fetch in one step. What leads from Material's files to
    their sources, a megabyte for its own developers, is left out.
    """
    material = get_theme_dir("material")
    for file in [*files]:
        if file.src_uri.endswith(".map") and (file.abs_src_path or "").startswith(material):
            files.remove(file)
    if config.extra["policybook_theme"]["style"]:
        text = env.get_template("partials/theme-css.html").render(config=config)
        files.append(File.generated(config, STYLE, content=text))
        return
    wanted = ("main", "palette") if config.theme.get("palette") else ("main",)
    own = files.get_file_from_path(SHEET)
    sheets = [file for name in wanted for file in files if _is_sheet(file, name)]
    if own:
        own.content_string = "\n".join(file.content_string for file in (*sheets, own))


def _is_sheet(file: File, name: str) -> bool:
    """Whether it is the style sheet of Material with this name, such as `main.57a0d79d.min.css`."""
    path = file.src_uri
    return path.startswith(f"{MATERIAL_SHEETS}{name}.") and path.endswith(".min.css")


def own_of(config: MkDocsConfig, templates: Path) -> Own:
    """What the book has of its own: the templates of `custom_dir`, and labels in its language."""
    labels = labels_of(templates, str(config.theme.get("language") or ENGLISH))
    if not config.theme.custom_dir:
        return Own(labels=labels)
    folder = Path(config.theme.custom_dir)
    found = {path.stem: f"{OWN_PAGES}/{path.name}" for path in own_pages(folder)}
    return Own((folder,), found, labels)


def own_pages(folder: Path) -> list[Path]:
    """The templates in a `custom_dir` that are for pages of the book."""
    return sorted((folder / OWN_PAGES).glob("*.html"))
