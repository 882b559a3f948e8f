"""wardmap: from incidents and ward boundaries to priority wards, with the doubt stated.

The front door: the names of the main way, the rooms as namespaces, and no logic. The one list of both is
`__init__.pyi`, which type checkers read as it is; everything is loaded when it is first used.
"""

import lazy_loader

__version__ = "0.1.0"

__getattr__, _dir, __all__ = lazy_loader.attach_stub(__name__, __file__)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
