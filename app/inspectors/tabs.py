"""The inspectors below the curves: one page in front, the others on tabs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, QSize
from PySide6.QtWidgets import QHBoxLayout, QTabBar, QToolButton, QVBoxLayout, QWidget

from app.inspectors.attention import AttentionPage
from app.inspectors.checks import ChecksPage
from app.inspectors.cosines import CosinesPage
from app.inspectors.dotted_icon import dotted
from app.inspectors.gram import GramPage
from app.inspectors.merges import MergesPage
from app.inspectors.modes import ModesPage
from app.inspectors.spectra import SpectraPage
from app.inspectors.trained.head_spectra_page import HeadSpectraPage
from app.inspectors.trained.heads import HeadsPage
from app.inspectors.trained.law_page import LawPage
from app.inspectors.trained.layer_pages import LayerCosinesPage, RanksPage
from app.inspectors.trained.senses_page import SensesPage
from app.theme import fonts, icons
from app.widgets.lane_name import LaneName
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


PAGES: tuple[type[Page], ...] = (
    HeadsPage,
    HeadSpectraPage,
    LayerCosinesPage,
    RanksPage,
    SensesPage,
    LawPage,
    AttentionPage,
    GramPage,
    SpectraPage,
    ModesPage,
    CosinesPage,
    MergesPage,
    ChecksPage,
)
"""Every page, in the order of their tabs; the last fits every scenario."""

PAGE_KEY = "page"  # in QSettings
ICON_PX = 18  # at scale 1
SIDE_MARGIN_PX = 8  # left and right of the tabs
MANY_TABS = 6  # more are narrower
MAX_TABS_BESIDE_NAME = 5  # with more, the lane's name is below them
MAX_ASPECT = 1.25  # height over width: no page uses more


class InspectorTabs(View):
    """Tabs, and the page of the chosen one, or the first that fits the scenario.

    The choice is remembered in `settings`, if there are any.
    """

    def __init__(
        self,
        theme: Theme,
        settings: QSettings | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._theme, self._scale = theme, 1.0
        self._scenario: Scenario | None = None
        self._frames: Sequence[Frame] = ()
        self._scenes: Sequence[SceneInfo] = ()
        self._pages = {page.kind: page(theme, self) for page in PAGES}
        self._choice = "" if settings is None else str(settings.value(PAGE_KEY, ""))
        if self._choice not in self._pages:
            self._choice = PAGES[0].kind
        self._tabs = QTabBar()
        self._tabs.setProperty("role", "pages")
        self._tabs.setDrawBase(False)
        self._tabs.setExpanding(False)
        self._tabs.setUsesScrollButtons(False)
        self._tabs.setAccessibleName("Panels")
        self.lane = LaneName(theme)
        self.enlarge = QToolButton()  # the window gives it its action
        self._lay_out()
        self._tabs.currentChanged.connect(self._choose_tab)
        self.set_theme(theme, 1.0)
        self._show_page()

    def _lay_out(self) -> None:
        stack = QVBoxLayout(self)
        stack.setContentsMargins(0, 4, 0, 0)
        stack.setSpacing(0)
        self._edge = edge = QHBoxLayout()
        edge.setContentsMargins(SIDE_MARGIN_PX, 0, SIDE_MARGIN_PX, 0)
        edge.addWidget(self._tabs)
        edge.addStretch(1)
        edge.addWidget(self.lane)
        edge.addWidget(self.enlarge)
        stack.addLayout(edge)
        self._below_edge = QHBoxLayout()  # where tabs leave no room for the lane's name
        self._below_edge.setContentsMargins(SIDE_MARGIN_PX + 4, 0, SIDE_MARGIN_PX, 0)
        self._below_edge.addStretch(1)
        stack.addLayout(self._below_edge)
        for kind, page in self._pages.items():
            place = self._tabs.addTab("")
            self._tabs.setTabData(place, kind)
            self._tabs.setAccessibleTabName(place, page.title)
            page.hide()
            page.tokens_chosen.connect(self.tokens_chosen)
            page.tokens_hovered.connect(self.tokens_hovered)
            page.look_edited.connect(self.look_edited)
            page.time_chosen.connect(self.time_chosen)
            page.request_changed.connect(self.request_changed)
            page.figure_requested.connect(self.figure_requested)
            stack.addWidget(page, 1)

    @property
    def kind(self) -> str:
        """The kind of the page in front."""
        kinds = self.fitting
        return self._choice if self._choice in kinds else kinds[0]

    @property
    def fitting(self) -> tuple[str, ...]:
        """The kinds of the pages that fit the scenario, in the order of their tabs."""
        s = self._scenario
        return tuple(k for k, p in self._pages.items() if s is None or p.fits(s))

    @property
    def titles(self) -> dict[str, str]:
        """The titles of the pages that fit the scenario, by kind."""
        return {kind: self._pages[kind].title for kind in self.fitting}

    @property
    def _tab_state(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The kinds of the tabs, and the warning of each page."""
        s, pages = self._scenario, self._pages.values()
        return self.fitting, tuple("" if s is None else p.flag(s) for p in pages)

    def page(self, kind: str) -> Page:
        """Return the page of a kind."""
        return self._pages[kind]

    def choose_page(self, kind: str) -> None:
        """Show a page, and remember the choice."""
        if self._settings is not None:
            self._settings.setValue(PAGE_KEY, kind)
        self.show_page(kind)

    def show_page(self, kind: str) -> None:
        """Show a page, if there is one of that kind."""
        if kind in self._pages:
            self._choice = kind
            self._show_page()

    def turn(self, by: int) -> None:
        """Show the page `by` tabs further, from the last to the first."""
        kinds = self.fitting
        self.choose_page(kinds[(kinds.index(self.kind) + by) % len(kinds)])

    def show_document(self, document: Document) -> None:
        """Offer the pages that fit the scenario."""
        for page in self._pages.values():
            page.show_document(document)
        scenario = document.scenario
        if scenario is self._scenario:
            return
        before = self._tab_state
        self._scenario = scenario
        if self._tab_state != before:
            self._update_tabs()
            self._show_page()

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

    def hover(self, tokens: tuple[int, ...]) -> None:
        """Light up `tokens` on the page in front."""
        self._pages[self.kind].hover(tokens)

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours of `theme`."""
        self._theme, self._scale = theme, scale
        side = round(ICON_PX * scale)
        self._tabs.setIconSize(QSize(side, side))
        self.lane.set_theme(theme)
        self._update_tabs()
        for page in self._pages.values():
            page.set_theme(theme, scale)

    def present(self, scale: float) -> None:
        """Show the page alone in letters of a scale; at 0, as elsewhere in the window.

        Letters follow the height of the window, which no page may stretch then.
        """
        self.setMinimumHeight(1 if scale else 0)
        self._tabs.setHidden(bool(scale))
        self.enlarge.setHidden(bool(scale))
        points = fonts.BODY_PT * scale
        for page in self._pages.values():
            page.present(bool(scale))
        self.setStyleSheet(f"* {{ font-size: {points:.1f}pt; }}" if scale else "")

    def _update_tabs(self) -> None:
        """Update icon, tooltip and visibility of every tab."""
        side = round(ICON_PX * self._scale)
        fitting, warnings = self._tab_state
        pages = zip(self._pages.values(), warnings, strict=True)
        for place, (page, warning) in enumerate(pages):
            icon = icons.icon(page.icon, self._theme, side=side)
            self._tabs.setTabIcon(place, dotted(icon, side, self._theme, bool(warning)))
            tip = f"{page.title}. {warning}" if warning else page.title
            self._tabs.setTabToolTip(place, tip)
            with QSignalBlocker(self._tabs):
                self._tabs.setTabVisible(place, page.kind in fitting)
        many = len(fitting) > MANY_TABS
        if many != bool(self._tabs.property("many")):
            self._tabs.setProperty("many", many)
            self._tabs.style().polish(self._tabs)
        below = len(fitting) > MAX_TABS_BESIDE_NAME
        if below != (self._below_edge.indexOf(self.lane) >= 0):
            if below:
                self._below_edge.insertWidget(0, self.lane)
            else:
                self._edge.insertWidget(self._edge.indexOf(self.enlarge), self.lane)

    def _choose_tab(self, place: int) -> None:
        self.choose_page(str(self._tabs.tabData(place)))

    def _show_page(self) -> None:
        """Show the chosen page, or the first that fits."""
        kind = self.kind
        with QSignalBlocker(self._tabs):
            self._tabs.setCurrentIndex(list(self._pages).index(kind))
        if self._pages[kind].isVisibleTo(self):
            return
        for other, page in self._pages.items():  # two at once make the window grow
            if other != kind:
                page.hide()
        self._pages[kind].show()
        if self._frames:
            self._pages[kind].show_frames(self._frames)
        if self._scenes:
            self._pages[kind].show_scenes(self._scenes)
        self.request_changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Leave height that no page uses to the curves."""
        super().resizeEvent(event)
        self.setMaximumHeight(round(MAX_ASPECT * self.width()))
