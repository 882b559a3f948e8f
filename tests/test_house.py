"""The rules of the house, as tests: who may open which room, what is public, how large a file may be."""

import ast
import importlib
import re
import subprocess
import sys

import pytest

import wardmap
from tests.conftest import REPOSITORY
from wardmap import schema

HOUSE = REPOSITORY / "wardmap"
ROOMS = {"read", "join", "rates", "hotspots", "priority", "maps", "reports"}
OPEN_EVERY_ROOM = {"__init__.py", "assessment.py", "cli.py"}
FILES = sorted(HOUSE.rglob("*.py"))


def imports(path):
    """Every module of the house that a file imports, whether at its top or inside a function."""
    package = ["wardmap", *path.relative_to(HOUSE).parent.parts]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            base = ".".join(part for part in (start, node.module) if part)
            yield from (f"{base}.{alias.name}" for alias in node.names)


def room_of(module):
    parts = module.split(".")
    return parts[1] if parts[0] == "wardmap" and len(parts) > 1 and parts[1] in ROOMS else None


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(HOUSE)))
def test_rooms_open_onto_the_corridor_and_never_onto_each_other(path):
    inside = path.relative_to(HOUSE).parts
    if len(inside) == 1 and path.name in OPEN_EVERY_ROOM:
        return
    own = inside[0] if inside[0] in ROOMS else None
    assert [m for m in imports(path) if room_of(m) not in (None, own)] == []


@pytest.mark.parametrize(
    ("library", "seams"),
    [
        ("folium", {"maps"}),
        ("branca", {"maps"}),
        ("jinja2", {"page"}),
        ("markupsafe", {"page"}),
        ("matplotlib", {"maps", "reports"}),
        ("esda", set()),
        ("libpysal", {"hotspots", "priority"}),
        ("spopt", {"priority"}),
        ("typer", {"cli.py"}),
        ("dask", {"join"}),
        ("distributed", set()),
    ],
)
def test_each_foreign_library_has_its_seam(library, seams):
    users = {p.relative_to(HOUSE).parts[0] for p in FILES for m in imports(p) if m.split(".")[0] == library}
    assert users <= seams


def test_no_file_imports_itself_by_way_of_others():
    files = {".".join(["wardmap", *p.relative_to(HOUSE).with_suffix("").parts]): p for p in FILES}
    needs = {name: {m for i in imports(p) for m in (i, i.rpartition(".")[0]) if m in files} - {name}
             for name, p in files.items()}  # fmt: skip
    while free := [name for name, needed in needs.items() if not needed]:
        needs = {name: needed - set(free) for name, needed in needs.items() if name not in free}
    assert sorted(needs) == []


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(HOUSE)))
def test_a_file_has_at_most_400_lines_and_says_what_it_is_for(path):
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 400
    assert ast.get_docstring(ast.parse(text))


def listed_in(stub):
    """Every name that a door lists, and where it comes from."""
    for node in ast.parse(stub.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom):
            yield from ((alias.name, node.module) for alias in node.names)


DOORS = sorted(HOUSE.glob("**/__init__.pyi"))


@pytest.mark.parametrize("stub", DOORS, ids=lambda p: p.parent.name)
def test_every_name_of_a_door_is_there_and_explained(stub):
    door = importlib.import_module(".".join(stub.parent.relative_to(REPOSITORY).parts))
    names = [name for name, _ in listed_in(stub)]
    assert sorted(door.__all__) == sorted(names)
    for name in names:
        assert getattr(door, name).__doc__, name


def test_each_room_lists_its_verbs_and_the_front_door_repeats_only_those():
    verbs = {}
    for stub in DOORS[1:] if DOORS[0].parent == HOUSE else DOORS:
        if stub.parent != HOUSE:
            verbs |= {name: f"{stub.parent.name}.{home}" for name, home in listed_in(stub)}
    front = {name: home for name, home in listed_in(HOUSE / "__init__.pyi") if home and "." in home}
    assert {name: verbs.get(name) for name in front} == front


def test_no_module_of_a_room_has_the_name_of_one_of_its_verbs():
    """It would hide the verb from whoever imports the module first."""
    for stub in DOORS:
        inside = {path.stem for path in stub.parent.iterdir()}
        assert not inside & {name for name, home in listed_in(stub) if home}, stub.parent.name


def test_a_name_that_is_not_public_fails_as_a_module_should():
    with pytest.raises(AttributeError, match="attribute ward_maps"):
        wardmap.ward_maps  # noqa: B018


def test_import_loads_nothing_heavy():
    heavy = ["pandas", "numpy", "geopandas", "shapely", "esda", "libpysal", "folium", "scipy", "matplotlib"]
    code = f"import sys, wardmap; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=REPOSITORY
    )
    assert done.stdout.strip() == "[]"


def test_the_column_dictionary_is_whole():
    for table in schema.TABLES:
        names = table.names()
        assert len(names) == len(set(names))
        for column in table.columns:
            assert column.meaning
            assert column.writer, f"{table.name}.{column.name}: which line writes it?"
            attribute = hasattr(__import__("pandas").DataFrame, column.name)
            assert not attribute, f"{column.name} would shadow DataFrame.{column.name}"


def test_the_lines_that_write_columns_call_public_names():
    called = {name for t in schema.TABLES for c in t.columns for name in re.findall(r"wm\.(\w+)\(", c.writer)}
    assert called
    assert called <= set(wardmap.__all__)


def test_the_page_of_tables_is_printed_from_the_dictionary():
    page = (REPOSITORY / "docs" / "tables.md").read_text(encoding="utf-8")
    assert page == schema.as_markdown(), "run: python -m wardmap.schema > docs/tables.md"


def test_nothing_in_the_house_prints_but_the_command_line():
    for path in FILES:
        calls = [
            node.lineno
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
        ]
        assert not calls or path.name in {"cli.py", "__main__.py"}, f"{path.name}: {calls}"
