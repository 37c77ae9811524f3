"""The window of the audience: the picture of a presentation, on a second screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from app.canvas.token_view import TokenView
from app.inspectors.tabs import InspectorTabs
from app.labs.plate_view import PlateView
from app.labs.star import star_text
from app.lanes.lane_grid import LaneGrid
from app.presenter import lettering
from app.presenter.cover import Cover
from app.presenter.header_footer import PresentationFooter, PresentationHeader
from app.presenter.panel import PresentationPanel

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QCloseEvent, QResizeEvent, QScreen

    from app.document.document import Document
    from app.document.session import Session
    from app.presenter.cover import CoverMode
    from app.theme.palette import Theme
    from sim.labs import Lab
    from sim.plate import Plate

COLUMNS = 2


class AudienceGrid(LaneGrid):
    """The pictures of all lanes, with letters in the size of their own window."""

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours of `theme`; letters follow the window's height."""
        super().set_theme(theme, lettering.text_scale(self.window().height()))


class AudienceWindow(QWidget):
    """What the audience sees; the speaker keeps the other window."""

    closed = Signal()
    """The window was closed."""

    def __init__(self, session: Session, theme: Theme) -> None:
        super().__init__()
        self._session, self._theme, self._words = session, theme, ("", "", "")
        self.setWindowTitle("Audience – Attention Orrery")
        self.lanes = AudienceGrid(TokenView(theme), session.lanes, theme)
        self.header, self.footer = (
            PresentationHeader(theme, ""),
            PresentationFooter(theme),
        )
        self.panel, self.plate = PresentationPanel(theme), PlateView(theme)
        self.inspectors, self._large = InspectorTabs(theme), ""
        self.plate.present(True)
        self.plate.hide()
        self._grid = grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(self.header, 0, 0, 1, COLUMNS)
        grid.addWidget(self.lanes, 1, 0)
        grid.addWidget(self.panel, 1, 1)
        grid.addWidget(self.inspectors, 1, 1)
        self.inspectors.hide()
        grid.addWidget(self.plate, 1, 0, 1, COLUMNS)
        grid.addWidget(self.footer, 2, 0, 1, COLUMNS)
        grid.setColumnStretch(0, 1)
        grid.setRowStretch(1, 1)
        for part in (self.header, self.panel, self.footer):
            part.show()
        self.cover = Cover(self)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)

    @property
    def views(self) -> tuple[LaneGrid, PresentationPanel, InspectorTabs]:
        """The views that are passed frames."""
        return self.lanes, self.panel, self.inspectors

    def show_on(self, screen: QScreen, *, full: bool) -> None:
        """Show the window on a screen, and fill it if `full`."""
        self.setGeometry(screen.availableGeometry())
        if full:
            self.showFullScreen()
        else:
            self.resize(1024, 768)
            self.show()
        self.fit()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`; the views are passed them by the window."""
        self._theme = theme
        self.header.set_theme(theme)
        self.footer.set_theme(theme)
        self.fit()

    def show_words(self, title: str, text: str, progress: str) -> None:
        """Show what a lesson says; without a title, the law's name."""
        self._words = title, text, progress
        self.plate.show_untitled(bool(title))
        self._show_parts(run=self.plate.isHidden())
        self.show_document(self._session.document)

    def show_document(self, document: Document) -> None:
        """Show the law of `document`."""
        title, text, progress = self._words
        law, own = document.scenario.dynamics.title, document.scenario.title
        self.header.show_words(title or law, text, progress)
        self.footer.show_law(document.scenario, law if title else own)

    def show_lab(self, lab: Lab, plate: Plate, first: tuple[int, ...]) -> None:
        """Show a lab in place of the run, with some of its panels first."""
        self.plate.show_title(lab.title, "")
        self.plate.show_star(star_text(lab))
        self.plate.show_plate(plate)
        self.plate.show_first(first)
        self._show_parts(run=False)

    def show_run(self) -> None:
        """Show the run again."""
        self._show_parts(run=True)

    def show_large(self, kind: str) -> None:
        """Show the panel of a kind beside the picture; without one, the curve.

        A panel takes the place of the formula, too.
        """
        self._large = kind
        self.inspectors.show_page(kind)
        self._show_parts(run=self.plate.isHidden())

    def _show_parts(self, *, run: bool) -> None:
        large = bool(self._large)
        self.lanes.setVisible(run)
        for part in (self.panel, self.footer):
            part.setVisible(run and not large)
        self.inspectors.setVisible(run and large)
        self._grid.setColumnStretch(1, int(large))
        self.plate.setVisible(not run)
        self.header.setVisible(run or bool(self._words[0]))

    def show_mode(self, mode: CoverMode) -> None:
        """Cover the picture as the speaker's is covered."""
        self.cover.show_mode(mode, follow=False)

    def point(self, at: QPointF) -> None:
        """Move light or dot to where the speaker's is."""
        self.cover.point(at)

    def fit(self) -> None:
        """Fit all letters to the height of the window."""
        u = lettering.unit(self.height())
        self.panel.fit(self.width())
        self.inspectors.present(lettering.text_scale(self.height()))
        self.header.fit()
        self.footer.fit()
        self.lanes.set_theme(self._theme, 1.0)
        self.plate.set_theme(self._theme, lettering.text_scale(self.height()))
        self.lanes.present(True, round(lettering.BODY * u))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Fit all letters."""
        super().resizeEvent(event)
        self.fit()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Say that the window is closed."""
        super().closeEvent(event)
        self.closed.emit()

    def stop(self) -> None:
        """Stop drawing for good."""
        self.footer.stop()
        self.lanes.close()
