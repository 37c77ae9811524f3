"""The lines below a figure: what was run, and at which time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.annotations.caption_text import title

if TYPE_CHECKING:
    from sim.frame import Frame
    from sim.scenario import Scenario


def frame_caption(frame: Frame) -> tuple[str, ...]:
    """Return the title of the run, its main settings and the time of `frame`."""
    name = title(frame.scenario)
    return (f"{name}: {settings_text(frame.scenario)}, t = {frame.t:.6g}",)


def settings_text(scenario: Scenario) -> str:
    """Return the law, n, d, β and the seed in a few words."""
    law = scenario.dynamics
    parts = [law.title or law.kind, f"n = {scenario.tokens}"]
    parts.append(f"d = {scenario.dimension}")
    if law.inverse_temperature is not None:
        parts.append(f"β = {law.inverse_temperature:.6g}")
    return ", ".join([*parts, f"seed {scenario.seed}"])
