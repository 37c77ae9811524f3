"""Lines of a formula that are drawn in colours, and where their symbols are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QRectF
from PySide6.QtSvg import QSvgRenderer

from app.theme.typesetting import INK
from sim.expressions.marking import marked
from sim.formula import formula

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from PySide6.QtGui import QPainter

    from sim.scenario import Scenario

NUMBER = r"-?\d+(?:\.\d+)?"
PART = re.compile(r'<(path|rect)\s([^>]*?)fill="(#[0-9a-f]{6})"')
OUTLINE = re.compile(r'\bd="([^"]*)"')
CORNER = re.compile(rf"({NUMBER})[\s,]+({NUMBER})")
SIDE = re.compile(rf'\b(x|y|width|height)="({NUMBER})"')


@dataclass(frozen=True)
class MarkedLines:
    """The formula of a scenario in LaTeX, in which symbols have a colour of their own.

    Attributes
    ----------
    equations, definitions : tuple of str
        Lines of LaTeX: equations of motion, and what they need.
    paths : mapping of str to str
        The setting that is meant by a colour.
    """

    equations: tuple[str, ...]
    definitions: tuple[str, ...]
    paths: Mapping[str, str]

    @staticmethod
    def of(scenario: Scenario) -> MarkedLines:
        """Return the formula of `scenario`."""
        colours: dict[str, str] = {}

        def start(path: str) -> str:
            colour = colours.setdefault(path, f"#0000{len(colours) + 1:02x}")
            return rf"\textcolor{{{colour}}}{{"

        found = marked(formula(scenario), start)
        return MarkedLines(
            tuple(e.latex() for e in found.equations),
            found.definitions(),
            {colour: path for path, colour in colours.items()},
        )

    @property
    def lines(self) -> tuple[str, ...]:
        """All lines, equations first."""
        return self.equations + self.definitions


@dataclass(frozen=True)
class Spot:
    """Where a symbol stands in a drawing, and the setting that it shows."""

    path: str
    box: QRectF


class Drawing:
    """One line of a formula.

    Parameters
    ----------
    svg : str
        Drawn in `INK`, with a colour for every setting.
    paths : mapping of str to str
        The settings, by their colours.

    Attributes
    ----------
    box : QRectF
        Around everything; the line's baseline is at y = 0.
    spots : tuple of Spot
        From left to right.
    """

    def __init__(self, svg: str, paths: Mapping[str, str]) -> None:
        self._svg, self._paths = svg, paths
        self._images: dict[tuple[tuple[str, str], ...], QSvgRenderer] = {}
        self.box = self._image({}).viewBoxF()
        self.spots = tuple(_spots(svg, paths))

    def render(
        self, painter: QPainter, at: QRectF, ink: str, colours: Mapping[str, str]
    ) -> None:
        """Draw into the box `at` in a colour, with other colours for some settings."""
        fills = {c: colours.get(path, ink) for c, path in self._paths.items()}
        self._image({INK: ink, **fills}).render(painter, at)

    def _image(self, fills: Mapping[str, str]) -> QSvgRenderer:
        key = tuple(fills.items())
        if key not in self._images:
            svg = self._svg
            if fills:
                svg = PART.sub(_filler(fills), svg)
            self._images[key] = QSvgRenderer(QByteArray(svg.encode()))
        return self._images[key]


def _filler(fills: Mapping[str, str]) -> Callable[[re.Match[str]], str]:
    def fill(part: re.Match[str]) -> str:
        shape, inside, colour = part.groups()
        return f'<{shape} {inside}fill="{fills.get(colour, colour)}"'

    return fill


def _spots(svg: str, paths: Mapping[str, str]) -> Iterator[Spot]:
    """Yield the symbols that have settings: neighbours of one colour are one."""
    last, box = "", QRectF()
    for shape, inside, colour in PART.findall(svg):
        here = _outline(inside) if shape == "path" else _rectangle(inside)
        if colour == last:
            box = box.united(here)
            continue
        if last in paths:
            yield Spot(paths[last], box)
        last, box = colour, here
    if last in paths:
        yield Spot(paths[last], box)


def _outline(inside: str) -> QRectF:
    """Return the box around the points of a path, a little too large for curves."""
    found = OUTLINE.search(inside)
    corners = CORNER.findall(found[1]) if found else []
    if not corners:
        return QRectF()
    x, y = ([float(c) for c in side] for side in zip(*corners, strict=True))
    return QRectF(min(x), min(y), max(x) - min(x), max(y) - min(y))


def _rectangle(inside: str) -> QRectF:
    sides = {name: float(value) for name, value in SIDE.findall(inside)}
    return QRectF(*(sides.get(name, 0.0) for name in ("x", "y", "width", "height")))
