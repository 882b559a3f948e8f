"""What stands below the map: the table of every number, the methods, the sources, how to read it."""

from collections.abc import Mapping, Sequence

from wardmap import schema
from wardmap.maps.facts import Fact
from wardmap.maps.tiles import Tiles
from wardmap.page.safe_text import text
from wardmap.provenance import Source

_NUMBER = ' data-kind="number"'


def table(
    facts: Sequence[Fact], names: Sequence[str], reasons: Sequence[str] | None, layer: str, caption: str
) -> str:
    """Return the ward table as HTML: every number of the map, in the order of the map's wards."""
    heads = [("Ward", "text"), *((fact.label, "number" if fact.numeric else "text") for fact in facts)]
    heads += [("Reason", "text")] if reasons is not None else []
    body = "".join(_row(at, name, facts, reasons) for at, name in enumerate(names))
    head = "".join(
        f'<th scope="col" data-kind="{kind}">'
        f'<button type="button" disabled><bdi>{text(label)}</bdi></button></th>'
        for label, kind in heads
    )
    return (
        '<section class="wm-below" aria-labelledby="wm-table-name"><div class="wm-below-head">'
        '<h2 id="wm-table-name">Every ward</h2>'
        '<button type="button" id="wm-download" disabled>Download as CSV</button></div>'
        '<div class="wm-scroll" tabindex="0" role="region" aria-labelledby="wm-table-name">'
        f'<table id="wm-table" tabindex="-1"><caption><bdi data-layer="name">{text(layer)}</bdi>. '
        f"{text(caption)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div></section>"
    )


def words(
    facts: Sequence[Fact],
    methods: Mapping[str, Sequence[str]],
    class_methods: Sequence[str],
    sources: Sequence[Source],
) -> str:
    """Return how to read the map, how the numbers were made, and where they come from."""
    told = {fact.what for fact in facts}
    reading = "".join(
        _term(column.label, column.reading)
        for column in schema.WARD_TABLE.columns
        if column.reading and _group(column) in told
    )
    reading = reading or _term("Classes", *class_methods)
    labels = {fact.what: fact.label for fact in facts if fact.what != "ratio" or fact.numeric}
    made = "".join(_term(labels.get(what, what), *sentences) for what, sentences in methods.items())
    made += _term("Classes", *class_methods)
    listed = "".join(f"<li>{text(source.sentence())}</li>" for source in sources)
    came = f"<ul>{listed}</ul>" if listed else "<p>No sources were given.</p>"
    return (
        '<div class="wm-words">'
        f"<section><h2>How to read this map</h2><dl>{reading}</dl></section>"
        f'<section id="wm-methods"><h2>How the numbers were made</h2><dl>{made}</dl></section>'
        f'<section id="wm-sources"><h2>Sources</h2>{came}</section></div>'
    )


def _group(column: schema.Column) -> str:
    """Return the group that a column's reading stands for: that of its test, or its own."""
    return column.name.removesuffix("_class")


def foot(vintage: str, tiles: Tiles | None) -> str:
    """Return the last lines of the page."""
    asks = (
        f"this page asks {text(tiles.host)} for map tiles. Basemap: <bdi>{text(tiles.attribution)}</bdi>."
        if tiles
        else "this file makes no request and sends nothing."
    )
    return (
        f'<footer class="wm-foot">Boundaries: <bdi>{text(vintage)}</bdi>. Shapes are simplified for display. '
        f"North is up. Made with wardmap and Leaflet; {asks}</footer>"
    )


def _row(at: int, name: str, facts: Sequence[Fact], reasons: Sequence[str] | None) -> str:
    cells = "".join(f"<td{_NUMBER if fact.numeric else ''}>{text(fact.words[at])}</td>" for fact in facts)
    why = f'<td class="wm-why"><bdi>{text(reasons[at])}</bdi></td>' if reasons is not None else ""
    link = f'<button type="button" disabled><bdi>{text(name)}</bdi></button>'
    return f'<tr data-ward="{at}"><th scope="row">{link}</th>{cells}{why}</tr>'


def _term(name: str, *sentences: str) -> str:
    return f"<dt><bdi>{text(name)}</bdi></dt>" + "".join(
        f"<dd>{text(sentence)}</dd>" for sentence in sentences
    )
