"""The pictures of all lanes side by side, seen by one camera."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial, reduce
from operator import or_
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout

from app.canvas.build_turns import BuildTurns
from app.canvas.token_view import TokenView
from app.lanes.lane_bar import LaneBar
from app.lanes.lane_header import LaneHeader
from app.widgets.view import View
from sim.lanes import MAX_LANES, with_shared_axes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from app.document.document import Document
    from app.document.lane_control import LaneControl
    from app.scene.camera import Camera
    from app.scene.scene_info import SceneInfo
    from app.theme.palette import Theme
    from sim.frame import Frame, FrameRequest

HEADER_PX = 30  # of the title of a lane, in the choice between rows and columns
UNSEEN_S = 0.25  # after which pictures are no longer waited for
BUILDING_S = 0.012  # that the window waits for the scenes of all lanes


class LaneGrid(View):
    """Shows the tokens of every lane; one lane fills it, without a title.

    The mouse turns all pictures at once, and a token that is chosen or lit up in one is
    so in all.  Of the scenes it passes on that of the lane that is edited.

    Parameters
    ----------
    first : TokenView
        The picture of the first lane.
    """

    shows_all_lanes: ClassVar[bool] = True
    keeps_pace: ClassVar[bool] = True
    enlarges: ClassVar[bool] = True

    token_pulled = Signal(object, int, object)
    """The picture, the id of a token that the mouse drags, and where it is."""
    token_let_go = Signal()
    """The mouse has left the token where it is."""
    wheel_turned = Signal(int)
    """The wheel was turned up (1) or down (−1) over bare pictures."""
    stroke_ended = Signal(object, object)
    """The picture, and positions along a stroke at which tokens are laid."""
    painting_left = Signal()
    """Strokes are to lay no more tokens."""
    camera_turned = Signal(float, float, float)
    """Azimuth, elevation and zoom, when the user's movement is over."""
    direction_turned = Signal(bool)
    """Whether Shift is held: who attends and who is attended to are exchanged."""
    titled = Signal(int, str)
    """The lane that is edited, from 0, and its title; no title for a run alone."""

    def __init__(self, first: TokenView, lanes: LaneControl, theme: Theme) -> None:
        super().__init__()
        self._lanes, self._theme, self._scale = lanes, theme, 1.0
        self._document: Document | None = None
        self._reduced_motion = self._presented = self._painting = False
        self._panes: list[TokenView] = []
        self._headers: list[LaneHeader] = []
        self._turns = BuildTurns(lanes.engines.go_on)
        self._waiting: Sequence[Frame] | None = None
        self._unseen: set[TokenView] = set()  # pictures that are being drawn
        self._sent_at, self._placed = 0.0, 1  # the latter: pictures side by side
        self.bar = LaneBar()
        self.bar.together_chosen.connect(lanes.edit_together)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.bar)
        box.addLayout(self._grid, 1)
        self.setObjectName("lanes")
        self._add_pane(first)
        self._arrange()

    @property
    def panes(self) -> tuple[TokenView, ...]:
        """The pictures, one for each lane."""
        return tuple(self._panes)

    @property
    def headers(self) -> tuple[LaneHeader, ...]:
        """The titles of the lanes."""
        return tuple(self._headers)

    @property
    def edited(self) -> TokenView:
        """The picture of the lane that is edited."""
        place = 0 if self._document is None else self._document.place
        return self._panes[min(place, len(self._panes) - 1)]

    def request(self) -> FrameRequest:
        """Return what the next frames should hold."""
        return reduce(or_, (pane.request() for pane in self._panes))

    def request_between(self) -> FrameRequest:
        """Return what frames between whole ones hold: no numbers of the caption."""
        return replace(self.request(), observables=frozenset())

    def show_frames(self, frames: Sequence[Frame]) -> None:
        """Show the frames of one moment, one for each lane."""
        now = time.perf_counter()
        if self._unseen and now - self._sent_at < UNSEEN_S:
            self._keep_whole()
            self._waiting = frames
        else:
            self._send(frames, now)
        if len(frames) > 1 and self._document is not None:
            place = min(self._document.place, len(frames) - 1)
            self.bar.show_difference(frames, place)
            for header, engine in zip(self._headers, self._lanes.engines, strict=False):
                header.show_status(behind=engine.late, failed=engine.failed)

    def _keep_whole(self) -> None:
        """Have a whole scene that waits built without being drawn: views need it."""
        if self._waiting is not None and len(self._waiting) > 1:
            place = self._panes.index(self.edited)
            if (frame := self._waiting[place]).whole:
                self.edited.build_scene(frame)

    def _send(self, frames: Sequence[Frame], now: float) -> None:
        """Have frames of one moment drawn; the next ones wait until all are.

        Else each picture would be of the moment at which its own drawing was over, and
        engines would make frames that are never drawn.
        """
        self._waiting, self._sent_at = None, now
        self._unseen = set(self._panes)
        self._lanes.hold(UNSEEN_S)
        self._turns.begin(len(self._panes))
        shown = with_shared_axes(frames)
        for pane, frame in zip(self._panes, shown, strict=False):
            pane.show_frames((frame,))
        if len(self._panes) > 1 and self.isVisible():
            self._turns.wait(BUILDING_S)

    def build_scene(self, frame: Frame) -> None:
        """Build the scene of a frame of the edited lane."""
        self.edited.build_scene(frame)

    def show_document(self, document: Document) -> None:
        """Show a picture for each lane of `document`, with its title."""
        old, self._document = self._document, document
        while len(self._panes) < len(document.lanes):
            self._add_pane(TokenView(self._theme))
        while len(self._panes) > len(document.lanes):
            self._remove_pane()
        if old is None or len(old.lanes) != len(document.lanes):
            self._arrange()
        for k, pane in enumerate(self._panes):
            pane.edited = k == document.place
            pane.show_document(document)
        self.show_titles(document)

    def show_titles(self, document: Document) -> None:
        """Write what differs between the lanes, their changes in time included."""
        if len(document.lanes) == 1:
            self.titled.emit(0, "")
            return
        comparison = document.comparison
        titles, notes = comparison.titles, comparison.own_starts
        for k, header in enumerate(self._headers):
            title = titles[k] or f"Lane {k + 1}"
            header.show_lane(title, notes[k], chosen=k == document.place)
            if k == document.place:
                self.titled.emit(k, title)
        self.bar.show_together(self._lanes.edited_together)

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours of `theme`, and text `scale` times as large."""
        self._theme, self._scale = theme, scale
        for pane, header in zip(self._panes, self._headers, strict=True):
            pane.set_theme(theme, scale)
            header.set_theme(theme)

    def present(self, on: bool, letters_px: int = 0) -> None:
        """Show titles and pictures alone, without what edits lanes; or all again.

        Titles have letters of `letters_px` pixels then.
        """
        self._presented = on
        self.setStyleSheet(f"QLabel {{ font-size: {letters_px}px; }}" if on else "")
        self.bar.setVisible(len(self._panes) > 1 and not on)
        for pane, header in zip(self._panes, self._headers, strict=True):
            pane.show_bare(on)
            header.present(on)

    def paint_tokens(self, on: bool) -> None:
        """Let strokes of the mouse lay tokens, or turn the globe again."""
        self._painting = on
        for pane in self._panes:
            pane.paint_tokens(on)

    def reduce_motion(self, reduced: bool) -> None:
        """Turn and ease no camera; or do so again."""
        self._reduced_motion = reduced
        for pane in self._panes:
            pane.orbit.reduced_motion = reduced

    def choose(self, tokens: tuple[int, ...]) -> None:
        """Mark `tokens` in every picture."""
        for pane in self._panes:
            pane.choose(tokens)

    def hover(self, tokens: tuple[int, ...]) -> None:
        """Light up `tokens` in every picture."""
        for pane in self._panes:
            pane.hover(tokens)

    def close(self) -> bool:
        """Stop all timers and free the canvases."""
        for pane in self._panes:
            pane.close()
        return super().close()

    def _add_pane(self, pane: TokenView) -> None:
        place = len(self._panes)
        header = LaneHeader(place, self._theme)
        header.chosen.connect(self._lanes.choose)
        header.closed.connect(self._lanes.close)
        header.kept.connect(self._lanes.close_others)
        header.present(self._presented)
        pane.orbit.reduced_motion = self._reduced_motion
        pane.share_turns(self._turns)
        pane.request_changed.connect(self.request_changed)
        pane.tokens_chosen.connect(self.tokens_chosen)
        pane.tokens_hovered.connect(self.tokens_hovered)
        pane.look_edited.connect(self.look_edited)
        pane.figure_requested.connect(self.figure_requested)
        pane.camera_turned.connect(self.camera_turned)
        pane.token_pulled.connect(partial(self.token_pulled.emit, pane))
        pane.token_let_go.connect(self.token_let_go)
        pane.direction_turned.connect(self.direction_turned)
        pane.stroke_ended.connect(partial(self.stroke_ended.emit, pane))
        pane.painting_left.connect(self.painting_left)
        pane.paint_tokens(self._painting)
        pane.lane_asked.connect(partial(self._lanes.choose, place))
        pane.scenes_built.connect(partial(self._pass_on, pane))
        pane.camera_moved.connect(partial(self._follow_camera, pane))
        pane.wheel_turned.connect(self.wheel_turned)
        if place:
            pane.set_theme(self._theme, self._scale)
            pane.follow_camera(self._panes[0].orbit.camera)
            pane.choose(self._panes[0].chosen)
        self._panes.append(pane)
        self._headers.append(header)
        pane.show_bare(self._presented)
        header.present(self._presented)

    def _remove_pane(self) -> None:
        pane, header = self._panes.pop(), self._headers.pop()
        self._unseen.discard(pane)
        pane.close()
        for part in (pane, header):
            part.setParent(None)
            part.deleteLater()

    def _pass_on(self, pane: TokenView, scenes: tuple[SceneInfo, ...]) -> None:
        """Pass on the scenes of the lane that is edited, and show what waits."""
        self._unseen.discard(pane)
        if not self._unseen:
            self._lanes.release()
            if self._waiting is not None:
                self._send(self._waiting, time.perf_counter())
        if pane is self.edited:
            self.scenes_built.emit(scenes)

    def _follow_camera(self, moved: TokenView, camera: Camera) -> None:
        """Turn the other pictures as one was turned."""
        for pane in self._panes:
            if pane is not moved:
                pane.follow_camera(camera, patient=not moved.orbit.busy)

    def _columns(self) -> int:
        head = max(HEADER_PX, self._headers[0].sizeHint().height())
        return best_columns(len(self._panes), self.width(), self.height(), head)

    def _arrange(self) -> None:
        """Place the pictures: side by side where there is room, else in rows."""
        columns, several = self._columns(), len(self._panes) > 1
        self._placed = columns
        self.bar.setVisible(several and not self._presented)
        for part in (*self._headers, *self._panes):
            self._grid.removeWidget(part)
        for k, (header, pane) in enumerate(
            zip(self._headers, self._panes, strict=True)
        ):
            row, column = 2 * (k // columns), k % columns
            self._grid.addWidget(header, row, column)
            self._grid.addWidget(pane, row + 1, column)
            header.setVisible(several)
            pane.show_title(not several)
            pane.show()
        for k in range(2 * MAX_LANES):
            used = k // 2 < -(-len(self._panes) // columns)
            self._grid.setRowStretch(k, 1 if k % 2 and used else 0)
        for k in range(MAX_LANES):
            self._grid.setColumnStretch(k, 1 if k < columns else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Arrange the pictures anew where the shape has changed."""
        super().resizeEvent(event)
        if self._columns() != self._placed:
            self._arrange()


def best_columns(count: int, w: float, h: float, head: float) -> int:
    """Return in how many columns pictures under heads of a height are largest.

    Of several that are, the one that leaves no place empty, and then the most.
    """

    def rank(columns: int) -> tuple[float, int, int]:
        side = min(w / columns, h / -(-count // columns) - head)
        return side, -(-count % columns), columns

    return max(range(1, count + 1), key=rank)
