"""A drawing as PNG, for letters and slides that take no SVG.

Drawn by matplotlib with letters of ours (`alerts/vendor`), since a server may have no Thai font;
scripts that they lack are taken from the fonts of this machine where it has them. matplotlib is
imported when something is drawn, and never before.
"""

from __future__ import annotations

import io
import logging
import warnings
from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from monitor.communications.drawing import Drawing, Line, Part, Shape, diamond
from monitor.errors import MonitorError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_DPI, _FINE = 100, 2  # pixels of the drawing to an inch; drawn twice as fine
_POINTS = 72 / _DPI  # of one pixel
_OTHERS = (  # for headlines in other scripts
    "Noto Sans CJK JP", "Noto Sans CJK SC", "Noto Sans KR", "Noto Sans Arabic", "Noto Sans Myanmar",
    "Noto Sans Khmer", "Noto Sans Lao", "Noto Sans Devanagari", "DejaVu Sans",
)  # fmt: skip


def png(of: Drawing) -> bytes:
    """The drawing, two dots to a pixel. Raises MonitorError where it cannot be drawn."""
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MonitorError(
            "PNG needs the package matplotlib: install it, or use --format svg"
        ) from error
    families = _families()
    figure = Figure(figsize=(of.width / _DPI, of.height / _DPI), dpi=_DPI * _FINE)
    figure.set_facecolor("#ffffff")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, of.width), ylim=(of.height, 0))
    axes.axis("off")
    for order, part in enumerate(of.parts):
        _draw(axes, part, order, families)
    drawn = io.BytesIO()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a letter that no font has is drawn as a box
            figure.savefig(drawn, format="png", metadata={"Title": of.title})
    except (OSError, RuntimeError, ValueError) as error:
        raise MonitorError(f"the picture cannot be drawn: {error}") from error
    return drawn.getvalue()


def _draw(axes: Axes, part: Part, order: int, families: tuple[str, ...]) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Circle, Patch, Polygon, Rectangle

    if isinstance(part, Line):
        line = Line2D(
            (part.x1, part.x2), (part.y1, part.y2), color=part.colour,
            linewidth=part.width * _POINTS, zorder=order,
        )  # fmt: skip
        if part.dashed:
            line.set_linestyle((0, (3, 4)))
        axes.add_line(line)
    elif isinstance(part, Shape):
        if part.form == "diamond":
            patch: Patch = Polygon(diamond(part), color=part.colour, linewidth=0, zorder=order)
        elif part.form == "circle":
            patch = Circle((part.x, part.y), 10, color=part.colour, linewidth=0, zorder=order)
        else:
            patch = Rectangle(
                (part.x - 10, part.y - 10), 20, 20, color=part.colour, linewidth=0, zorder=order
            )
        axes.add_patch(patch)
    else:
        axes.text(
            part.x, part.y, part.text.replace("$", r"\$"), fontsize=part.size * _POINTS,
            color=part.colour, fontweight="bold" if part.bold else "normal",
            ha={"start": "left", "middle": "center", "end": "right"}[part.anchor],
            va="baseline", family=list(families), zorder=order,
        )  # fmt: skip


@cache
def _families() -> tuple[str, ...]:
    """Our letters and those of this machine for other scripts."""
    from matplotlib import font_manager

    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    folder = files("alerts") / "vendor" / "sarabun"
    try:
        for name in ("Sarabun-Regular.ttf", "Sarabun-Bold.ttf"):
            with as_file(folder / name) as path:
                font_manager.fontManager.addfont(path)
    except (OSError, RuntimeError) as error:
        raise MonitorError(f"the letters for pictures cannot be used: {error}") from error
    known = set(font_manager.get_font_names())
    return ("Sarabun", *(name for name in _OTHERS if name in known))
