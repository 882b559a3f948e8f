"""The arithmetic knows no tables: what `wardmap.stats` imports."""

import subprocess
import sys

from tests.conftest import REPOSITORY
from tests.test_house import HOUSE, imports


def test_it_imports_nothing_of_the_house_but_errors():
    found = {m for path in (HOUSE / "stats").glob("*.py") for m in imports(path) if m.startswith("wardmap.")}
    assert {m for m in found if m.split(".")[1] not in {"stats", "errors"}} == set()


def test_it_loads_neither_tables_nor_a_compiler():
    code = (
        "import sys, wardmap.stats.beta_binomial; print([m for m in ('pandas', 'numba') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=REPOSITORY
    )
    assert done.stdout.strip() == "[]"
