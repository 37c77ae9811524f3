"""Sizes of a figure: letters in points, lines in points, gaps in millimetres."""

from __future__ import annotations

from dataclasses import dataclass

from app.figures.rich_text import PT
from app.theme.palette import PAPER, Theme

MM = 100.0  # of a millimetre
LABEL_PT, SMALL_PT = 8.0, 7.0  # of labels; of numbers, notes and legends
FULL_WIDTH_MM = 70.0  # narrower figures have smaller letters
MIN_PT = 5.0
WIDTH_RANGE_MM = (30.0, 600.0)

AXIS_PT, THIN_PT = 0.6, 0.4  # of lines
TICK_MM, MINOR_MM, GAP_MM = 0.9, 0.5, 0.8
MARGIN_MM = 1.0  # around everything
SPACE_MM = 2.0  # between panels
ROW_COLUMNS = 2  # of pictures side by side
MAX_PICTURE_MM = 120.0  # side of a matrix or a picture


@dataclass(frozen=True, slots=True)
class FigureStyle:
    """Sizes at one width, in hundredths of a millimetre and in points, and colours."""

    width: float
    label: float = LABEL_PT
    small: float = SMALL_PT
    theme: Theme = PAPER

    @staticmethod
    def of(width_mm: float) -> FigureStyle:
        """Return the sizes of a figure that is `width_mm` wide."""
        share = min(1.0, width_mm / FULL_WIDTH_MM)
        label, small = (max(MIN_PT, size * share) for size in (LABEL_PT, SMALL_PT))
        return FigureStyle(width_mm * MM, label, small)

    @property
    def line(self) -> float:
        """Height of a line of small text."""
        return 1.3 * self.small * PT


def cell_mm(width_mm: float, pictures: int) -> float:
    """Return the width of each of several pictures side by side, in millimetres."""
    columns = min(pictures, ROW_COLUMNS)
    return (width_mm - 2 * MARGIN_MM - (columns - 1) * SPACE_MM) / columns


def checked_width(width_mm: float) -> float:
    """Return `width_mm` if a figure can be so wide.

    Raises
    ------
    ValueError
        If it is out of bounds.
    """
    least, most = WIDTH_RANGE_MM
    if not least <= width_mm <= most:
        raise ValueError(
            f"the width of a figure must be in [{least:g}, {most:g}] mm, "
            f"got {width_mm:g}."
        )
    return width_mm
