"""What the scripts of the page read: shapes once, and every layer by ward."""

from typing import Any

from wardmap import style
from wardmap.maps import overlays
from wardmap.maps import packed_shapes as geometry
from wardmap.maps.contents import Plan
from wardmap.maps.layers import Layer
from wardmap.page.safe_text import FORMULA_STARTS


def page_data(plan: Plan) -> dict[str, Any]:
    """Return the data of the page, as JSON can hold it."""
    return {
        "facts": [
            {"label": fact.label, "flag": fact.what == "priority", "numeric": fact.numeric}
            for fact in plan.opened.facts
        ],
        "look": _look(),
        "views": _boxes(plan),
        "periods": [layer.period for layer in plan.themes[0]],
        "trend": plan.trend,
        "formulaStarts": FORMULA_STARTS,
        "wards": _wards(plan),
        "greyed": plan.greyed,
        "halo": geometry.pack(plan.halo),
        "areas": [
            {"name": str(area), "box": geometry.box(shape), "rings": rings}
            for (area, shape), rings in zip(plan.outlines.items(), geometry.pack(plan.outlines), strict=True)
        ],
        "projects": plan.projects,
        "incidents": plan.incidents,
        "tiles": {"url": plan.tiles.url} if plan.tiles else None,
        "beside": plan.beside,
        "themes": [
            {"colours": periods[0].classes.colours, "layers": [_layer(plan, layer) for layer in periods]}
            for periods in plan.themes
        ],
    }


def _wards(plan: Plan) -> list[dict[str, Any]]:
    names = plan.opened.rows["ward_name"]
    shapes = zip(geometry.points(plan.wards), geometry.pack(plan.wards.geometry), strict=True)
    return [
        {"code": str(code), "name": str(name), "point": point, "rings": rings}
        for (code, name), (point, rings) in zip(names.items(), shapes, strict=True)
    ]


def _layer(plan: Plan, layer: Layer) -> dict[str, Any]:
    clusters = overlays.clusters(layer, plan.wards)
    named = zip(clusters.index, geometry.pack(clusters), strict=True)
    return {
        "name": layer.name(),
        "headline": plan.headline(layer),
        "lede": plan.lede(layer),
        "clusters": [{"name": name, "rings": rings} for name, rings in named],
        **layer.data(),
    }


def _boxes(plan: Plan) -> dict[str, list[float]]:
    areas = {f"area-{at}": geometry.box(shape) for at, shape in enumerate(plan.outlines)}
    return {"district": geometry.box(plan.wards.geometry.to_numpy()), **areas}


def _look() -> dict[str, Any]:
    return {
        "outline": style.OUTLINE, "priority": style.PRIORITY, "watch": style.WATCH, "area": style.AREA,
        "bandOpacity": style.BAND_OPACITY, "casing": style.CASING, "halo": style.HALO,
        "cluster": style.CLUSTER, "project": style.PROJECT,
    }  # fmt: skip
