"""Declarations of the site's files: path, title, renderer and dependencies.

The list of files to write, the cache keys of incremental builds, the index of the API and the table
in the reference are all derived from these declarations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from msgspec import Struct

from policybook.book.context import BookContext


class Dependencies(Struct, frozen=True):
    """The names of the policies that a file is rendered from, and other values that it shows.

    `policies` is None for a file that depends on the whole data folder. The existence of link
    targets is not a dependency; it is checked separately.
    """

    policies: tuple[str, ...] | None = None
    values: tuple[object, ...] = ()


WHOLE_BOOK = Dependencies()


class SiteFile(Struct, frozen=True):
    """A file of the site: its path relative to the root, its renderer and its dependencies."""

    path: str
    render: Callable[[], bytes]
    depends: Dependencies = WHOLE_BOOK


class FileFamily(Struct, frozen=True):
    """A single file of the site, or all files of one kind that differ by a name.

    `path` may have a variable in braces for the name, `title` describes the content, and `files`
    lists the files of a book. A family with an empty title is left out of the API's index.
    `result` makes the result of a JSON file of the API: its annotation is the type of the result.
    """

    path: str
    title: str
    files: Callable[[BookContext], Iterator[SiteFile]]
    result: Callable[..., object] | None = None


def one_file(
    path: str,
    title: str,
    render: Callable[[BookContext], bytes],
    depends: Callable[[BookContext], Dependencies] = lambda context: WHOLE_BOOK,
    present: Callable[[BookContext], bool] = lambda context: True,
    result: Callable[..., object] | None = None,
) -> FileFamily:
    """Declare a single file.

    Args:
        path: Its path relative to the site's root.
        title: A description of the content, for the API's index and the reference.
        render: Returns the content for a book.
        depends: Returns the dependencies for a book. Default: the whole book.
        present: Whether a book's site has the file. Default: always.
        result: Makes the result of a JSON file of the API. Default: it has none.

    Returns:
        The declaration of the file.

    """

    def files(context: BookContext) -> Iterator[SiteFile]:
        if present(context):
            yield SiteFile(path, partial(render, context), depends(context))

    return FileFamily(path, title, files, result)


def file_family(
    path: str,
    title: str,
    names: Callable[[BookContext], Iterable[str]],
    render: Callable[[BookContext, str], bytes],
    depends: Callable[[BookContext, str], Dependencies],
    result: Callable[..., object] | None = None,
) -> FileFamily:
    """Declare files that differ by a name.

    Args:
        path: Their path relative to the site's root, with one variable in braces for the name.
        title: A description of the content, for the API's index and the reference.
        names: Returns the names for a book.
        render: Returns the content for a book and a name.
        depends: Returns the dependencies for a book and a name.
        result: Makes the result of a JSON file of the API. Default: it has none.

    Returns:
        The declaration of the files.

    """
    head, _, rest = path.partition("{")
    tail = rest.partition("}")[2]

    def files(context: BookContext) -> Iterator[SiteFile]:
        for name in names(context):
            content = partial(render, context, name)
            yield SiteFile(f"{head}{name}{tail}", content, depends(context, name))

    return FileFamily(path, title, files, result)
