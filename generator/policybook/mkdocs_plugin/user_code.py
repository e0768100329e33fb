"""Errors of a book's own hooks and templates: one line each, with file and line."""

from __future__ import annotations

import logging
import os
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from jinja2 import TemplateNotFound, TemplateSyntaxError
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, MkDocsException

from policybook.errors import Ended, PolicybookError, one_line


def place(path: Path, line: int) -> str:
    """A file as errors name it: below the current folder if it is there, with its line unless 0."""
    here, absolute = Path.cwd(), path.absolute()
    shown_path = absolute.relative_to(here) if absolute.is_relative_to(here) else path
    return f"{shown_path}:{line}" if line else str(shown_path)


@contextmanager
def logged_errors(name: str) -> Iterator[list[logging.LogRecord]]:
    """Collect the errors that a logger of MkDocs is given, in place of printing them."""
    found: list[logging.LogRecord] = []

    def collect(record: logging.LogRecord) -> bool:
        if record.levelno < logging.ERROR:
            return True
        found.append(record)
        return False

    logger = logging.getLogger(name)
    logger.addFilter(collect)
    try:
        yield found
    finally:
        logger.removeFilter(collect)


class UserCode:
    """The hooks and the templates of a book.

    Args:
        hooks: The paths of the hooks.
        templates: The folder of the templates (`custom_dir`), or "".
    """

    def __init__(self, hooks: Iterable[str], templates: str = "") -> None:
        self._hooks = {os.path.realpath(path) for path in hooks}
        self._templates = os.path.realpath(templates) + os.sep if templates else ""

    @classmethod
    def of(cls, config: MkDocsConfig) -> UserCode:
        """Those in a configuration that was read."""
        hooks = (str(module.__file__) for module in config["hooks"].values())
        return cls(hooks, config.theme.custom_dir or "")

    def error(self, error: BaseException) -> PolicybookError | None:
        """The exception as one line, if it was raised in one of the files; else None."""
        inside = [(name, line) for name, line in _places(error) if self._has(name)]
        if not inside:
            return None
        name, line = inside[-1]
        said = _said(error, "hook" if os.path.realpath(name) in self._hooks else "template")
        return PolicybookError(one_line(f"{place(Path(name), line)}: {said}"))

    def _has(self, name: str) -> bool:
        path = os.path.realpath(name)
        return path in self._hooks or bool(self._templates and path.startswith(self._templates))


def _places(error: BaseException) -> Iterator[tuple[str, int]]:
    """Yields the files and lines of the exception, the innermost last."""
    for frame in traceback.extract_tb(error.__traceback__):
        yield frame.filename, frame.lineno or 0
    if isinstance(error, SyntaxError | TemplateSyntaxError) and error.filename:
        yield error.filename, error.lineno or 0


def _said(error: BaseException, kind: str) -> str:
    if isinstance(error, TemplateNotFound):
        return f"expected a template, found none named {error.name!r}"
    if isinstance(error, TemplateSyntaxError):
        return f"the template has an error of syntax: {error.message}"
    return f"the {kind} raised {type(error).__name__}: {error}"


Explain = Callable[[BaseException], PolicybookError | None]


@contextmanager
def errors_of(*explain: Explain) -> Iterator[None]:
    """Report an exception of a hook or a template, or of another kind that one can explain.

    Args:
        explain: Functions that return what an exception is in one line, or None.

    Raises:
        PolicybookError: In place of that exception.

    """
    builds = "mkdocs.commands.build"
    records: list[logging.LogRecord] = []
    try:
        with logged_errors(builds) as records:  # an error of a hook is logged too, and raised
            yield
    except (MkDocsException, PolicybookError, Ended) as error:
        if isinstance(error, Abort) and error.__cause__:
            records.clear()  # the plugin has told it in one line
        raise
    except (Exception, SystemExit) as error:
        if found := next(filter(None, (said(error) for said in explain)), None):
            records.clear()
            raise found from error
        raise
    finally:
        for record in records:
            logging.getLogger(builds).handle(record)
