"""Print constraints that pin each declared dependency to its lower bound."""

import re
import tomllib
from pathlib import Path

project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
extras = project["optional-dependencies"]
wanted = [
    *project["dependencies"],
    *(line for extra in ("areas", "dask", "files", "test") for line in extras[extra]),
]
for requirement in wanted:
    if requirement.startswith("wardmap["):  # an extra that holds others, which are listed themselves
        continue
    name, lowest = re.match(r"([\w.-]+)(?:\[.*\])?>=([\w.]+)", requirement).groups()
    print(f"{name}=={lowest}")
