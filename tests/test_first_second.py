"""The first second: nothing loads before it is used. Told by what is loaded, never by a clock."""

import subprocess
import sys

import pytest

import wardmap
from tests.conftest import REPOSITORY

HEAVY = (
    "pandas", "numpy", "geopandas", "shapely", "pyproj", "pyogrio", "matplotlib", "libpysal", "folium",
    "scipy", "numba", "requests", "jenkspy",
)  # fmt: skip
COMPILERS = ("mapclassify", "numba", "sklearn", "sqlalchemy", "libpysal")


def loaded(code, among):
    """Return which modules a fresh Python has loaded after the code."""
    ask = f"{code}\nimport sys\nprint('LOADED', *[name for name in {among!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", ask], capture_output=True, text=True, check=True, cwd=REPOSITORY
    )
    return done.stdout.rpartition("LOADED")[2].split()


def command(*arguments):
    return (
        f"import sys\nfrom wardmap import cli\nsys.argv = ['wardmap', *{list(arguments)!r}]\n"
        "try:\n    cli.main()\nexcept SystemExit:\n    pass"
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"], ["--version"], ["map", "--help"], ["check", "--help"], ["fetch", "wards", "--help"],
        ["map", "--incidens", "x"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_help_the_version_and_a_mistyped_option_load_nothing_heavy(arguments):
    assert loaded(command(*arguments), HEAVY) == []


def test_the_version_is_said():
    done = subprocess.run(
        [sys.executable, "-m", "wardmap.cli", "--version"],
        capture_output=True, text=True, check=True, cwd=REPOSITORY,
    )  # fmt: skip
    assert done.stdout == f"wardmap {wardmap.__version__}\n"


@pytest.mark.parametrize("code", ["import wardmap.style", "import wardmap; wardmap.read_incidents"])
def test_styles_and_reading_load_no_compiler(code):
    assert loaded(code, COMPILERS) == []


def test_a_map_loads_no_compiler():
    assert (
        loaded("import wardmap; wardmap.ward_map", ("mapclassify", "sklearn", "sqlalchemy", "libpysal")) == []
    )
