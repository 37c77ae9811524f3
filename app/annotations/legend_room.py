"""Whether the large letters of a legend cover the globe that they explain."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from app.annotations.caption import SIDE_MARGIN
from app.annotations.globe_room import RING_RADIUS
from app.annotations.legends import ROW_PX, SWATCH_PX, TEXT_GAP_PX, TOP_PX

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QFontMetricsF

    from app.annotations.legends import LegendRow
    from app.scene.camera import Camera


def is_beside(
    rows: Sequence[LegendRow],
    metrics: QFontMetricsF,
    scale: float,
    camera: Camera,
    ratio: float,
    *,
    above: int = 0,
) -> bool:
    """Return whether a legend in the top left corner lies beside the globe.

    Parameters
    ----------
    rows : sequence of LegendRow
        Its rows, in letters of `metrics`.
    scale : float
        Of its lengths.
    camera : Camera
        Whose pixels are `ratio` to one of the picture.
    above : int
        How many other rows are above them.
    """
    wide = max((metrics.horizontalAdvance(row.text) for row in rows), default=0.0)
    right = wide + (SIDE_MARGIN + SWATCH_PX[0] + 2 * TEXT_GAP_PX) * scale
    bottom = (TOP_PX + ROW_PX * (above + len(rows) - 0.5)) * scale
    x, y = (camera.project(np.zeros((1, 3)))[0][0] / ratio).tolist()
    radius = camera.pixels / ratio * (RING_RADIUS if camera.flat else 1.0)
    return math.hypot(max(x - right, 0.0), max(y - bottom, 0.0)) > radius
