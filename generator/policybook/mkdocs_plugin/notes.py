"""What a site cannot do with the settings of its mkdocs.yml, said before it is built."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs.config.defaults import MkDocsConfig

OFFLINE = "material/offline"


def notes(config: MkDocsConfig) -> Iterator[str]:
    """Yield a sentence for each setting, or missing setting, that leaves something out."""
    if OFFLINE in config.plugins:
        yield (
            "offline: every page can be read without a server. The finder, filters, Compare,"
            " Choose, Check and the buttons that copy need one: browsers run no modules from files"
        )
    elif not config.use_directory_urls:
        yield (
            "use_directory_urls is false: links in pages name files. Links that scripts make, and"
            " addresses in JSON, feeds and the sitemap, name folders: the server has to show their"
            " index.html"
        )
    if not config.site_url:
        yield (
            "site_url is not set: below the root of a host, 404.html has a small style, no finder,"
            " and links to the root. There is no sitemap"
        )


def without_foreign_scripts(config: MkDocsConfig) -> None:
    """Remove the script that the plugin offline loads from another host for Material's search."""
    polyfills = config.extra.get("polyfills")
    if OFFLINE in config.plugins and isinstance(polyfills, list):
        polyfills[:] = [url for url in polyfills if "iframe-worker" not in str(url)]
