"""The bar at the bottom: playback, speed, timeline and status."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from app.bars.speed_control import RateLabel, SpeedSlider
from app.bars.timeline import Timeline
from app.document.marks import marks_of, moved, without
from app.document.places import name_at, named_places
from app.document.token_names import TokenNames
from app.theme import icons
from app.theme.palette import DARK
from app.theme.theme import text_on_accent
from app.widgets.elided_label import ElidedLabel, PartsLabel

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.actions import Commands
    from app.document.document import Document
    from app.document.marks import Mark
    from app.document.player import Player
    from app.document.session import Session
    from app.theme.palette import Theme
    from sim.engine import Pace
    from sim.schedule import Change, Run

STATUS_MS = 250  # numbers that change faster cannot be read
FOLLOW_S = 0.06  # between two of the times that the timeline shows while time passes
ICON_SIZE, PLAY_SIZE, SPEED_WIDTH = 18, 20, 88  # pixels at scale 1
LATE_S = 1.0  # seconds without a frame, after which it is said that one is computed
LIBRARY_NAMES = {"numpy": "NumPy", "cupy": "CuPy"}
RIGHT = Qt.AlignmentFlag.AlignRight


def tool(commands: Commands, name: str) -> QToolButton:
    """Return a flat button for an action."""
    out = QToolButton()
    out.setDefaultAction(commands[name])
    out.setAccessibleName(commands[name].text().removesuffix("…"))
    out.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return out


class HasFps(Protocol):
    """What shows frames."""

    @property
    def fps(self) -> float:
        """Pictures a second."""
        ...


class Transport(QWidget):
    """Buttons of playback, the speed, the timeline and the status of the engine."""

    def __init__(
        self, session: Session, player: Player, commands: Commands, view: HasFps
    ) -> None:
        super().__init__()
        self._session, self._player, self._commands = session, player, commands
        self._view, self._theme, self._scale = view, DARK, 1.0
        self._was_playing: bool | None = None
        self._old_step_ms: float | None = None  # of a run that is no longer on show
        self._followed_at = 0.0
        self._marked: tuple[Change, ...] = ()  # those that the timeline shows
        self._names = TokenNames()
        self._named: object = None  # what the names of times are of
        self._places: tuple[tuple[float, str], ...] = ()
        self._tight = self._narrow = False
        self.setObjectName("transport")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._make()
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setInterval(STATUS_MS)
        self._timer.timeout.connect(self._show_status)
        self._timer.start()
        player.moved.connect(self._move)
        session.changed.connect(self._changed)
        self._show_speed(session.document)
        self._follow()
        self._show_status()

    def _make(self) -> None:
        names = ("to_start", "step_back", "play", "step", "to_end", "reset", "sample")
        self._tools = {name: tool(self._commands, name) for name in names}
        self._tools["play"].setObjectName("play")
        self._label = ElidedLabel("Speed", "muted")
        self.speed = SpeedSlider(self._session)
        self._rate = RateLabel()
        self._now = ElidedLabel("", "", RIGHT)
        self._place = ElidedLabel("", "muted")
        self._end = ElidedLabel("", "muted")
        self.timeline = Timeline(self._theme)
        self.timeline.sought.connect(self._player.seek)
        self.timeline.mark_moved.connect(self._move_mark)
        self.timeline.mark_deleted.connect(self._delete_mark)
        self._status = PartsLabel("", "small", RIGHT)
        for label, widest in ((self._rate, "0.000×"), (self._now, "0000.0")):
            label.setProperty("widest", widest)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 16, 0)
        row.setSpacing(4)
        for name, button in self._tools.items():
            if name == "reset":
                row.addSpacing(8)
            row.addWidget(button)
        row.addSpacing(10)
        row.addWidget(self._label)
        row.addWidget(self.speed)
        row.addWidget(self._rate)
        row.addSpacing(8)
        row.addWidget(self._now)
        row.addWidget(self._place)
        row.addWidget(self.timeline, 1)
        row.addWidget(self._end)
        row.addSpacing(12)
        row.addWidget(self._status)

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours of `theme`."""
        self._theme, self._scale, self._was_playing = theme, scale, None
        self.timeline.set_theme(theme)
        for name, button in self._tools.items():
            side = round((PLAY_SIZE if name == "play" else ICON_SIZE) * scale)
            button.setIconSize(QSize(side, side))
        self.speed.setFixedWidth(round(SPEED_WIDTH * scale))
        for label in (self._rate, self._now):
            widest = str(label.property("widest"))
            label.setFixedWidth(label.fontMetrics().horizontalAdvance(widest) + 4)
        self._follow()

    def close(self) -> bool:
        """Stop the clock."""
        self._timer.stop()
        return super().close()

    def narrow(self, narrow: bool, *, tight: bool = False) -> None:
        """Use less width; if `tight`, as little as possible."""
        self._tight, self._narrow = tight, narrow
        self._place.setVisible(bool(self._places) and not narrow)
        self._label.setVisible(not narrow)
        self._tools["to_start"].setVisible(not narrow)
        self._tools["to_end"].setVisible(not narrow)
        self._show_status()

    def _move(self) -> None:
        """Show the time, unless one nearly as late is on show while time passes."""
        if self._player.frame is not None:
            self._names.take(self._player.frame)
        recent = time.perf_counter() - self._followed_at < FOLLOW_S
        if not (recent and self._player.playing and self._was_playing):
            self._follow()

    def _follow(self) -> None:
        player, self._followed_at = self._player, time.perf_counter()
        end = max(self._session.document.scenario.duration, player.end)
        self.timeline.show_time(player.t, player.end, end, player.merges)
        self._show_marks()
        self._show_places(end)
        self._now.setText(f"{player.t:.1f}")
        self._end.setText(f"{end:.0f}")
        if player.playing is not self._was_playing:
            self._show_playing(player.playing)

    def _show_places(self, end: float) -> None:
        """Show what times are called, where they have names."""
        document = self._session.document
        of = document.scenario.dynamics, document.changes, math.ceil(end)
        if of != self._named:
            self._named, self._places = of, named_places(document.run, end)
            self.timeline.show_places(self._places)
            widest = max((n for _, n in self._places), key=len, default="")
            wide = self._place.fontMetrics().horizontalAdvance(widest) + 8
            self._place.setFixedWidth(wide)
            self._place.setVisible(bool(widest) and not self._narrow)
        self._place.setText(name_at(self._places, self._player.t))

    def _show_marks(self) -> None:
        """Show the changes of the run, where they are not those on show."""
        document = self._session.document
        if document.changes != self._marked:
            self._marked = document.changes
            self.timeline.show_marks(marks_of(document.run, self._names.by_id))

    def _move_mark(self, mark: Mark, t: float) -> None:
        self._rewrite(moved, (mark, t), f"move {mark.text}")

    def _delete_mark(self, mark: Mark) -> None:
        self._rewrite(without, (mark,), f"delete {mark.text}")

    def _rewrite(self, how: Callable[..., Run], arguments: Any, text: str) -> None:
        try:
            run = how(self._session.document.run, *arguments)
        except ValueError as error:
            self._session.refused.emit(f"The run was left as it is. {error}")
            return
        self._session.rewrite(run, text)

    def _show_playing(self, playing: bool) -> None:
        self._was_playing = playing
        name, text = ("pause", "Pause") if playing else ("play", "Play")
        side = round(PLAY_SIZE * self._scale)
        self._commands.rename("play", text)
        self._commands["play"].setIcon(
            icons.icon(name, self._theme, self._theme.text, side)
        )
        button = self._tools["play"]
        button.setIcon(icons.icon(name, self._theme, text_on_accent(self._theme), side))
        button.setAccessibleName(text)

    def _show_status(self) -> None:
        pace = self._player.pace
        self._rate.show_rate(pace, self._session.document.look.speed)
        self._show_pace(pace)
        self._follow()

    def _show_pace(self, pace: Pace) -> None:
        fps, seconds_waiting = self._view.fps, self._player.seconds_waiting
        what = f"{LIBRARY_NAMES.get(pace.backend, pace.backend)} · {pace.method}"
        still = "paused" if not self._player.playing else "below 1 fps"
        speed = f"{fps:.0f} fps" if fps >= 1 else still
        if pace.step_ms != self._old_step_ms:
            self._old_step_ms = None
        is_known = pace.step_ms > 0 and self._old_step_ms is None
        step = [f"{pace.step_ms:.1f} ms"] if is_known else []
        parts = [speed] if self._tight else [what, *step, speed]
        late = seconds_waiting > LATE_S
        if late:  # the picture on show may turn, but it is an old one
            parts = [what, f"computing for {seconds_waiting:.0f} s"]
        self._status.show_parts(parts)
        self._status.setProperty("role", "warn" if late else "small")
        self._status.style().polish(self._status)
        spent = f"{pace.step_ms:.2f} ms a step, " if is_known else ""
        self._status.setToolTip(
            f"{what}: {spent}{fps:.0f} frames per second\n{pace.method}: {pace.why}"
        )

    def _changed(self, old: Document, new: Document) -> None:
        if _work(old) != _work(new):  # until steps of the new run have been timed
            self._old_step_ms = self._player.pace.step_ms
        self._show_speed(new)
        self._follow()

    def _show_speed(self, document: Document) -> None:
        self.speed.show_speed(document)
        self._show_status()


def _work(document: Document) -> tuple[int, int, str]:
    """Return what the time of a step depends on most."""
    scenario = document.scenario
    return scenario.tokens, scenario.dimension, scenario.dynamics.kind
