"""The readouts below the curves: one page in front, the others behind their tabs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, QSize
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QTabBar, QVBoxLayout, QWidget

from app.inspectors.attention import MatrixView
from app.inspectors.checks import Checks
from app.inspectors.cosines import Cosines
from app.inspectors.modes import Modes
from app.inspectors.spectra import Spectra
from app.theme import icons
from app.widgets.view import View

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QSettings
    from PySide6.QtGui import QResizeEvent

    from app.document.document import Document
    from app.inspectors.page import Page
    from app.scene.scene_info import SceneInfo
    from app.theme.palette import Theme
    from sim.frame import Frame, FrameRequest
    from sim.scenario import Scenario


PAGES: tuple[type[Page], ...] = (MatrixView, Spectra, Modes, Cosines, Checks)
"""Every page, in the order of their tabs; the last fits every scenario."""

KEPT = "page"  # the key of QSettings
ICON = 18  # pixels at scale 1
EDGE = 8  # pixels left and right of the tabs
DOT = 0.18  # radius of the dot on a tab that has something to say, in icons
TALL = 1.25  # of its width: no page has use for more height


class InspectorTabs(View):
    """Tabs, and the page of the chosen one, or the first that fits the scenario."""

    def __init__(
        self, theme: Theme, settings: QSettings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._theme, self._scale = theme, 1.0
        self._scenario: Scenario | None = None
        self._frames: Sequence[Frame] = ()
        self._scenes: Sequence[SceneInfo] = ()
        self._pages = {page.kind: page(theme, self) for page in PAGES}
        self._choice = str(settings.value(KEPT, ""))
        if self._choice not in self._pages:
            self._choice = PAGES[0].kind
        self._tabs = QTabBar()
        self._tabs.setProperty("role", "pages")
        self._tabs.setDrawBase(False)
        self._tabs.setExpanding(False)
        self._tabs.setUsesScrollButtons(False)
        self._tabs.setAccessibleName("Readouts")
        self._lay_out()
        self._tabs.currentChanged.connect(self._take)
        self.set_theme(theme, 1.0)
        self._turn()

    def _lay_out(self) -> None:
        stack = QVBoxLayout(self)
        stack.setContentsMargins(0, 4, 0, 0)
        stack.setSpacing(0)
        edge = QHBoxLayout()
        edge.setContentsMargins(EDGE, 0, EDGE, 0)
        edge.addWidget(self._tabs)
        stack.addLayout(edge)
        for kind, page in self._pages.items():
            place = self._tabs.addTab("")
            self._tabs.setTabData(place, kind)
            self._tabs.setAccessibleTabName(place, page.title)
            page.hide()
            page.tokens_chosen.connect(self.tokens_chosen)
            stack.addWidget(page, 1)

    @property
    def kind(self) -> str:
        """The page in front."""
        return self._wanted()

    @property
    def fitting(self) -> tuple[str, ...]:
        """The pages that fit the scenario in force, in the order of their tabs."""
        s = self._scenario
        return tuple(k for k, p in self._pages.items() if s is None or p.fits(s))

    @property
    def _said(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Which tabs there are, and what those with a dot have to say."""
        s, pages = self._scenario, self._pages.values()
        return self.fitting, tuple("" if s is None else p.flag(s) for p in pages)

    def page(self, kind: str) -> Page:
        """Return a page, in front or not."""
        return self._pages[kind]

    def choose_page(self, kind: str) -> None:
        """Bring a page to the front, and remember the choice."""
        self._choice = kind
        self._settings.setValue(KEPT, kind)
        self._turn()

    def turn(self, by: int) -> None:
        """Go `by` pages on, around the end."""
        kinds = self.fitting
        self.choose_page(kinds[(kinds.index(self.kind) + by) % len(kinds)])

    def show_document(self, document: Document) -> None:
        """Offer the pages that fit the scenario."""
        scenario = document.scenario
        if scenario is self._scenario:
            return
        before = self._said
        self._scenario = scenario
        if self._said != before:
            self._sign()
            self._turn()

    def request(self) -> FrameRequest:
        """Return what the next frames should hold for the page in front."""
        return self._pages[self.kind].request()

    def show_frames(self, frames: Sequence[Frame]) -> None:
        """Pass frames to the page in front."""
        self._frames = frames
        self._pages[self.kind].show_frames(frames)

    def show_scenes(self, scenes: Sequence[SceneInfo]) -> None:
        """Pass scenes to the page in front."""
        self._scenes = scenes
        self._pages[self.kind].show_scenes(scenes)

    def choose(self, tokens: tuple[int, ...]) -> None:
        """Mark `tokens` on every page."""
        for page in self._pages.values():
            page.choose(tokens)

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours of `theme`."""
        self._theme, self._scale = theme, scale
        side = round(ICON * scale)
        self._tabs.setIconSize(QSize(side, side))
        self._sign()
        for page in self._pages.values():
            page.set_theme(theme, scale)

    def _sign(self) -> None:
        """Give every tab that fits its icon, its name and what it has to say."""
        side = round(ICON * self._scale)
        fitting, said = self._said
        for place, (page, says) in enumerate(
            zip(self._pages.values(), said, strict=True)
        ):
            icon = icons.icon(page.icon, self._theme, side=side)
            self._tabs.setTabIcon(place, dotted(icon, side, self._theme, bool(says)))
            tip = f"{page.title}. {says}" if says else page.title
            self._tabs.setTabToolTip(place, tip)
            with QSignalBlocker(self._tabs):
                self._tabs.setTabVisible(place, page.kind in fitting)

    def _wanted(self) -> str:
        kinds = self.fitting
        return self._choice if self._choice in kinds else kinds[0]

    def _take(self, place: int) -> None:
        self.choose_page(str(self._tabs.tabData(place)))

    def _turn(self) -> None:
        """Bring the page to the front that should be there."""
        kind = self._wanted()
        with QSignalBlocker(self._tabs):
            self._tabs.setCurrentIndex(list(self._pages).index(kind))
        if self._pages[kind].isVisibleTo(self):
            return
        for other, page in self._pages.items():
            page.setVisible(other == kind)
        if self._frames:
            self._pages[kind].show_frames(self._frames)
        if self._scenes:
            self._pages[kind].show_scenes(self._scenes)
        self.request_changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Leave the curves what no page has use for."""
        super().resizeEvent(event)
        self.setMaximumHeight(round(TALL * self.width()))


def dotted(icon: QIcon, side: int, theme: Theme, dot: bool) -> QIcon:
    """Return `icon`, with a dot in its upper right corner if there is to be one."""
    if not dot:
        return icon
    out = QIcon()
    for ratio in icons.RATIOS:
        drawing = QPixmap(icon.pixmap(QSize(side, side), ratio))
        painter = QPainter(drawing)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(theme.panel))
        painter.setBrush(QColor(theme.warn))
        r = DOT * side
        painter.drawEllipse(int(side - 2 * r), 0, int(2 * r), int(2 * r))
        painter.end()
        out.addPixmap(drawing)
    return out
