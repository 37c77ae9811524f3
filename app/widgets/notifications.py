"""Messages that do not interrupt: bars over the picture, the newest on top."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.theme import icons

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.theme.palette import Theme

Tone = Literal["info", "good", "bad"]

SHOWN_MS = {"info": 6000, "good": 10_000, "bad": 0}  # 0: until closed by the user
READ_S = 6.0  # within which a message is read
MAX_NOTICES = 3  # at once
MAX_WIDTH_PX = 620  # at scale 1
MARGIN_PX = 12
ICON_PX = 18  # at scale 1


class Notice(QFrame):
    """One message, with optional buttons and a button to close it.

    Attributes
    ----------
    asks : bool
        Whether it is a question, which later messages do not push out.
    of_edit : bool
        Whether it is out of date when something else has been edited.
    """

    closed = Signal(object)
    """The notice itself, closed by the user or after its time."""

    def __init__(self, text: str, tone: Tone, theme: Theme, scale: float) -> None:
        super().__init__()
        self.setObjectName("notice")
        self.setProperty("tone", tone)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.text, self.tone, self.asks, self.of_edit = text, tone, False, False
        self.shown_at = time.monotonic()
        self._icon, self._label = QLabel(), QLabel(text)
        self._label.setWordWrap(True)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setSizePolicy(
            QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred
        )
        self._row = QHBoxLayout()
        self._row.setSpacing(10)
        self._row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        self._row.addWidget(self._label, 1)
        self._close_button = QToolButton()
        self._close_button.setToolTip("Close")
        self._close_button.setAccessibleName("Close the message")
        self._close_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._close_button.clicked.connect(self.close_now)
        self._row.addWidget(self._close_button, 0, Qt.AlignmentFlag.AlignVCenter)
        self._stack = QVBoxLayout(self)
        self._stack.setContentsMargins(12, 8, 8, 8)
        self._stack.addLayout(self._row)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.close_now)
        if SHOWN_MS[tone]:
            self._timer.start(SHOWN_MS[tone])
        self.set_theme(theme, scale)

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours of `theme`."""
        side = round(ICON_PX * scale)
        colours = {"info": theme.sky, "good": theme.good, "bad": theme.bad}
        self._icon.setPixmap(icons.pixmap(self.tone, colours[self.tone], side))
        self._close_button.setIcon(icons.icon("close", theme, theme.muted, side))
        self._close_button.setIconSize(QSize(side, side))

    def add_button(self, text: str, act: Callable[[], object]) -> None:
        """Add a button that calls `act`."""

        def press() -> None:  # `act` takes no argument, unlike a slot of `clicked`
            act()

        button = QPushButton(text)
        button.clicked.connect(press)
        self._row.insertWidget(self._row.count() - 1, button)

    def close_now(self) -> None:
        """Close the notice now."""
        self._timer.stop()
        self.closed.emit(self)


class JobNotice(Notice):
    """A message with progress and a button that cancels."""

    cancelled = Signal()

    def __init__(self, text: str, theme: Theme, scale: float) -> None:
        super().__init__(text, "info", theme, scale)
        self._timer.stop()
        self._close_button.hide()
        self.progress = QProgressBar()
        self.progress.setRange(0, 1000)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(text)
        self._stack.addWidget(self.progress)
        self.add_button("Cancel", self.cancelled.emit)

    def show_progress(self, share: float, text: str = "") -> None:
        """Show the share that is done, in [0, 1]."""
        self.progress.setValue(round(1000 * share))
        if text:
            self._label.setText(text)


class Notifications(QWidget):
    """The notices over the widget `over`."""

    def __init__(self, over: QWidget, theme: Theme) -> None:
        super().__init__(over)
        self._over, self._theme, self._scale = over, theme, 1.0
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        self._stack = QVBoxLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.setSpacing(8)
        self.bars: list[Notice] = []
        over.installEventFilter(self)
        self.hide()

    def inform(self, text: str, tone: Tone = "info") -> Notice:
        """Show a message; an equal one is replaced."""
        for bar in [b for b in self.bars if b.text == text]:
            self._remove(bar)
        return self.add(Notice(text, tone, self._theme, self._scale))

    def warn(self, text: str) -> None:
        """Show why something was not done, until the user closes it."""
        self.inform(text, "bad")

    def refuse(self, text: str) -> None:
        """Show why an edit was not done, until the user closes it or edits again."""
        self.inform(text, "bad").of_edit = True

    def close_refusals(self) -> None:
        """Close what `refuse` said long enough ago to be read."""
        now = time.monotonic()
        for bar in [b for b in self.bars if b.of_edit]:
            if now - bar.shown_at > READ_S:
                bar.close_now()

    def close_passing(self) -> None:
        """Close what would go by itself."""
        for bar in [b for b in self.bars if SHOWN_MS[b.tone]]:
            if not isinstance(bar, JobNotice):
                bar.close_now()

    def start_job(self, text: str) -> JobNotice:
        """Show the progress of a job."""
        bar = JobNotice(text, self._theme, self._scale)
        self.add(bar)
        return bar

    def add(self, bar: Notice) -> Notice:
        """Add a notice on top; the oldest goes if there are too many."""
        plain = [b for b in self.bars if not (isinstance(b, JobNotice) or b.asks)]
        for old in plain[: max(0, len(plain) - MAX_NOTICES + 1)]:
            self._remove(old)
        bar.closed.connect(self._remove)
        self.bars.append(bar)
        self._stack.insertWidget(0, bar)
        self.show()
        bar.show()
        self._place()
        return bar

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours of `theme`."""
        self._theme, self._scale = theme, scale
        for bar in self.bars:
            bar.set_theme(theme, scale)
        self._place()

    def eventFilter(self, over: QObject, event: QEvent) -> bool:  # noqa: N802
        """Keep the position when the window changes its size."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(over, event)

    def _remove(self, bar: Notice) -> None:
        if bar in self.bars:
            self.bars.remove(bar)
            self._stack.removeWidget(bar)
            bar.hide()
            bar.deleteLater()
        self.setVisible(bool(self.bars))
        self._place()

    def _place(self) -> None:
        room = self._over.width() - 2 * MARGIN_PX
        width = min(round(MAX_WIDTH_PX * self._scale), room)
        self.setFixedWidth(max(width, 1))
        self._stack.activate()
        self.adjustSize()
        if (tall := self._stack.totalHeightForWidth(self.width())) > 0:
            self.resize(self.width(), min(tall, self._over.height()))
        self.move((self._over.width() - width) // 2, MARGIN_PX)
        self.raise_()
