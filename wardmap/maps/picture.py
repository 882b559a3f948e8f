"""The layer that a map opens with as a still picture for documents, drawn by matplotlib."""

import io
import textwrap
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from wardmap import style
from wardmap.maps import overlays
from wardmap.maps.contents import Plan
from wardmap.maps.layers import NO_CLASS
from wardmap.page.safe_text import clean

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_HATCHES = {-1: "////", -2: "\\\\\\\\", -3: "----", -4: "||||"}
_INCHES = (10.0, 7.0)
_DPI = 150  # 1,500 pixels across: sharp on a sheet of A4


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture of a plan."""

    plan: Plan

    def save(self, kind: Literal["png", "svg"], dpi: int = _DPI) -> bytes:
        """Return the picture as the bytes of a file: the same map gives the same bytes."""
        import matplotlib as mpl  # noqa: PLC0415 - only who wants a picture waits for it
        from matplotlib.figure import Figure  # noqa: PLC0415

        # A name such as $a_1$ is a name, and the reader's own settings do not change the map.
        fixed = {**mpl.rcParamsDefault, "text.parse_math": False, "svg.hashsalt": "wardmap", "font.size": 9}
        fixed.pop("backend", None)
        buffer = io.BytesIO()
        with mpl.rc_context(fixed), warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Glyph .* missing from font")  # drawn as an empty box
            figure = Figure(figsize=_INCHES)
            self._draw(figure)
            told: dict[str, Any] = {"Date": None} if kind == "svg" else {"Software": None}
            figure.savefig(buffer, format=kind, dpi=dpi, metadata=told)
        return buffer.getvalue()

    def _draw(self, figure: "Figure") -> None:
        lines = [
            line for note in dict.fromkeys(_notes(self.plan)) for line in textwrap.wrap(clean(note), 165)
        ]
        foot = 0.03 + 0.017 * len(lines)
        axes = figure.add_axes((0.02, foot, 0.66, 0.87 - foot))
        axes.set_axis_off()
        if len(self.plan.halo):
            self.plan.halo.plot(ax=axes, color=style.HALO, edgecolor="#c9ced6", linewidth=0.4)
        self._fill(axes)
        if len(self.plan.outlines):
            self.plan.outlines.boundary.plot(
                ax=axes, color=style.AREA, linewidth=5, alpha=style.BAND_OPACITY, zorder=3
            )
        self._cluster(axes)
        self._flag(axes)
        west, south, east, north = self.plan.wards.total_bounds
        axes.set_xlim(west - 0.02 * (east - west), east + 0.02 * (east - west))
        axes.set_ylim(south - 0.02 * (north - south), north + 0.02 * (north - south))
        self._legend(figure)
        figure.text(
            0.02,
            0.955,
            _short(self.plan.headline(self.plan.opened), 80),
            fontsize=15,
            fontweight="bold",
            va="center",
        )
        figure.text(
            0.02,
            0.912,
            _short(self.plan.lede(self.plan.opened), 130),
            fontsize=9.5,
            color="#4e5868",
            va="center",
        )
        figure.text(0.02, 0.02, "\n".join(lines), fontsize=7, color="#4e5868", va="bottom")

    def _fill(self, axes: "Axes") -> None:
        codes = pd.Series(self.plan.opened.codes, index=self.plan.wards.index)
        shapes = self.plan.wards.geometry
        line: dict[str, Any] = {"edgecolor": style.OUTLINE, "linewidth": 0.5}
        colours = self.plan.opened.classes.colours
        filled = codes[codes >= 0]
        if len(filled):
            shapes.loc[filled.index].plot(ax=axes, color=[colours[code] for code in filled], zorder=2, **line)
        if self.plan.greyed:
            shapes.iloc[self.plan.greyed].plot(
                ax=axes, color=style.VEIL, alpha=style.VEIL_OPACITY, zorder=2.5
            )
        for code, hatch in _HATCHES.items():
            if (codes == code).any():
                look: dict[str, Any] = {
                    "facecolor": style.HATCH_GROUND,
                    "edgecolor": style.HATCH_LINE,
                    "linewidth": 0,
                }
                shapes[codes == code].plot(ax=axes, hatch=hatch, zorder=1, **look)
                shapes[codes == code].plot(ax=axes, facecolor="none", zorder=2, **line)

    def _cluster(self, axes: "Axes") -> None:
        found = overlays.clusters(self.plan.opened, self.plan.wards)
        if len(found):
            found.boundary.plot(ax=axes, color=style.CASING, linewidth=4.5, zorder=3.5)
            found.boundary.plot(
                ax=axes, color=style.CLUSTER, linewidth=2.6, linestyle=(0, (0.1, 1.9)), zorder=3.6
            )

    def _flag(self, axes: "Axes") -> None:
        priority, watch = (
            self.plan.wards.geometry.iloc[self.plan.opened.flagged(f)] for f in ("priority", "watch")
        )
        if len(watch):
            watch.boundary.plot(ax=axes, color=style.CASING, linewidth=2.4, zorder=4)
            watch.boundary.plot(ax=axes, color=style.WATCH, linewidth=1.3, linestyle=(0, (4, 2)), zorder=5)
        if not len(priority):
            return
        priority.boundary.plot(ax=axes, color=style.CASING, linewidth=4, zorder=6)
        priority.boundary.plot(ax=axes, color=style.PRIORITY, linewidth=2.2, zorder=7)
        box = {
            "boxstyle": "square,pad=0.2",
            "facecolor": style.PRIORITY,
            "edgecolor": "white",
            "linewidth": 0.6,
        }
        for mark, point in zip(marks(len(priority)), priority.representative_point(), strict=True):
            axes.text(
                point.x, point.y, mark, color="white", fontsize=7, fontweight="bold",
                ha="center", va="center", bbox=box, zorder=8,
            )  # fmt: skip

    def _legend(self, figure: "Figure") -> None:
        from matplotlib.lines import Line2D  # noqa: PLC0415
        from matplotlib.patches import Patch  # noqa: PLC0415

        classes, codes = self.plan.opened.classes, self.plan.opened.codes
        line: dict[str, Any] = {"edgecolor": style.OUTLINE, "linewidth": 0.5}
        keys: list[Any] = [
            Patch(facecolor=colour, label=f"{clean(label)}   ({codes.count(code):,})", **line)
            for code, (label, colour) in enumerate(zip(classes.labels, classes.colours, strict=True))
        ][::-1]
        hatched: dict[str, Any] = {
            "facecolor": style.HATCH_GROUND,
            "edgecolor": style.HATCH_LINE,
            "linewidth": 0.5,
        }
        keys += [
            Patch(hatch=_HATCHES[code], label=f"{label}   ({codes.count(code):,})", **hatched)
            for code, label in NO_CLASS.items()
            if code in codes
        ]
        names = self.plan.opened.rows["ward_name"].tolist()
        flagged = self.plan.opened.flagged("priority")
        keys += [
            Line2D(
                [],
                [],
                color=style.PRIORITY,
                linewidth=2.2,
                label=f"{mark}  {_short(names[at], 32)}: priority",
            )
            for mark, at in list(zip(marks(len(flagged)), flagged, strict=True))[:12]
        ]
        if self.plan.opened.flagged("watch"):
            keys.append(Line2D([], [], color=style.WATCH, linestyle=(0, (4, 2)), label="To watch"))
        if len(overlays.clusters(self.plan.opened, self.plan.wards)):
            keys.append(
                Line2D([], [], color=style.CLUSTER, linewidth=2.6, linestyle=":", label="Cluster (scan)")
            )
        for area in self.plan.outlines.index:
            look: dict[str, Any] = {"color": style.AREA, "linewidth": 5, "alpha": style.BAND_OPACITY}
            keys.append(Line2D([], [], label=_short(area, 38), **look))
        title = f"{_short(self.plan.measure, 38)}   (wards)"
        figure.legend(
            handles=keys, title=title, loc="upper left", bbox_to_anchor=(0.69, 0.87), frameon=False,
            alignment="left", title_fontproperties={"weight": "bold"}, handlelength=2.2, labelspacing=0.7,
        )  # fmt: skip


def _notes(plan: Plan) -> list[str]:
    shapes = f"Boundaries: {plan.vintage}. Shapes are simplified for display."
    named = (source.attribution for source in plan.sources if source.attribution)
    return [*plan.measure_methods, shapes, *named]


def marks(count: int) -> list[str]:
    """Return the letters of priority wards: A to Z, then AA to ZZ.

    Examples
    --------
    >>> marks(28)[-3:]
    ['Z', 'AA', 'BB']
    """
    return [chr(ord("A") + at % 26) * (at // 26 + 1) for at in range(count)]


def _short(words: object, most: int) -> str:
    said = clean(words)
    return said if len(said) <= most else f"{said[: most - 1]}…"
