"""The letters: one shipped family, so that every machine shows the same picture."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontDatabase

from sim.resources import asset

FONT_FOLDER = asset("fonts")
FAMILY = "Inter"
BODY_PT = 10.5  # pt at scale 1
SMALL_PT = 9.0  # pt at scale 1: nothing on screen is smaller
TABULAR = QFont.Tag("tnum")  # figures of one width, so that numbers do not jitter


def install() -> str:
    """Make the shipped family known to Qt, once an application, and return its name.

    Raises
    ------
    RuntimeError
        If a file of it cannot be read.
    """
    if FAMILY not in _installed():
        for file in sorted(FONT_FOLDER.glob("*.otf")):
            if QFontDatabase.addApplicationFont(str(file)) < 0:
                raise RuntimeError(
                    f"the font {file.name} cannot be read. Install the program again."
                )
    return FAMILY


def _installed() -> list[str]:
    return QFontDatabase.applicationFontFamilies(0)


def font(points: float = BODY_PT, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the shipped family at a size, with tabular figures."""
    made = QFont(FAMILY)
    made.setPointSizeF(points)
    made.setWeight(weight)
    made.setFeature(TABULAR, 1)
    return made
