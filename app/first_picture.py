"""Covers what is left of the run before while the first picture of another is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.widgets.preparing_cover import PreparingCover

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from app.document.document import Document
    from app.document.player import Player
    from app.document.session import Session
    from app.lanes.lane_grid import LaneGrid
    from app.scene.scene_info import SceneInfo
    from app.theme.palette import Theme
    from sim.frame import Frame
    from sim.scenario import Scenario


class FirstPicture(QObject):
    """Waits for the first picture of a document that was opened.

    Parameters
    ----------
    session, player : Session and Player
        What is opened, and shown.
    lanes : LaneGrid
        The pictures.
    others : sequence of QWidget
        Other views that show the run before.
    theme : Theme
        Colours.

    Attributes
    ----------
    covers : tuple of PreparingCover
        What lies over the views, most of the time hidden.
    """

    def __init__(
        self,
        session: Session,
        player: Player,
        lanes: LaneGrid,
        others: Sequence[QWidget],
        theme: Theme,
    ) -> None:
        super().__init__(lanes)
        self._session = session
        self.covers = tuple(PreparingCover(view, theme) for view in (lanes, *others))
        self._awaited: Scenario | None = None
        session.opened.connect(self._begin)
        session.refused.connect(self._end)
        player.shown.connect(self._await)
        lanes.scenes_built.connect(self._show)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        for cover in self.covers:
            cover.theme = theme

    def _begin(self, document: Document) -> None:
        self._awaited = None
        first, *others = self.covers
        first.begin(f"Preparing {_description(document)}…")
        for cover in others:
            cover.begin("")

    def _await(self, frame: Frame) -> None:
        """Note the run of the first frame that is of what was opened."""
        if self._awaited is None and not self._session.waits:
            self._awaited = frame.scenario

    def _show(self, scenes: tuple[SceneInfo, ...]) -> None:
        """End when the scene of such a frame is drawn."""
        frames = [scene.frame for scene in scenes]
        if any(frame and frame.scenario is self._awaited for frame in frames):
            self._end()

    def _end(self, _reason: str = "") -> None:
        for cover in self.covers:
            cover.end()


def _description(document: Document) -> str:
    """Return the title of what is opened, and how many tokens it has."""
    scenario = document.scenario
    title = scenario.title or "another run"
    return f"{title} (n = {scenario.tokens:,}, d = {scenario.dimension})"
