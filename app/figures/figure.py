"""What a figure shows, in frozen records; no Qt, no layout, no fonts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from app.figures.parts import (
        Axis,
        Bars,
        Column,
        Curve,
        LegendEntry,
        Pair,
        PlacedText,
        Points,
        Rule,
    )
    from sim.array_types import AnyArray, Pixels


@dataclass(frozen=True, slots=True)
class PlotPanel:
    """Curves, points and bars on two axes.

    Attributes
    ----------
    parts : tuple
        What is drawn, the lowest first; those with a name are in the legend if there
        are several.
    rules : tuple of Rule
        Lines across it.
    note : str
        A short text above the plot, on the left.
    height : float
        Height of the axes in widths of the axes.
    equal : bool
        Whether a unit is as long on both axes; then the span of x is widened.
    data : tuple of Column
        The numbers.
    """

    x: Axis
    y: Axis
    parts: tuple[Curve | Points | Bars, ...]
    rules: tuple[Rule, ...] = ()
    note: str = ""
    height: float = 0.3
    equal: bool = False
    data: tuple[Column, ...] = ()


@dataclass(frozen=True, slots=True)
class HeatMap:
    """A square matrix as cells of colour.

    Attributes
    ----------
    cells : uint8, shape (n, n, 3)
        sRGB.
    strip : uint8, shape (n, 3)
        The colour of the token of each row and column.
    cuts : int, shape (c,)
        Before which rows a line is drawn.
    ticks : tuple of (float, str)
        Texts beside rows, which count from 0.
    rows, columns : str
        The labels of the axes.
    ramp : uint8, shape (256, 3), optional
        Colours of the scale, from its low to its high end.
    scale : tuple of (float, str)
        Texts of the scale, at places in [0, 1].
    scale_label : str
        What the scale shows.
    data : tuple of Column
        The numbers.
    """

    cells: Pixels
    strip: Pixels
    cuts: tuple[int, ...]
    ticks: tuple[tuple[float, str], ...]
    rows: str
    columns: str
    ramp: AnyArray | None
    scale: tuple[tuple[float, str], ...]
    scale_label: str
    note: str = ""
    data: tuple[Column, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of pixels with texts and lines over it, and a legend below.

    Attributes
    ----------
    pixels : uint8, shape (h, w, 3)
        sRGB.
    texts : tuple of PlacedText
        Labels.
    arrows : tuple of ((float, float), (float, float))
        Ends of lines, in widths of the picture; of axes.
    legend : tuple of LegendEntry
        Rows below the picture.
    """

    pixels: Pixels
    texts: tuple[PlacedText, ...] = ()
    arrows: tuple[tuple[Pair, Pair], ...] = ()
    legend: tuple[LegendEntry, ...] = ()
    data: tuple[Column, ...] = ()


@dataclass(frozen=True, slots=True)
class PictureRow:
    """Pictures side by side, each below a title; more than two in rows of two.

    Attributes
    ----------
    pictures : tuple of Picture
        From left to right.
    titles : tuple of str
        One for each.
    """

    pictures: tuple[Picture, ...]
    titles: tuple[str, ...]

    @property
    def data(self) -> tuple[Column, ...]:
        """The numbers of all pictures; the name of a column begins with the title."""
        return tuple(
            replace(column, name=f"{title}: {column.name}")
            for title, picture in zip(self.titles, self.pictures, strict=True)
            for column in picture.data
        )


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text below headings; `marks` are the colours of the first column."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    marks: tuple[str, ...] = ()
    data: tuple[Column, ...] = ()


class Paints(Protocol):
    """What fills a rectangle by itself, such as the plate of a lab."""

    def paint(
        self, p: QPainter, box: tuple[float, float, float, float], points: float
    ) -> None:
        """Fill `box`: left, top, width, height; letters are `points` high."""
        ...


@dataclass(frozen=True, slots=True)
class PaintedPanel:
    """A panel that is drawn by `painter`; its height is in widths of the figure."""

    painter: Paints
    height: float
    data: tuple[Column, ...] = ()


Panel = PlotPanel | HeatMap | Picture | PictureRow | Table | PaintedPanel


@dataclass(frozen=True, slots=True)
class Figure:
    """Panels one below the other, and lines of text below them.

    Attributes
    ----------
    name : str
        For the name of a file.
    panels : tuple
        From top to bottom.
    caption : tuple of str
        Lines that say what was run, in small type.
    """

    name: str
    panels: tuple[Panel, ...]
    caption: tuple[str, ...] = ()
