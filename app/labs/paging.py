"""Which panels of a plate are on which page, where all of them are too small."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.labs.plate_painter import (
    capacity,
    only_texts,
    places,
    text_lines,
    texts_fit,
)

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF

    from app.labs.ink import Ink
    from sim.plate import Plate

    Page = tuple[int, ...]


def paged(plate: Plate, box: QRectF, ink: Ink, first: tuple[int, ...]) -> list[Page]:
    """Return the numbers of panels on every page: those of `first`, then the rest.

    As many are on a page as fit with whole letters.
    """
    every = range(len(plate.panels))
    wanted = tuple(k for k in first if k in every)
    out: list[Page] = []
    for part in (wanted, tuple(k for k in every if k not in wanted)):
        page: Page = ()
        for k in part:
            if page and not _fit((*page, k), plate, box, ink):
                out.append(page)
                page = ()
            page = (*page, k)
        if page:
            out.append(page)
    return out


def _fit(page: Page, plate: Plate, box: QRectF, ink: Ink) -> bool:
    """Return whether the panels of a page and the texts at its foot fit."""
    part = part_of(plate, page)
    for panel, place in zip(part.panels, places(part, box, ink), strict=True):
        if only_texts(panel) and not texts_fit(panel, place, ink):
            return False
    lines = len(text_lines(part, box, ink))
    room = box.adjusted(0, 0, 0, -lines * ink.line - (ink.letter if lines else 0))
    across, down = capacity(part, room, ink)
    return len(page) <= across * down


def part_of(plate: Plate, page: Page) -> Plate:
    """Return the panels of a page alone."""
    return replace(plate, panels=tuple(plate.panels[k] for k in page))
