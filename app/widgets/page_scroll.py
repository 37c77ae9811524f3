"""A page that scrolls where its window has no room for all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLayout

FRAME_PX, TITLE_BAR_PX = 16, 48  # of a window, within its screen


def screen_room(window: QWidget) -> QSize:
    """Return how large a window may be, in pixels, so that all of it is on screen."""
    return window.screen().availableSize() - QSize(FRAME_PX, TITLE_BAR_PX)


class PageScroll(QScrollArea):
    """Scrolls a page up and down; its window is as high as the page, if it can be.

    Parameters
    ----------
    page : QWidget
        It has a layout.  What is below the scroll area, such as buttons, stays.
    """

    def __init__(self, page: QWidget) -> None:
        super().__init__()
        self.setWidget(page)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._page = page
        page.installEventFilter(self)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the size of the page."""
        return self._page.sizeHint()

    def fit_window(self) -> None:
        """Give the window the size that the page needs, within its screen."""
        self.updateGeometry()  # else the hint of the window is that before
        window, room = self.window(), screen_room(self.window())
        beside = window.sizeHint() - self.sizeHint()
        bar = self.verticalScrollBar().sizeHint().width()
        least = self._page.minimumSizeHint().width() + beside.width()
        wide = min(max(window.width(), least), room.width())
        tall = self._height_at(wide - beside.width()) + beside.height()
        if tall > room.height():
            wide = min(max(wide, least + bar), room.width())
        self.setMinimumWidth(min(least, room.width()) - beside.width())
        window.resize(wide, min(max(window.height(), tall), room.height()))

    def _height_at(self, wide: int) -> int:
        layout: QLayout | None = self._page.layout()
        if layout is None or not layout.hasHeightForWidth():
            return self._page.sizeHint().height()
        return layout.totalHeightForWidth(wide)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Follow texts of the page that grow."""
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self.fit_window()
        return super().eventFilter(watched, event)
