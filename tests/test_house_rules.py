"""The house rules on disk, names and sizes, each with its exceptions and their reasons.

An exception that is no longer one fails the test too: take it off the list.
"""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from tests.support.syntax import imported, package, sources, trees

# --- disk -----------------------------------------------------------------------------------------

READ_AND_WRITE = {
    "archive_files",
    "data",
    "catalogue",
    "build",
    "store",
    "mkdocs_plugin",
    "importers",
    "commands",
}
DISK_MODULES = {
    "os",
    "shutil",
    "tempfile",
    "glob",
    "fcntl",
    "mmap",
    "zipfile",
    "tarfile",
    "sqlite3",
}
# What `open` and the methods of a path are called that look at the disk or change it. `replace` is
# a method of texts as well, so it is looked for with `os`, which has to be imported for it.
DISK_CALLS = {
    *("open", "read_text", "read_bytes", "write_text", "write_bytes", "touch", "mkdir", "rmdir"),
    *("unlink", "rename", "symlink_to", "hardlink_to", "chmod", "iterdir", "glob", "rglob"),
    *("stat", "lstat", "exists", "is_file", "is_dir", "is_symlink", "samefile", "resolve"),
}
TOUCH_THE_DISK: Mapping[str, str] = {  # module: reason
    "output.html.labels": "it reads the catalogs of labels, which are beside the templates",
    "output.html.templating": "it finds the folder of templates",
}


def called(tree: ast.Module) -> Iterator[str]:
    """The name of each method that is called, and `open`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                yield node.func.attr
            elif isinstance(node.func, ast.Name) and node.func.id == "open":
                yield "open"


def disk(tree: ast.Module) -> set[str]:
    """What in the module reads or writes files."""
    return (set(called(tree)) & DISK_CALLS) | (
        {name.partition(".")[0] for name, _ in imported(tree)} & DISK_MODULES
    )


def test_only_the_rim_reads_and_writes_files() -> None:
    """Templates are the one exception, and Jinja's loader reads those."""
    found = {
        name: what
        for name, tree in trees().items()
        if package(name) not in READ_AND_WRITE and (what := disk(tree))
    }
    assert found.keys() == TOUCH_THE_DISK.keys(), found


def test_reading_and_writing_are_seen() -> None:
    """The test above can fail."""
    for line in ("open('x')", "Path('x').read_text()", "import os.path", "from shutil import copy"):
        assert disk(ast.parse(line)), line
    assert not disk(ast.parse("'x'.replace('a', 'b')"))


# --- names ----------------------------------------------------------------------------------------

# The name of a class: why two modules may have one of that name.
CLASSES_OF_ONE_NAME: Mapping[str, str] = {}
# The package and the name of a module: why the package has two of that name.
MODULES_OF_ONE_NAME: Mapping[str, str] = {}


def test_no_two_public_classes_have_one_name() -> None:
    """Anywhere in the program, so that a name says which class is meant."""
    found = Counter(
        node.name
        for tree in trees().values()
        for node in tree.body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert {name for name, count in found.items() if count > 1} == CLASSES_OF_ONE_NAME.keys()


def test_no_two_modules_of_a_package_have_one_name() -> None:
    """Also if they are in different packages within it."""
    found = Counter(
        f"{package(name)}.{path.stem}"
        for name, path in sources().items()
        if path.stem != "__init__"
    )
    assert {name for name, count in found.items() if count > 1} == MODULES_OF_ONE_NAME.keys()


# --- sizes ----------------------------------------------------------------------------------------

MOST_MODULES, MOST_LINES, MOST_LINES_OF_FUNCTION = 12, 300, 40
LARGE_PACKAGES: Mapping[str, str] = {
    "analysis": "one module for each question that is asked of documents and books",
    "book.facts": "one module for each subject of BookContext",
    "commands": "one module for each command",
    "iam": "one module for each element of a policy document and each rule about them",
    "checks": "one module for each subject of the checks",
    "lists": "one module for each list",
    "data": "one module for each kind of file, and for what is said of each kind of error",
    "model": "one module for each kind of file, and for each rule that follows from one alone",
    "mkdocs_plugin": "one module for each thing of MkDocs that its users set, write or extend",
    "output.json": "one module for each subject of the JSON files",
    "pages": "one module for each kind of page",
}
LONG_MODULES: Mapping[str, str] = {}
LONG_FUNCTIONS: Mapping[str, str] = {
    "book.context.BookContext.__init__": "a list of subjects, one line each",
    "build.planner.plan_site": "half of it describes the arguments",
    "output.json.policy_results.policy_result": "a list of what the file has, one line each",
}


def test_packages_are_small() -> None:
    """At most twelve modules in each, those of packages within it not counted."""
    found: dict[str, int] = defaultdict(int)
    for name, path in sources().items():
        if path.stem != "__init__":
            found[name.rpartition(".")[0]] += 1
    large = {name: count for name, count in found.items() if count > MOST_MODULES}
    assert large.keys() == LARGE_PACKAGES.keys(), large


def test_modules_are_short() -> None:
    """At most 300 lines in each."""
    lines = {name: len(path.read_text("utf-8").splitlines()) for name, path in sources().items()}
    long = {name: count for name, count in lines.items() if count > MOST_LINES}
    assert long.keys() == LONG_MODULES.keys(), long


def functions(node: ast.AST, path: str) -> Iterator[tuple[str, int]]:
    """Every function and method: its name and its number of lines, from `def` on."""
    for inner in ast.iter_child_nodes(node):
        if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            name = f"{path}.{inner.name}"
            if not isinstance(inner, ast.ClassDef):
                yield name, (inner.end_lineno or 0) - inner.lineno + 1
            yield from functions(inner, name)
        else:
            yield from functions(inner, path)


def test_functions_are_short() -> None:
    """At most 40 lines in each, docstring included."""
    long = {
        name: count
        for outer, tree in trees().items()
        for name, count in functions(tree, outer)
        if count > MOST_LINES_OF_FUNCTION
    }
    assert long.keys() == LONG_FUNCTIONS.keys(), long


def test_every_exception_has_a_reason() -> None:
    """Written beside it."""
    lists = (TOUCH_THE_DISK, CLASSES_OF_ONE_NAME, MODULES_OF_ONE_NAME)
    for exceptions in (*lists, LARGE_PACKAGES, LONG_MODULES, LONG_FUNCTIONS):
        assert all(reason.strip() for reason in exceptions.values())
