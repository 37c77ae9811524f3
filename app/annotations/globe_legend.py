"""Rows of the legend for what is painted on the globe."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.annotations.legends import LegendRow
from app.gl.edges import WIDTHS_PX
from app.gl.scalar_field import exact_map
from app.theme.palette import rgb
from sim.measure.globe_flow import KAPPA

if TYPE_CHECKING:
    from app.scene.globe_fields import Painted
    from app.theme.palette import Theme


def globe_rows(painted: Painted, theme: Theme) -> list[LegendRow]:
    """Return the rows that explain a density, a divergence and streaks."""
    out = [LegendRow(reason) for reason in painted.reasons]
    if painted.field is not None and painted.kind != "potential":
        top, divergence = f"{painted.top:g}", painted.kind == "divergence"
        title = "div ẋ per unit of time: − gathers, + scatters"
        if not divergence:
            title = f"density, uniform = 1; kernel e^(κ⟨y,x⟩), κ = {KAPPA:g}"
        ramp = exact_map(theme, painted.kind).astype(np.float32) / np.float32(255)
        low, high = (f"−{top}", f"+{top}") if divergence else ("0", top)
        out += [LegendRow(title), LegendRow(high, ramp, wide=True, low=low)]
    if painted.streaks is not None:
        text = f"streaks: ẋ up to {painted.speed:.2g}"
        ink = rgb(theme.accent)
        out.append(LegendRow(text, ink[None], True, wedge=WIDTHS_PX))
    return out
