"""Sizes of a presentation: multiples of a unit, 1/28 of the height of the window."""

from __future__ import annotations

from app.annotations.caption import SMALL_PT
from app.annotations.text_cache import PX_PER_PT
from app.theme.colour import with_contrast

UNITS = 28.0  # of the height: no letter is smaller than one
BODY, TITLE, STAR, VALUE = 1.1, 1.6, 4.2, 1.5  # sizes of letters, in units
LEAST = 1.0  # size of letters, in units
LINE = 4.0 / 27.4  # widths of lines, in units
MIN_LINE_PX = 3.0
MARGIN = 1.2  # around everything, in units
HALL_CONTRAST = 7.0  # of letters against what is behind them
PANEL_SHARE = 0.42  # of the width, right of the globe
SLIM_SHARE, SLIM_FROM = 0.33, 3  # the same beside so many globes or more
FORMULA_SCALE = 2.5 / 27.4  # of a formula, for a unit of one pixel


def unit(height: float) -> float:
    """Return the unit of a window of a height, in pixels."""
    return height / UNITS


def text_scale(height: float) -> float:
    """Return the scale at which the smallest letters on a picture have one unit."""
    return 1.04 * unit(height) / (SMALL_PT * PX_PER_PT)


def panel_width(width: float, globes: int) -> int:
    """Return the width of the panel beside so many globes, in pixels."""
    return round((SLIM_SHARE if globes >= SLIM_FROM else PANEL_SHARE) * width)


def line_width(u: float) -> float:
    """Return the width of a line that is seen from the last row."""
    return max(MIN_LINE_PX, LINE * u)


def legible(colour: str, back: str) -> str:
    """Return a colour that is legible from the last row on a bad projector."""
    return with_contrast(colour, back, HALL_CONTRAST)
