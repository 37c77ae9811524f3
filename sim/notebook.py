"""Runs in a notebook: a picture with settings and measures, and films inline."""

from __future__ import annotations

import base64
import html
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.played_run import PlayedRun
from sim.rendering import CannotDrawError, Video, rendered
from sim.settings.knobs import Settings, knob_of, used
from sim.settings.plugins import Plugin

if TYPE_CHECKING:
    from collections.abc import Mapping

PICTURE_SIZE = (480, 270)
PICTURE_TIMEOUT_S = 60.0  # a cell of a notebook waits no longer for its picture
CELL = "text-align:left;padding:1px 12px 1px 0"
WHOLE = ("title", "note", "reference")  # texts that stand above, or nowhere


class NotebookRun(PlayedRun):
    """A run that shows itself in a notebook."""

    def video(
        self,
        seconds: float = 5.0,
        *,
        start: float = 0.0,
        size: tuple[int, int] = (640, 360),
        fps: float = 30.0,
        layout: str = "globe",
        theme: str = "dark",
    ) -> Video:
        """Return a film of this run, which a notebook plays inline.

        The run itself stays where it is: the film is drawn by a process of its own, as
        by ``orrery render``.

        Parameters
        ----------
        seconds : float
            Length of the film; how much of the run that shows is set by its clock.
        start : float
            Time of the first frame.
        size : (int, int)
            Width and height in pixels.
        fps : float
            Frames per second.
        layout : {"globe", "curve", "matrix"}
            What is shown.
        theme : {"dark", "light"}
            The colours.

        Raises
        ------
        ValueError
            If it cannot be drawn; says why.
        """
        flags = {"seconds": seconds, "start": start, "fps": fps}
        return Video.of(self.run, size, {**flags, "layout": layout, "theme": theme})

    def __repr__(self) -> str:
        """Return the class, law, size and time, for a console."""
        n, d = self.x.shape
        law = self.scenario.dynamics.title
        return f"<{type(self).__name__}: {law}, n = {n}, d = {d}, t = {self.t:.6g}>"

    def _repr_html_(self) -> str:
        """Return a picture, the settings and the measures, for a notebook."""
        return html_of(self)


def html_of(run: PlayedRun) -> str:
    """Return a picture of the current state, the settings, and the measures."""
    scenario = run.scenario
    title = html.escape(scenario.title or scenario.dynamics.title)
    head = f"<b>{title}</b><br>t = {run.t:.6g}, n = {len(run.x)}, d = {run.x.shape[1]}"
    settings = {
        f"{path} ({label})" if label != path.rpartition(".")[2] else path: text
        for path, label, text in settings_of(scenario)
    }
    measures = {k: f"{v:.6g}" for k, v in run.measures().items() if v == v}  # no NaN
    tables = f"{_table('Settings', settings)}{_table('Measures', measures)}"
    both = f'<div style="display:flex">{tables}</div>'
    return f"<div>{head}<br>{_picture(run)}{both}</div>"


def settings_of(scenario: Settings) -> list[tuple[str, str, str]]:
    """Return path, symbol and value of the settings that are in use, but for texts."""
    out: list[tuple[str, str, str]] = []
    for path, owner, name in used(scenario):
        value = getattr(owner, name)
        part = isinstance(value, Plugin)
        if path in WHOLE or (isinstance(value, Settings) and not part):
            continue
        text = value.kind if part else _short(value)
        out.append((path, knob_of(type(owner), name).label, text))
    return out


def _short(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, tuple):
        return f"{len(value)} rows" if value else "none"
    text = str(value)
    return Path(text).name if "/" in text or "\\" in text else text


def _table(title: str, rows: Mapping[str, str]) -> str:
    cells = "".join(
        f'<tr><td style="{CELL}">{html.escape(name)}</td>'
        f'<td style="{CELL}">{html.escape(text)}</td></tr>'
        for name, text in rows.items()
    )
    return f"<details><summary>{title}</summary><table>{cells}</table></details>"


def _picture(run: PlayedRun) -> str:
    """Return a picture of the current state; a reason in words if it has none."""
    try:
        data = rendered(
            run.past, ".png", PICTURE_SIZE, {"at": run.t}, PICTURE_TIMEOUT_S
        )
    except CannotDrawError as error:
        return f"<i>No picture: {html.escape(str(error))}</i>"
    text = base64.b64encode(data).decode()
    return f'<img width="{PICTURE_SIZE[0]}" src="data:image/png;base64,{text}">'
