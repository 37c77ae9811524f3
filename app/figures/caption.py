"""The lines below a figure: what was run, and at which time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.annotations.caption_text import title
from app.annotations.number_format import general

if TYPE_CHECKING:
    from sim.frame import Frame
    from sim.scenario import Scenario

NO_BREAK = "\u00a0"


def frame_caption(frame: Frame) -> tuple[str, ...]:
    """Return the title of the run, its main settings and the time of `frame`."""
    name = title(frame.scenario)
    time = unbroken(f"t = {frame.t:.6g}")
    return (f"{name}: {settings_text(frame.scenario)}, {time}",)


def settings_text(scenario: Scenario) -> str:
    """Return the law, n, d, β and the seed in a few words."""
    law = scenario.dynamics
    parts = [f"n = {scenario.tokens}", f"d = {scenario.dimension}"]
    if law.inverse_temperature is not None:
        parts.append(f"β = {general(law.inverse_temperature)}")
    parts.append(f"seed {scenario.seed}")
    return ", ".join([law.title or law.kind, *map(unbroken, parts)])


def unbroken(text: str) -> str:
    """Return `text` with spaces at which no line is broken."""
    return text.replace(" ", NO_BREAK)
