"""Texts of the strip: encoder, layers and decoder; no Qt."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from app.annotations.number_format import general, superscript

if TYPE_CHECKING:
    from sim.frame import Frame
    from sim.scenario import Scenario

ENERGIES = ("f_hat", "energy")  # the first that is defined is shown


def encoder_lines(scenario: Scenario) -> list[str]:
    """Return what makes h⁰: the initial condition, and the positions if any."""
    parts = (scenario.initial, scenario.encoding)
    return [p.title or p.kind for p in parts if p.kind != "none"]


def decoder_lines(frame: Frame) -> list[str]:
    """Return what is computed from the tokens: energy and number of clusters."""
    m, count = frame.measures, frame.measures.get("clusters", math.nan)
    energy = next((m[k] for k in ENERGIES if math.isfinite(m.get(k, math.nan))), None)
    out = [] if energy is None else [f"energy {general(energy, 3)}"]
    return out + ([f"{count:,.0f} clusters"] if math.isfinite(count) else [])


def layer_text(scenario: Scenario) -> str:
    """Return what one layer Φ is."""
    law, method = scenario.dynamics, scenario.integrator
    step = "layer" if method.discrete else "step of " + method.title
    return f"Φ: one {step}, h = {scenario.step:g}, of {law.title}."


def layer_power(power: int) -> str:
    """Return Φ to a power as text."""
    return "Φ" + (superscript(power) if power > 1 else "")
