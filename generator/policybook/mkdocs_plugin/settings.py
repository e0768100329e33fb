"""The plugin's options in mkdocs.yml, and the settings of a book."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from mkdocs.config import base
from mkdocs.config import config_options as options
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File

from policybook.build.digests import digest, joined, tree_digest
from policybook.build.processes import usable_processes
from policybook.catalogue.catalogue import Catalogue
from policybook.catalogue.locate import catalogue_in
from policybook.data.characters import control_characters_in_value
from policybook.data.loader import near_entry
from policybook.mkdocs_plugin.config_file import config_file
from policybook.mkdocs_plugin.environment import environment
from policybook.mkdocs_plugin.material.content_policy import errors_in_hosts
from policybook.wording import meant

_IN_DATA = (
    "expected older catalogues in catalogues/ of the data folder, "
    "where `policybook import catalogue` stores them"
)
_HTTPS = re.compile(r"https://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~%/-]*)?")
_MOVED = {"catalogue_before": _IN_DATA, "catalogue_before_date": _IN_DATA}


class Options(base.Config):  # type: ignore[no-untyped-call]  # MkDocs leaves its hook untyped
    """The plugin's options in mkdocs.yml."""

    data_dir = options.Type(str, default="data")
    only = options.Type(str, default="*")
    catalogue = options.Type(str, default="")
    catalogue_date = options.Type((str, date), default="")
    action_pages = options.ListOfItems(options.Type(str), default=["*"])
    database = options.Type(bool, default=False)
    markdown_pages = options.Type(bool, default=False)
    processes = options.Type(int, default=0)
    link_names = options.Type(bool, default=True)
    content_security_policy = options.Type(dict, default={})
    aws_book = options.Type(str, default="")

    def validate(self) -> tuple[base.ConfigErrors, base.ConfigWarnings]:
        """Validate as MkDocs does; an unknown option and a control character are errors."""
        errors, warnings = super().validate()
        known = [name for name, _ in self._schema]
        expected = f"expected one of {', '.join(known)}"
        for name in sorted(self.keys() - set(known), key=str):
            said = _MOVED.get(str(name), expected)
            hint = meant(str(name), known) if said == expected else ""
            found = f"found {name!r}" + (f"; {hint}" if hint else "")
            errors.append((str(name), base.ValidationError(f"{said}, {found}")))
        hosts = self.content_security_policy
        for text in errors_in_hosts(hosts) if isinstance(hosts, dict) else ():
            errors.append(("content_security_policy", base.ValidationError(text)))
        for finding in control_characters_in_value(dict(self), document=False):
            text = f"expected {finding.expected}, found {finding.found}"
            errors.append((str(finding.path[0]), base.ValidationError(text)))
        if isinstance(self.processes, int) and self.processes < 0:
            text = f"expected a number of processes, or 0 for the default, found {self.processes}"
            errors.append(("processes", base.ValidationError(text)))
        if isinstance(self.aws_book, str) and self.aws_book and not _HTTPS.fullmatch(self.aws_book):
            text = f"expected the https URL of a book of AWS's policies, found {self.aws_book!r}"
            errors.append(("aws_book", base.ValidationError(text)))
        return errors, [(name, text) for name, text in warnings if name in known]


class BookSettings:
    """The settings of a book in its mkdocs.yml."""

    def __init__(self, config: MkDocsConfig, options: Options) -> None:
        root = Path(config.config_file_path).parent
        self.config = config
        self.data = root / options.data_dir
        self._data_dir = options.data_dir
        self.only = options.only
        self.action_pages = tuple(options.action_pages)
        self.database = options.database
        self.markdown = options.markdown_pages
        self.processes = options.processes or usable_processes()
        self.site_url = config.site_url or ""
        self.folders = config.use_directory_urls
        self.aws_book = f"{options.aws_book.rstrip('/')}/" if options.aws_book else ""
        self._catalogue = root / options.catalogue if options.catalogue else None
        self._day = str(options.catalogue_date)

    def catalogue(self) -> Catalogue:
        """The catalogue that mkdocs.yml names, or else the installed package.

        Raises:
            PolicybookError: The folder has no catalogue.

        """
        if not self._catalogue:
            return Catalogue()
        return catalogue_in(self._catalogue, self._day, "catalogue_date as YYYY-MM-DD")

    def check_data(self) -> None:
        """Check that there is a data folder.

        Raises:
            PolicybookError: There is none; the message has the line of `data_dir`.

        """
        named = not Path(self._data_dir).is_absolute()  # by the file and not by a command's option
        if named and not self.data.is_dir():
            file = config_file(self.config.config_file_path)
            found = f"found none at {self._data_dir}{near_entry(self.data)}"
            message = f"plugins.policybook.data_dir: expected a data folder, {found}"
            raise file.error(message, (*file.plugin("policybook"), "data_dir"))

    def catalogue_place(self) -> tuple[Path | None, str]:
        """The folder of the catalogue and its day, as mkdocs.yml names them; None and "" if not."""
        return self._catalogue, self._day

    def needs(self) -> tuple[Path, ...] | None:
        """The folders without which these settings would be errors.

        None if they depend on more than the file and the environment: on hooks or other plugins.
        """
        config = self.config
        if self._has_code():
            return None
        found = (self.data, config.docs_dir, config.theme.custom_dir)
        return tuple(Path(path) for path in found if path)

    def _has_code(self) -> bool:
        """Whether hooks or other plugins may change anything."""
        plugins = set(self.config.plugins) - {"search", "material/search", "policybook"}
        return bool(self.config.hooks or plugins)

    def inputs(self) -> tuple[Path, ...]:
        """The folders of the data and of the catalogue."""
        return (self.data, self._catalogue) if self._catalogue else (self.data,)

    def digest_with_catalogue(self, program: bytes) -> bytes:
        """The digest of the program and of the catalogue in mkdocs.yml.

        Args:
            program: The digest of the program.

        Returns:
            The combined digest; that of the program if mkdocs.yml names no catalogue.

        """
        if not self._catalogue:
            return program
        return joined((program, tree_digest(self._catalogue), self._day.encode()))

    def digest(self, written: Mapping[str, File], program: bytes, nav: Sequence[object]) -> bytes:
        """The digest of everything other than the data that affects a page.

        Args:
            written: The handwritten pages, by path.
            program: The digest of the program and its catalogues.
            nav: The book's part of the navigation.

        Returns:
            The digest; b"" if it is unknown because of other plugins, hooks or `INHERIT`.

        """
        config = self.config
        text = Path(config.config_file_path).read_text("utf-8")
        if self._has_code():
            return b""
        if (taken := environment(text)) is None:
            return b""
        pages = {uri: tree_digest(Path(file.abs_src_path or "")) for uri, file in written.items()}
        custom = config.theme.custom_dir
        theme = tree_digest(Path(custom)) if custom else b""
        own = (config.site_url, config.theme.name, config.extra["preview"])
        return digest((program, text, taken, pages, theme, nav, own))
