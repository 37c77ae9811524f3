"""The lines below a figure: what was run, and at which time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.annotations.caption_text import title
from app.annotations.number_format import general
from app.document.marks import NO_NAMES, marks_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.frame import Frame
    from sim.scenario import Scenario
    from sim.schedule import Run

MAX_NAMED = 6  # changes in a caption
NO_BREAK = "\u00a0"


def frame_caption(frame: Frame) -> tuple[str, ...]:
    """Return the title of the run, its main settings and the time of `frame`."""
    name = title(frame.scenario)
    time = unbroken(f"t = {frame.t:.6g}")
    return (f"{name}: {settings_text(frame.scenario)}, {time}",)


def run_caption(
    run: Run, end: float, names: Mapping[int, str] = NO_NAMES
) -> tuple[str, ...]:
    """Return the title of a run, its settings at the start, and what changed to `end`.

    Such as ``β = 9, seed 0; β = 60 from t = 5``.
    """
    marks = [m for m in marks_of(run, names) if 0 < m.t <= end]
    later = [f"{m.text} {unbroken(f'from t = {m.t:.4g}')}" for m in marks[:MAX_NAMED]]
    if len(marks) > MAX_NAMED:
        later.append(f"and {len(marks) - MAX_NAMED} more changes")
    start = run.at(0.0)
    parts = (f"{title(start)}: {settings_text(start)}", *later)
    return ("; ".join(parts),)


def lanes_caption(
    runs: Sequence[Run], titles: Sequence[str], end: float
) -> tuple[str, ...]:
    """Return `run_caption` of each lane, after its title; of one run, without."""
    if len(runs) == 1:
        return run_caption(runs[0], end)
    pairs = enumerate(zip(runs, titles, strict=True), 1)
    return tuple(f"{t or f'lane {k}'}: {run_caption(r, end)[0]}" for k, (r, t) in pairs)


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
