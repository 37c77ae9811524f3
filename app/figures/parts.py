"""What the panels of a figure are made of: axes, series, texts; no Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.array_types import AnyArray, Floats, Ints

    Pair = tuple[float, float]
    Cells = Floats | Ints | Sequence[float] | Sequence[str]

Shape = Literal["ring", "diamond", "cross"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the data behind a figure: all points, not only those in view."""

    name: str
    values: Cells
    unit: str = ""

    @property
    def heading(self) -> str:
        """The name, and the unit if there is one."""
        return f"{self.name} ({self.unit})" if self.unit else self.name


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis.

    Attributes
    ----------
    label, unit : str
        What is written along it; the unit in brackets.
    span : (float, float)
        Its ends; both positive if it is logarithmic.
    log, whole : bool
        Whether it is logarithmic, and whether it counts something.
    labelled : bool
        Whether its numbers and its label are drawn.
    """

    label: str
    span: Pair
    unit: str = ""
    log: bool = False
    whole: bool = False
    labelled: bool = True

    @property
    def text(self) -> str:
        """The label with its unit."""
        return f"{self.label} ({self.unit})" if self.unit else self.label


@dataclass(frozen=True, slots=True)
class Curve:
    """A line through (x, y), each (k,); NaN in y breaks it.  Without a name: a guide.

    `steps` keeps each value until the next.
    """

    name: str
    x: Floats
    y: Floats
    colour: str
    dashed: bool = False
    steps: bool = False
    width: float = 1.1  # pt


@dataclass(frozen=True, slots=True)
class Points:
    """Markers at (x, y), each (k,); `texts` are written beside them."""

    name: str
    x: Floats
    y: Floats
    colour: str
    shape: Shape
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars from the axis to `height`, from `left` to `right`: (k,) each."""

    name: str
    left: Floats
    right: Floats
    height: Floats
    colour: str
    outlined: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin line across the plot, at a value of the x axis or of the y axis."""

    at: float
    text: str
    colour: str
    vertical: bool = True
    dashed: bool = True


@dataclass(frozen=True, slots=True)
class PlacedText:
    """A text on a picture: its left end and middle, in widths of the picture."""

    text: str
    at: Pair
    colour: str
    strong: bool = False
    halo: bool = True
    centred: bool = False


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """A sample of colour, or a ramp of several, (k, 3) in [0, 1]; and its texts."""

    text: str
    colours: AnyArray | None = None
    low: str = ""
    line: bool = False
