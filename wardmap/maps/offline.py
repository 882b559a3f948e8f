"""One file, no request: what a map needs is within it, and its own policy forbids it to ask for more."""

# ruff: noqa: SLF001 - branca has no public way to an element's children and name: see test_folium_internals
import base64
import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import folium
from branca.element import Element, Figure, Link
from xstatic.pkg import leaflet

from wardmap.errors import InputError, LargeFileWarning, listed, warn
from wardmap.maps.picture import Picture
from wardmap.page.document import document
from wardmap.page.rendering import Finished, own_file
from wardmap.page.write_whole import whole_file

_LEAFLET = Path(leaflet.BASE_DIR)
_BUDGET = 10_000_000
_RANDOM_ID = re.compile(r"[0-9a-f]{32}")
_SCRIPTS = (
    "facts.js", "geometry.js", "labels.js", "wards.js", "reach.js", "layers.js", "table.js",
    "trend.js", "overlays.js", "search.js", "download.js", "view.js", "map.js",
)  # fmt: skip
_NEEDS = {
    folium.TileLayer: "map tiles from the internet",
    folium.WmsTileLayer: "map tiles from the internet",
    folium.Popup: "jQuery",
    folium.Icon: "Leaflet.awesome-markers, Bootstrap and Font Awesome",
}


def save_map(map: folium.Map, path: str | Path) -> Path:  # noqa: A002 - the word that users know
    """Write a map as one HTML file that opens anywhere, or as a still picture for a document.

    The question answered: how do I hand this map to someone? As a file that can be mailed, put on
    an intranet or opened from a memory stick. It carries Leaflet and its own data, makes no request,
    and its Content-Security-Policy lets no other script run. As `.png` or `.svg` it is the layer that
    the map opens with, drawn by matplotlib. The same map gives the same bytes.

    Parameters
    ----------
    map
        A map made by `ward_map`. Elements of folium's own may have been added to it, if they need
        nothing but Leaflet; their text is yours to keep safe, and inline styles in it are ignored. A
        picture does not have them.
    path
        Where to write, ending in .html, .png or .svg. Missing folders are made. The file appears whole
        or not at all: a reader never meets half of it.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    InputError
        The map was not made by `ward_map`, it needs a file from the internet, or the path ends
        otherwise.

    Warns
    -----
    LargeFileWarning
        The page is larger than 10 MB, which many a mailbox refuses.

    Notes
    -----
    A picture has no search, no panel and no table: publish it beside the numbers.

    Examples
    --------
    >>> save_map("not a map", "burton.html")
    Traceback (most recent call last):
    wardmap.errors.InputError: This is not a map made by wardmap.
      given: str
      Mend it: wm.save_map(wm.ward_map(table, wards), "wards.html")
    """
    page = map.get_root() if isinstance(map, Element) else None
    if not isinstance(page, Page):
        raise InputError(
            "This is not a map made by wardmap.",
            f"given: {type(map).__name__}",
            mend='wm.save_map(wm.ward_map(table, wards), "wards.html")',
        )
    target = Path(path)
    kind = target.suffix.lower()
    if kind not in (".html", ".htm", ".png", ".svg") or target.is_dir():
        raise InputError(
            "A map is saved as an .html file, or as a .png or .svg picture.",
            f"path given: {str(path)!r}",
            mend=f'wm.save_map(map, "{target.stem or "wards"}.html")',
        )
    if kind in (".png", ".svg"):
        return whole_file(target, page.picture.save("png" if kind == ".png" else "svg"))
    content = page.render().encode("utf-8")
    _warn_if_large(content)
    return whole_file(target, content)


def _warn_if_large(content: bytes) -> None:
    if len(content) <= _BUDGET:
        return
    data = len(content) - content.index(b'id="wm-data"')
    body = len(content) - content.index(b"<body>") - data
    warn(
        LargeFileWarning,
        f"The map is {len(content) / 1e6:.1f} MB, which many a mailbox refuses.",
        f"of this, layers and shapes: {data / 1e6:.1f} MB; the table and the words: {body / 1e6:.1f} MB",
        mend="show fewer themes or periods: ward_map(table, wards, theme=..., period=...)",
    )


class Raw(Element):
    """Finished text in the page, which no template of folium's ever reads."""

    def __init__(self, finished: str) -> None:
        super().__init__()
        self.finished = finished

    def render(self, **_: Any) -> str:
        """Return the text as it is."""
        return self.finished


class Page(Figure):
    """The whole page around a map. Whichever way it is rendered, the result is offline and safe."""

    def __init__(self, title: str, variables: str, picture: Picture, host: str | None) -> None:
        super().__init__()
        self._title, self._host = title, host
        self.picture = picture
        self.header._children.clear()  # the charset is in our own template, before everything else
        self.header.add_child(Raw(_styles(variables)), name="wardmap_styles")
        self.header.add_child(Raw(_scripts()), name="wardmap_scripts")

    def render(self, **kwargs: Any) -> str:
        """Return the page as one text that asks for nothing, with its policy in its head."""
        _refuse_needs(self)
        parts = (self.header, self.html, self.script)
        before = [part._children.copy() for part in parts]
        try:
            for child in self._children.values():
                child.render(**kwargs)
            _refuse_links(self)
            head, body, script = (part.render(**kwargs) for part in parts)
        finally:
            # folium leaves what it rendered in the figure: a second rendering must not find it there.
            for part, children in zip(parts, before, strict=True):
                part._children = children
        # folium's own elements were read as templates just now; ours are `Raw`, and were not.
        body = f"{body}\n<script>\n{script}\n</script>"
        head, body = (Finished(_with_steady_ids(part, self)) for part in (head, body))
        return document(self._title, body, head=head, host=self._host)

    def _repr_html_(self, **kwargs: Any) -> str:
        """Show the page in a notebook, boxed in: it cannot reach the notebook or the internet."""
        return (
            f'<iframe title="Map" srcdoc="{html.escape(self.render(**kwargs))}" sandbox="allow-scripts" '
            'style="width:100%;height:760px;border:1px solid #d5dae3"></iframe>'
        )


def _styles(variables: str) -> str:
    sheet = re.sub(r"url\(images/([\w-]+\.png)\)", _as_data, _read(_LEAFLET / "leaflet.css"))
    return (
        f"<style>\n{sheet}\n</style>\n<style>\n{variables}\n{own_file('maps/templates/map_page.css')}</style>"
    )


def _scripts() -> str:
    # The notice of Leaflet's licence opens leaflet.js; the pointer to its source map would be a request.
    code = re.sub(r"//# sourceMappingURL=\S+", "", _read(_LEAFLET / "leaflet.js")).strip()
    licence = (
        "<!-- This page contains Leaflet 1.9.3 (https://leafletjs.com), copyright 2010-2022 Vladimir "
        "Agafonkin, 2010-2011 CloudMade, under the BSD 2-Clause licence. -->"
    )
    own = "\n".join(own_file(f"maps/scripts/{name}") for name in _SCRIPTS)
    return f"{licence}\n<script>\n{code}\n</script>\n<script>\n{own}</script>"


def _as_data(found: re.Match[str]) -> str:
    image = base64.b64encode((_LEAFLET / "images" / found[1]).read_bytes()).decode("ascii")
    return f"url(data:image/png;base64,{image})"


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8").replace("\r\n", "\n")


def _refuse_needs(page: Page) -> None:
    for element in _walk(page):
        for kind, need in _NEEDS.items():
            if isinstance(element, kind):
                raise InputError(
                    f"The map holds a folium {type(element).__name__}, which does not work offline.",
                    f"it needs: {need}",
                    mend=f"leave the {type(element).__name__} out; wards, areas and labels need nothing.",
                )


def _refuse_links(page: Page) -> None:
    links = [child for child in page.header._children.values() if isinstance(child, Link)]
    if links:
        owners = {type(e).__name__: None for e in _walk(page) if _asks_for(e, links[0].url)}
        raise InputError(
            "The map needs files from the internet, which wardmap does not carry.",
            f"files: {listed(link.url for link in links)}",
            f"asked for by: {listed(owners) if owners else 'an element added to the head of the page'}",
            mend="leave that element out: only what needs nothing but Leaflet works offline.",
        )


def _asks_for(element: Element, url: str) -> bool:
    defaults = [*getattr(element, "default_js", ()), *getattr(element, "default_css", ())]
    return any(url == known for _, known in defaults)


def _walk(element: Element) -> Iterator[Element]:
    for child in element._children.values():
        yield child
        yield from _walk(child)


def _with_steady_ids(rendered: str, page: Page) -> str:
    # folium names elements at random: number them instead, so that the same map gives the same bytes.
    for number, element in enumerate(_walk(page)):
        if _RANDOM_ID.fullmatch(element._id):
            rendered = rendered.replace(element._id, f"{number:032x}")
    return rendered
