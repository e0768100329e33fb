"""The declaration of a file of the site: its path, what it holds, how it is rendered, what of.

From these declarations come the plan of the site, the keys by which the build cache takes a file
over from the site before, the index of the API, and the table in the reference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from msgspec import Struct

from policybook.book.context import BookContext


class Dependencies(Struct, frozen=True):
    """The policies that a file is made from, by name, and what else of the book it shows.

    `policies` of None stands for the whole data folder. What depends on the presence of other
    pages only, such as a link, is left out.
    """

    policies: tuple[str, ...] | None = None
    besides: tuple[object, ...] = ()


WHOLE_BOOK = Dependencies()


class SiteFile(Struct, frozen=True):
    """A file of the site: its path below the root, what renders it, and what it depends on."""

    path: str
    render: Callable[[], bytes]
    depends: Dependencies = WHOLE_BOOK


class FileFamily(Struct, frozen=True):
    """A file of the site, or all files that differ by a name only.

    `path` has the name's variable in braces, `title` says what such a file holds, and `files` lists
    the files of a book. A family with an empty title is left out of the API's index.
    """

    path: str
    title: str
    files: Callable[[BookContext], Iterator[SiteFile]]


def one_file(
    path: str,
    title: str,
    render: Callable[[BookContext], bytes],
    depends: Callable[[BookContext], Dependencies] = lambda context: WHOLE_BOOK,
    present: Callable[[BookContext], bool] = lambda context: True,
) -> FileFamily:
    """A single file.

    Args:
        path: Its path below the site's root.
        title: What it holds.
        render: From the book to its content.
        depends: What it depends on. Default: the whole book.
        present: Whether the site of a book has it. Default: always.

    """

    def files(context: BookContext) -> Iterator[SiteFile]:
        if present(context):
            yield SiteFile(path, partial(render, context), depends(context))

    return FileFamily(path, title, files)


def file_family(
    path: str,
    title: str,
    names: Callable[[BookContext], Iterable[str]],
    render: Callable[[BookContext, str], bytes],
    depends: Callable[[BookContext, str], Dependencies],
) -> FileFamily:
    """Files that differ by a name.

    Args:
        path: Their path below the site's root, with one variable in braces for the name.
        title: What each of them holds.
        names: The names of a book.
        render: From the book and the name to the file's content.
        depends: From the book and the name to what the file depends on.

    """
    head, _, rest = path.partition("{")
    tail = rest.partition("}")[2]

    def files(context: BookContext) -> Iterator[SiteFile]:
        for name in names(context):
            make = partial(render, context, name)
            yield SiteFile(f"{head}{name}{tail}", make, depends(context, name))

    return FileFamily(path, title, files)
