"""The only place that passes frames, scenes, themes and choices to all views."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.widgets.view import NO_REQUEST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from app.document.document import Document
    from app.scene.scene_info import SceneInfo
    from app.theme.palette import Theme
    from app.widgets.view import View
    from sim.frame import Frame, FrameRequest


class ViewSet(QObject):
    """The views of a window, in the order in which they are shown frames."""

    request_changed = Signal(object)
    """The joint `FrameRequest` of all visible views; also where `between` changed."""
    time_chosen = Signal(float)
    look_edited = Signal(str, object)
    figure_requested = Signal(object, str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._views: list[View] = []
        self.request: FrameRequest | None = None
        self.between: FrameRequest | None = None
        """What those that keep pace need of frames between whole ones."""

    def add(self, view: View) -> None:
        """Pass everything on to `view` from now on."""
        self._views.append(view)
        view.request_changed.connect(self.update_request)
        view.tokens_chosen.connect(self.choose)
        view.tokens_hovered.connect(self.hover)
        view.look_edited.connect(self.look_edited)
        view.time_chosen.connect(self.time_chosen)
        view.scenes_built.connect(self.show_scenes)
        view.figure_requested.connect(self.figure_requested)

    def _visible(self) -> list[View]:
        return [v for v in self._views if v.isVisibleTo(self._window) and self._open(v)]

    def _open(self, view: View) -> bool:
        """Return whether a view is in this window, or in another that is open."""
        own = self._window.isAncestorOf(view) or view.window() is view
        return own or view.window().isVisible()

    def _shown(self) -> list[View]:
        """Return the views that are passed frames: visible ones, and `shows_hidden`."""
        seen = self._visible()
        return [v for v in self._views if v.shows_hidden or v in seen]

    def _keeping_pace(self) -> list[View]:
        return [v for v in self._shown() if v.keeps_pace]

    def update_request(self) -> None:
        """Join the requests of visible views, and report a changed result.

        What hidden views sample over time is sampled too.
        """
        visible = self._visible()
        request = reduce(or_, (v.request() for v in visible), NO_REQUEST)
        quick = (v.request_between() for v in visible if v.keeps_pace)
        between = reduce(or_, quick, NO_REQUEST)
        for view in self._views:
            if view not in visible:
                request |= replace(NO_REQUEST, series=view.request().series)
        if (request, between) != (self.request, self.between):
            self.request, self.between = request, between
            self.request_changed.emit(request)

    def show_frames(self, frames: Sequence[Frame], edited: int = 0) -> None:
        """Show the frames of one moment, one for each lane.

        `edited` is the lane that is edited, which most views show.
        """
        one = (frames[edited],)
        if not frames[edited].whole:
            for view in self._keeping_pace():
                view.show_frames(frames if view.shows_all_lanes else one)
            return
        if any(v.needs_scene(one[0]) for v in self._views):
            for view in self._views:
                view.build_scene(one[0])
        for view in self._shown():
            view.show_frames(frames if view.shows_all_lanes else one)
        self.update_request()

    def show_scenes(self, scenes: Sequence[SceneInfo]) -> None:
        """Show how frames are drawn, one scene for each lane."""
        frame = scenes[0].frame if scenes else None
        between = frame is not None and not frame.whole
        for view in self._keeping_pace() if between else self._shown():
            view.show_scenes(scenes)

    def show_document(self, document: Document) -> None:
        """Pass the present settings to every view."""
        for view in self._views:
            view.show_document(document)
        self.update_request()

    def set_theme(self, theme: Theme, scale: float, larger: float = 1.0) -> None:
        """Set the theme of every view; texts of a presentation are `larger`."""
        for view in self._views:
            view.set_theme(theme, scale * larger if view.enlarges else scale)

    def choose(self, tokens: tuple[int, ...]) -> None:
        """Mark `tokens` in every view."""
        for view in self._views:
            view.choose(tokens)

    def hover(self, tokens: tuple[int, ...]) -> None:
        """Light up `tokens` in every visible view."""
        for view in self._visible():
            view.hover(tokens)
