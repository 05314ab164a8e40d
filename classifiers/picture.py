"""A scorecard as a picture: thresholds above, calibration below. Plain SVG, no library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from classifiers.calibration import Calibration, Cost, Point
from classifiers.scorecard import Scorecard

WIDTH, HEIGHT = 1120, 640
_SIDE = 200  # of a panel's plot
_LEFT, _TOP, _APART_X, _APART_Y = 60, 90, 272, 290
# Told apart without colour too: solid, dashed.
_BLUE, _RED, _GREY = "#1f5fa8", "#b3261e", "#8a8f98"
_DASHED = ' stroke-dasharray="6 4"'
_STYLE = (
    "text{font-family:sans-serif;font-size:12px;fill:#222}"
    ".h{font-size:14px;font-weight:bold}.t{font-size:18px;font-weight:bold}"
    ".s{font-size:11px;fill:#555}"
)


@dataclass(frozen=True, slots=True)
class _Panel:
    """A square plot of 0..1 by 0..1 whose lower left corner is at x, y."""

    x: float
    y: float

    def at(self, across: float, up: float) -> str:
        return f"{self.x + across * _SIDE:.1f},{self.y - up * _SIDE:.1f}"

    def frame(self, title: str, across: str) -> list[str]:
        found = [_text(self.x, self.y - _SIDE - 12, title, "h")]
        for step in (0.0, 0.25, 0.5, 0.75, 1.0):
            found.append(_path([self.at(0, step), self.at(1, step)], "#e3e5e8", 1))
            found.append(_text(self.x - 6, self.y - step * _SIDE + 4, f"{step:g}", "s", "end"))
            found.append(_text(self.x + step * _SIDE, self.y + 16, f"{step:g}", "s", "middle"))
        found.append(_path([self.at(0, 1), self.at(0, 0), self.at(1, 0)], "#555", 1))
        found.append(_text(self.x + _SIDE / 2, self.y + 34, across, "s", "middle"))
        return found

    def line(
        self, points: Sequence[tuple[float, float]], colour: str, *, dashed: bool = False
    ) -> str:
        return _path([self.at(*point) for point in points], colour, 2, dashed=dashed)

    def upright(self, across: float, word: str, up: float) -> list[str]:
        marked = _path([self.at(across, 0), self.at(across, 1)], _GREY, 1.5, dashed=True)
        x, y = self.x + across * _SIDE, self.y - up * _SIDE
        side = ("end", -3) if word == "asked" else ("start", 3)
        return [marked, _text(x + side[1], y, word, "s", side[0])]


def picture(card: Scorecard, thresholds: dict[str, tuple[float, float]]) -> str:
    """The scorecard as an SVG document.

    `thresholds` are those in force by label, (unsure, sure); labels may be missing.
    """
    rows = card.scores.all.rows
    drawn = [
        _text(_LEFT, 34, f"{card.scores.classifier}: {rows} rows", "t"),
        _text(_LEFT, 54, "above: what a threshold gives; below: what a probability means", "s"),
    ]
    for index, name in enumerate(card.curve):
        x = _LEFT + index * _APART_X
        upper = _Panel(x, _TOP + _SIDE)
        drawn += _label_panel(upper, name, card.curve[name], thresholds.get(name))
        drawn += _reliability(_Panel(x, _TOP + _SIDE + _APART_Y), name, card.calibration[name])
    last = _Panel(_LEFT + len(card.curve) * _APART_X, _TOP + _SIDE)
    drawn += _cost_panel(last, card.costs)
    drawn += _legend(last.x, _TOP + _APART_Y + 20)
    body = "\n".join(drawn)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" role="img">\n'
        f"<title>{escape(card.scores.classifier)}: thresholds and calibration</title>\n"
        f"<style>{_STYLE}</style>\n"
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>\n{body}\n</svg>\n'
    )


def _label_panel(
    panel: _Panel, name: str, points: Sequence[Point], limits: tuple[float, float] | None
) -> list[str]:
    drawn = panel.frame(name, "threshold")
    if limits is not None:
        drawn += panel.upright(limits[0], "asked", 0.12)
        drawn += panel.upright(limits[1], "sure", 0.03)
    precision = [(p.threshold, p.precision) for p in points if p.precision is not None]
    recall = [(p.threshold, p.recall) for p in points if p.recall is not None]
    return [*drawn, panel.line(precision, _BLUE), panel.line(recall, _RED, dashed=True)]


def _cost_panel(panel: _Panel, found: Sequence[Cost]) -> list[str]:
    drawn = panel.frame("all labels, one threshold", "threshold")
    false = [(c.threshold, c.false) for c in found if c.false is not None]
    missed = [(c.threshold, c.missed) for c in found if c.missed is not None]
    return [*drawn, panel.line(false, _BLUE), panel.line(missed, _RED, dashed=True)]


def _reliability(panel: _Panel, name: str, of: Calibration) -> list[str]:
    drawn = panel.frame(f"{name}: ECE {of.ece:.3f}", "probability given")
    drawn.append(_path([panel.at(0, 0), panel.at(1, 1)], _GREY, 1, dashed=True))
    most = max((each.rows for each in of.bins), default=1)
    drawn.append(panel.line([(each.said, each.true) for each in of.bins], _BLUE))
    for each in of.bins:
        x, y = panel.at(each.said, each.true).split(",")
        size = 2.5 + 5.5 * (each.rows / most) ** 0.5
        drawn.append(
            f'<circle cx="{x}" cy="{y}" r="{size:.1f}" fill="{_BLUE}" fill-opacity="0.6">'
            f"<title>{each.rows} rows</title></circle>"
        )
    return drawn


def _legend(x: float, y: float) -> list[str]:
    lines = (
        (_BLUE, False, "precision / false alarms"),
        (_RED, True, "recall / missed crises"),
        (_GREY, True, "thresholds in force / ideal"),
    )
    drawn: list[str] = []
    for number, (colour, dashed, words) in enumerate(lines):
        up = y + 24 * number
        drawn.append(_path([f"{x},{up}", f"{x + 36},{up}"], colour, 2, dashed=dashed))
        drawn.append(_text(x + 44, up + 4, words))
    drawn.append(_text(x, y + 84, "a dot's size is the number of rows", "s"))
    return drawn


def _path(points: Sequence[str], colour: str, width: float, *, dashed: bool = False) -> str:
    return (
        f'<polyline points="{" ".join(points)}" fill="none" stroke="{colour}" '
        f'stroke-width="{width}"{_DASHED if dashed else ""}/>'
    )


def _text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    named = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.1f}" y="{y:.1f}"{named} text-anchor="{anchor}">{escape(words)}</text>'
