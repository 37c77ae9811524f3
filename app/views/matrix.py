"""The dock of the attention matrix: who attends to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QTabBar, QVBoxLayout, QWidget

from app.views import heat
from app.views.heatmap import HeatMap
from app.views.throttle import Throttle
from sim.frame import Wish

if TYPE_CHECKING:
    import numpy as np
    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QResizeEvent, QShowEvent

    from app.dress.palette import Theme
    from app.views.heat import Sheet
    from sim.frame import Frame

    Array = np.ndarray[Any, Any]

RATE = 10.0  # drawings a second, at most
SIDE = 288  # tokens of the matrix asked for


class MatrixView(QWidget):
    """Heading, a tab for each head, and the map."""

    row_chosen = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._tip = QLabel("Attention A"), QLabel()
        self._title.setProperty("role", "title")
        self._tip.setProperty("role", "small")
        self._tabs = QTabBar(self)
        self._tabs.setDrawBase(False)
        self._tabs.setExpanding(False)
        self._tabs.setAccessibleName("Head of attention")
        self._tabs.currentChanged.connect(self._redo)
        self._map = HeatMap(theme, self)
        self._map.row_chosen.connect(self.row_chosen)
        self._throttle = Throttle(self, RATE, self._draw)
        self._shown: tuple[Frame, Array, Array] | None = None
        self._lay_out()
        self._show_heads(1)
        self.dress(theme)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title)
        head.addWidget(self._tip)
        head.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 8, 12, 8)
        box.setSpacing(8)
        box.addLayout(head)
        box.addWidget(self._tabs)
        box.addWidget(self._map, 1)

    def dress(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._map.dress(theme)
        self._tabs.setStyleSheet(
            "QTabBar::tab { background: transparent; padding: 4px 8px; border: none; "
            f"color: {theme.muted}; border-bottom: 2px solid transparent; }}"
            f"QTabBar::tab:selected {{ color: {theme.text}; "
            f"border-bottom-color: {theme.accent}; }}"
        )

    def wish(self) -> Wish:
        """Return what the next frames should hold: a matrix, while it is seen."""
        side = SIDE if self.isVisible() else 0
        return Wish(observables=frozenset(), clusters=False, matrix=side)

    def show_frame(self, frame: Frame, numbers: Array, colours: Array) -> None:
        """Take a frame.

        Parameters
        ----------
        frame : Frame
            With a matrix, if the last `wish` has reached the engine.
        numbers : int, shape (n,)
            The cluster of each token, as `app.dress.palette.Wardrobe` numbers them.
        colours : float, shape (n, 4)
            The colour of each token.
        """
        self._shown = frame, numbers, colours
        self._throttle.ask()

    def choose(self, tokens: tuple[int, ...]) -> None:
        """Mark the rows of `tokens`."""
        self._map.choose(tokens)

    def text_at(self, at: QPointF) -> str:
        """Return what is said of the place `at` of the map; nothing outside it."""
        return self._map.text_at(at)

    @property
    def map(self) -> HeatMap:
        """The picture alone."""
        return self._map

    def _redo(self) -> None:
        self._throttle.ask()

    def _show_heads(self, count: int) -> None:
        """Offer the mean and `count` heads; nothing where there is one."""
        wanted = count + 1 if count > 1 else 0
        if self._tabs.count() != wanted:
            while self._tabs.count():
                self._tabs.removeTab(0)
            for k in range(wanted):
                self._tabs.addTab(str(k) if k else "mean")
        self._tabs.setVisible(wanted > 0)
        self._fit()

    def _fit(self) -> None:
        """Take no more height than a square map needs."""
        rest = self.minimumSizeHint().height() - self._map.minimumHeight()
        self.setMaximumHeight(rest + self._map.height_for(self._map.width()))

    def _draw(self) -> None:
        if self._shown is None:
            return
        frame, numbers, colours = self._shown
        if frame.matrix is not None:
            self._show_heads(len(frame.matrix))
        head = self._tabs.currentIndex() - 1
        sheet = heat.attention_sheet(frame, numbers, head if head >= 0 else None)
        if sheet is None and not heat.has_attention(frame.scenario):
            self._show_heads(1)
            sheet = heat.graph_sheet(frame)
            self._entitle(sheet, frame)
            self._map.show_sheet(sheet, frame.names, colours)
        elif sheet is not None:
            self._entitle(sheet, frame)
            self._map.show_sheet(sheet, frame.names, colours)

    def _entitle(self, sheet: Sheet | None, frame: Frame) -> None:
        graph = sheet is not None and sheet.graph
        self._title.setText("Graph" if graph else "Attention A")
        order = "by index" if heat.is_causal(frame.scenario) else "by cluster"
        order = "neighbours together" if graph else order
        what = "edges join" if graph else "rows attend"
        n = len(frame.x)
        if sheet is not None and len(sheet.tokens) < n:
            what = f"{len(sheet.tokens)} of {n:,}"
        self._tip.setText("" if sheet is None else f"{what}, {order}")

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep the map square."""
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Catch up."""
        super().showEvent(event)
        self._throttle.ask()
