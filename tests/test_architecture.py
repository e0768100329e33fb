"""The way through the house: imports point one way, and everything public is written about."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from fnmatch import fnmatch

import msgspec
import pytest
from click import Command
from policybook.catalogue.catalogue import Catalogue
from policybook.data.loader import load
from policybook.data.validation import FILE_TYPES
from policybook.mkdocs_plugin.settings import Options
from policybook.output.files import DATA as DATA_FILES
from policybook.output.files import FILES, LISTED, NEW_ACTIONS

from tests.support.books import DATA, REPOSITORY, small_catalogue
from tests.support.cli import every_command
from tests.support.contexts import context_of
from tests.support.syntax import imported, own, package, trees

# The packages as in ARCHITECTURE.md: each imports only from itself and from those above it.
PACKAGES = """
    errors wording
    archive_files
    model
    iam
    catalogue
    data
    analysis
    checks
    book
    lists
    pages
    output
    build
    store
    mkdocs_plugin
    importers
    commands
    __main__
"""
PLACE = {
    name: place for place, line in enumerate(PACKAGES.strip().splitlines()) for name in line.split()
}
# Pages are looked at by what draws and plans them; everything else asks the book.
SEES_PAGES = {"pages", "output.html", "build"}

DOCS = REPOSITORY / "docs" / "reference"


def test_imports_point_one_way() -> None:
    """From a package to those above it in the list."""
    against = {
        (name, other)
        for name, tree in trees().items()
        for other in own(tree) - {""}
        if PLACE[package(other)] > PLACE.get(package(name), -1)
    }
    assert against == set()


def test_modules_import_each_other_without_a_circle() -> None:
    """Within a package too."""
    left = {name: own(tree) - {name} for name, tree in trees().items()}
    while free := {name for name, others in left.items() if not others & left.keys()}:
        left = {name: others for name, others in left.items() if name not in free}
    assert left == {}


def test_only_what_draws_and_plans_the_site_sees_pages() -> None:
    """JSON, feeds, tables, the finder and the commands ask the book."""
    seeing = {
        (name, other)
        for name, tree in trees().items()
        if not any(name == may or name.startswith(f"{may}.") for may in SEES_PAGES)
        for other in own(tree)
        if package(other) == "pages"
    }
    assert seeing == set()


def test_the_package_itself_imports_nothing() -> None:
    """So that its version costs nothing to read."""
    assert list(imported(trees()[""])) == []


@pytest.mark.parametrize(
    ("library", "places"),
    [
        ("boto3", {"importers.accounts.iam_api"}),
        ("botocore", {"importers.accounts.iam_api"}),
        ("mkdocs", {"mkdocs_plugin"}),
        ("click", {"commands"}),
        ("jinja2", {"mkdocs_plugin", "output.feeds.content", "output.html"}),
        ("difflib", {"wording"}),
        ("fnmatch", set()),
        ("jsonschema", {"data.validation"}),
        ("sqlite3", {"build.database"}),
        ("pyarrow", {"build.database.parquet_file"}),
        (
            "yaml",
            {
                "data.strict_yaml",
                "importers.writing.account_yaml",
                "importers.writing.policy_yaml",
                "importers.writing.version_entries",
                "importers.writing.version_places",
            },
        ),
    ],
)
def test_each_library_has_one_door(library: str, places: set[str]) -> None:
    """What is around it can be changed in one place."""
    for name, tree in trees().items():
        if any(outer.partition(".")[0] == library for outer, _ in imported(tree)):
            assert any(name == place or name.startswith(f"{place}.") for place in places), name


def test_nothing_is_run_and_no_network_is_used() -> None:
    """Data is untrusted, and a build works without a connection; only imports run git or boto3."""
    banned = {"subprocess", "socket", "urllib.request", "http", "requests", "pickle", "marshal"}
    for name, tree in trees().items():
        outer = {found for found, _ in imported(tree)}
        assert outer & banned == (
            {"subprocess"} if name == "importers.git_archives.git" else set()
        ), name
        calls = {n.func.id for n in ast.walk(tree) if _is_plain_call(n)}  # type: ignore[attr-defined]  # such a call has
        assert not calls & {"eval", "exec", "compile", "__import__"}, name


def _is_plain_call(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name)


def test_no_folder_of_tests_is_left_out(pytestconfig: pytest.Config) -> None:
    """Pytest does not look into folders of some names, such as `build`."""
    tests = REPOSITORY / "tests"
    paths = (path.relative_to(tests) for path in tests.rglob("test_*.py"))
    folders = {folder for path in paths for folder in path.parts[:-1]}
    left_out = pytestconfig.getini("norecursedirs")
    assert [f for f in folders if any(fnmatch(f, pattern) for pattern in left_out)] == []


def test_no_test_module_imports_another() -> None:
    """What tests share is in tests/support/, which imports no test module either."""
    found = {
        f"{path.relative_to(REPOSITORY)}: {name}"
        for folder in ("tests", "benchmarks")
        for path in (REPOSITORY / folder).rglob("*.py")
        for name, _ in imported(ast.parse(path.read_text("utf-8")))
        if name.partition(".")[0] == "tests" and not name.startswith("tests.support")
    }
    assert found == set()


Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def overloaded(node: Definition) -> bool:
    """Whether it is one of the types of a function whose definition follows."""
    return any(isinstance(d, ast.Name) and d.id == "overload" for d in node.decorator_list)


def public(node: ast.Module | ast.ClassDef, path: str) -> Iterator[tuple[str, Definition]]:
    """The public functions, classes and methods."""
    for inner in node.body:
        if (
            isinstance(inner, Definition)
            and not inner.name.startswith("_")
            and not overloaded(inner)
        ):
            yield f"{path}.{inner.name}", inner
            if isinstance(inner, ast.ClassDef):
                yield from public(inner, f"{path}.{inner.name}")


def test_everything_public_has_a_docstring() -> None:
    """And so has every module."""
    assert [name for name, tree in trees().items() if not ast.get_docstring(tree)] == []
    parts = (part for name, tree in trees().items() for part in public(tree, name))
    assert [path for path, node in parts if not ast.get_docstring(node)] == []


# --- The reference --------------------------------------------------------------------------------


def reference(name: str) -> str:
    """A page of the reference."""
    return (DOCS / f"{name}.md").read_text("utf-8")


def test_every_setting_is_in_the_reference() -> None:
    """Each option of the plugin."""
    text = (DOCS / "commands.md").read_text("utf-8")
    assert [name for name, _ in Options._schema if f"\n`{name}`\n" not in text] == []


@pytest.mark.parametrize(("name", "found"), tuple(every_command()))
def test_every_command_and_option_is_in_the_reference(name: str, found: Command) -> None:
    """Under the heading of the command or beside it, as it is typed."""
    text = reference("commands")
    assert f"policybook {name}" in text
    missing = [
        option
        for parameter in found.params
        if parameter.param_type_name == "option"
        for option in parameter.opts
        if f"`{option}" not in text and f", {option}" not in text and f" {option}" not in text
    ]
    assert missing == []


@pytest.mark.parametrize("kind", sorted(FILE_TYPES))
def test_every_field_of_a_data_file_is_in_the_reference(kind: str) -> None:
    """By its name in the file, those of the types inside included."""
    names: set[str] = set()
    _fields(FILE_TYPES[kind], names)
    text = reference("data")
    assert [n for n in sorted(names) if not re.search(rf"\b{re.escape(n)}\b", text)] == []


def _fields(of: type, names: set[str]) -> None:
    for field in msgspec.structs.fields(of):
        names.add(field.encode_name)
        for inner in _structs(msgspec.inspect.type_info(field.type)):
            _fields(inner, names)


def _structs(shape: msgspec.inspect.Type) -> Iterator[type]:
    match shape:
        case msgspec.inspect.StructType():
            yield shape.cls
        case msgspec.inspect.Metadata():
            yield from _structs(shape.type)
        case msgspec.inspect.UnionType():
            for option in shape.types:
                yield from _structs(option)
        case msgspec.inspect.VarTupleType():
            yield from _structs(shape.item_type)
        case msgspec.inspect.DictType():
            yield from _structs(shape.value_type)


def test_the_reference_has_the_table_of_files_of_the_api() -> None:
    """A row for each family of files, made from its declaration; UPDATE_GOLDEN=1 writes it anew."""
    page = DOCS / "api.md"
    head, begin, rest = page.read_text("utf-8").partition("<!-- files -->\n")
    _, end, tail = rest.partition("<!-- end of files -->")
    rows = (
        f"| `{family.path}` | {family.title} |\n" for family in (*LISTED, *NEW_ACTIONS, *DATA_FILES)
    )
    table = "\n| File | What it holds |\n| --- | --- |\n" + "".join(rows) + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        page.write_text(f"{head}{begin}{table}{end}{tail}", "utf-8")
    assert page.read_text("utf-8") == f"{head}{begin}{table}{end}{tail}"


def test_every_file_is_of_its_family() -> None:
    """Its path is the family's, with a name of the book in the place of the variable."""
    context = context_of(load(DATA), Catalogue(), small_catalogue())
    for family in FILES:
        form = re.escape(family.path)
        form = re.sub(r"\\\{\w+\\\}", "[^/]+", form).replace(r"feed\.", r"feed(-\d+)?\.")
        for file in family.files(context):
            assert re.fullmatch(form, file.path), (family.path, file.path)
