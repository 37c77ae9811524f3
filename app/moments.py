"""The moment on show: noted for files and exports, and shown again from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.document.moment import MAX_CURVES, MAX_TOKENS, Moment

if TYPE_CHECKING:
    from app.canvas.token_view import TokenView
    from app.document.document import Document
    from app.document.player import Player
    from app.document.session import Session
    from app.inspectors.tabs import InspectorTabs
    from app.plots.curves import Curves
    from sim.frame import Frame


class Moments(QObject):
    """Connects what the views show to the moment of the document."""

    def __init__(
        self,
        session: Session,
        player: Player,
        token_view: TokenView,
        curves: Curves,
        inspectors: InspectorTabs,
    ) -> None:
        super().__init__(session)
        self._player, self._token_view = player, token_view
        self._curves, self._inspectors = curves, inspectors
        self._waiting: Moment | None = None  # whose tokens are not there yet
        session.set_moment_source(self.moment)
        session.opened.connect(self.show)
        player.shown.connect(self._choose_waiting)
        self.show(session.document)

    def moment(self) -> Moment:
        """Return the moment on show, or the one that is on its way."""
        waiting = self._waiting
        return Moment(
            self._player.wanted,
            waiting.tokens if waiting else self._token_view.chosen[:MAX_TOKENS],
            self._inspectors.kind,
            self._curves.kinds[:MAX_CURVES],
        )

    def show(self, document: Document) -> None:
        """Show page, curves and tokens of the moment of `document`, and its time."""
        moment = document.moment
        scenario = document.run.at(moment.t)
        self._token_view.choose(())
        self._waiting = moment if moment.tokens else None
        self._curves.show_with(scenario.dynamics.kind, moment.curves)
        if moment.page:
            self._inspectors.show_page(moment.page)
        if moment.t:
            self._player.seek(moment.t)

    def _choose_waiting(self, frame: Frame) -> None:
        """Choose tokens once there is a frame that has them, or at their time."""
        moment = self._waiting
        if moment is None:
            return
        there = tuple(i for i in moment.tokens if i < frame.id_count)
        if there == moment.tokens or frame.t == moment.t:
            self._waiting = None
            self._token_view.choose(there)
