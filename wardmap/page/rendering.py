"""Pages are written by templates: what stands in a template is markup, what is put into it is text."""

import re
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from importlib.resources import files
from numbers import Number
from typing import TYPE_CHECKING, Any

from wardmap.page.safe_text import text

if TYPE_CHECKING:
    from jinja2 import Environment

_READ_BY_JINJA = re.compile(r"\{[{%#]")


class Finished(str):
    """HTML that a template or a file of the house has finished, and that goes into a page as it is.

    It is never made of data: only `render`, `own_file` and what joins their results make it.
    """

    __slots__ = ()


_PLAIN = (str, Finished, int, float, bool, type(None))


def render(template: str, /, **values: object) -> Finished:
    """Return a template of the house, named by its path in `wardmap/`, with values put into it.

    Every value becomes safe text, whatever its type says of itself: data that calls itself markup is
    text too. Only `Finished` parts, and the macros of templates, are put in as they are. So nothing of
    data is left for HTML to read, nor for folium, which reads pages as templates once more.

    Raises
    ------
    TypeError
        A value is not text, a number, a dataclass, or a list or mapping of these.
    jinja2.UndefinedError
        The template names a value that was not given.

    Examples
    --------
    >>> page = render(
    ...     "page/templates/words.html", reading=[], made=[], sources=["Files of {{ 7 * 7 }} wards"]
    ... )
    >>> "Files of &#123;&#123; 7 &#42; 7 &#125;&#125; wards" in page
    True
    """
    return Finished(_house().get_template(template).render(_plain(values)))


def own_file(path: str) -> Finished:
    """Return a style sheet or a script of the house, named by its path in `wardmap/`."""
    return Finished(files("wardmap").joinpath(path).read_text(encoding="utf-8"))


@cache
def _house() -> "Environment":
    """Return what templates are read with; made, and jinja2 loaded, when the first page is written."""
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415

    house = Environment(
        loader=PackageLoader("wardmap", "."),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown_by(),
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    # No filter of jinja2 makes safe text, and "safe" and "tojson" undo it: templates have none.
    house.filters, house.globals = {}, {}
    return house


def _shown_by() -> Callable[[object], str]:
    from markupsafe import Markup  # noqa: PLC0415

    def shown(value: object) -> str:
        """Return what stands in the page for a value; jinja2's own escaping then finds nothing to do."""
        kind = type(value)
        if kind is str:
            return Markup(text(value))  # noqa: S704 - text is what makes it safe
        if kind is Finished:
            return Markup(value)  # noqa: S704 - finished parts are made by templates
        if isinstance(value, Markup):  # what a macro wrote: `_plain` lets no other in
            if _READ_BY_JINJA.search(value):
                raise ValueError("A macro joined text to markup, where it is not made safe.")
            return value
        if value is None or isinstance(value, bool):
            raise TypeError(f"{value} is for a template to ask about, not to show.")
        return Markup(text(value))  # noqa: S704 - text is what makes it safe

    return shown


def _plain(value: Any) -> Any:
    """Return values as the plain types that templates take: what calls itself markup becomes text."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind in (list, tuple):
        return [each if type(each) is str else _plain(each) for each in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, str):
        return "".join(value)
    if isinstance(value, Number):
        return str(value)
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"A template takes text, numbers and lists of these, not {kind.__name__}.")
