"""The texts of a presentation: a line above the globe, and the formula below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QTimer
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from app.annotations.equation import EquationLine
from app.export.lettering import fitting_size, font, write
from app.presenter import lettering
from app.theme.typesetting import Typesetter
from app.widgets.wrapped_text import WrappedText

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from app.theme.palette import Theme
    from sim.scenario import Scenario

HINT = "Esc leaves"
LOG_MS = 4000  # for which a key that was pressed is shown


class PresentationHeader(QWidget):
    """A title, a hint how to leave, and what a lesson says."""

    def __init__(self, theme: Theme, hint: str = HINT) -> None:
        super().__init__()
        self._theme, self._hint = theme, hint
        self._title, self._text, self._progress = "", "", ""
        self.hide()

    @property
    def u(self) -> float:
        """The unit, in pixels."""
        return lettering.unit(self.window().height())

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._theme = theme
        self.update()

    def show_words(self, title: str, text: str = "", progress: str = "") -> None:
        """Show a title, text below it, and how far a lesson is."""
        self._title, self._text, self._progress = title, text, progress
        self.fit()
        self.update()

    def fit(self) -> None:
        """Take the height that the words need."""
        u = self.u
        height = (lettering.MARGIN + lettering.TITLE + 0.9) * u
        if self._text:
            height += self._text_height() + 0.3 * u
        self.setFixedHeight(round(height))

    def _text_height(self) -> float:
        room = self.width() - 2 * lettering.MARGIN * self.u
        return WrappedText(self._text, font(lettering.BODY * self.u), room).height

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the words."""
        u, theme = self.u, self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(theme.canvas))
        m, px = lettering.MARGIN * u, lettering.BODY * u
        base, right = m + lettering.TITLE * u, self.width() - m
        ink = lettering.legible(theme.muted, theme.canvas)
        aside = "   ".join(w for w in (self._progress, self._hint) if w)
        used = write(painter, QPointF(right, base), aside, px, ink, right=True)
        room = right - used - m - u
        size = fitting_size(self._title, lettering.TITLE * u, px, room)
        at = QPointF(m, base)
        write(painter, at, self._title, size, theme.text, strong=True, room=room)
        if self._text:
            painter.setPen(QColor(theme.text))
            text = WrappedText(self._text, font(px), self.width() - 2 * m)
            text.paint(painter, QPointF(m, base + 0.7 * u))
        painter.end()


class PresentationFooter(QWidget):
    """The formula of the law, its name, and the key that was pressed last."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._scenario: Scenario | None = None
        self._law, self._key = "", ("", "")
        self._typesetter = Typesetter(self)
        self._typesetter.ready.connect(self.update)
        self._equation = EquationLine(self._typesetter.svg)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(LOG_MS)
        self._timer.timeout.connect(self._forget)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._theme = theme
        self.update()

    def show_law(self, scenario: Scenario, law: str) -> None:
        """Show the formula of `scenario`, and the name `law` if it is not empty."""
        self._scenario, self._law = scenario, law
        self.fit()
        self.update()

    def show_key(self, key: str, text: str) -> None:
        """Show for a while which key was pressed, and what it does."""
        self._key = key, text
        self._timer.start()
        self.update()

    @property
    def key(self) -> tuple[str, str]:
        """The key on show, and what it does."""
        return self._key

    def stop(self) -> None:
        """Typeset no more."""
        self._typesetter.stop()

    def fit(self) -> None:
        """Take the height that the formula and one line need."""
        u = lettering.unit(self.window().height())
        self.setFixedHeight(round(5.4 * u))

    def _forget(self) -> None:
        self._key = "", ""
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the formula on its baseline."""
        u, theme = lettering.unit(self.window().height()), self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(theme.canvas))
        m, px = lettering.MARGIN * u, lettering.BODY * u
        ink = lettering.legible(theme.muted, theme.canvas)
        if self._law:
            write(painter, QPointF(m, px), self._law, px, ink, strong=True)
        self._paint_key(painter, self.width() - m, px)
        if self._scenario is not None:
            scale = lettering.FORMULA_SCALE * u
            at = QPointF(m, self.height() - 2.1 * u)
            room = self.width() - 2 * m
            look = (scale, theme.text, font(px))
            self._equation.paint(painter, self._scenario, at, room, look)
        painter.end()

    def _paint_key(self, painter: QPainter, right: float, px: float) -> None:
        key, text = self._key
        if not text:
            return
        u, theme = lettering.unit(self.window().height()), self._theme
        at = QPointF(right, px)
        used = write(painter, at, text, px, theme.text, right=True)
        if key:
            ink = lettering.legible(theme.accent, theme.canvas)
            at = QPointF(right - used - 0.6 * u, px)
            write(painter, at, key, px, ink, strong=True, right=True)
