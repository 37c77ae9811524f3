"""The bar of a lesson: where one is, what is said, and notes for the speaker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.lessons.next_picture import NextCuePicture
from app.theme.palette import DARK

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from app.actions import Commands
    from app.lessons.player import LessonPlayer
    from app.theme.palette import Theme

BUTTONS = ("previous_cue", "next_cue", "cue_again", "answer", "end_lesson")
DOT_PX, DOT_GAP_PX = 8.0, 6.0
CLOCK_MS = 1000
MAX_DOTS_PX = 300


class Dots(QWidget):
    """One dot for each cue; a click goes to its cue."""

    chosen = Signal(int)
    """The place of a cue."""

    def __init__(self) -> None:
        super().__init__()
        self._theme, self._count, self._place = DARK, 0, 0
        self.setAccessibleName("Cues")

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._theme = theme
        self.update()

    def show_place(self, place: int, count: int) -> None:
        """Show at which of so many cues one is."""
        self._place, self._count = place, count
        width = min(count * (DOT_PX + DOT_GAP_PX), MAX_DOTS_PX)
        self.setFixedSize(round(width), round(DOT_PX + 6))
        self.update()

    def _step(self) -> float:
        return self.width() / max(self._count, 1)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Go to the cue under the mouse."""
        self.chosen.emit(int(event.position().x() / self._step()))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the dots."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        step, side = self._step(), min(DOT_PX, self._step() - 2)
        for k in range(self._count):
            name = self._theme.accent if k == self._place else self._theme.muted
            colour = QColor(name)
            colour.setAlphaF(1.0 if k <= self._place else 0.4)
            painter.setBrush(colour)
            painter.drawEllipse(QRectF(k * step, 3, side, side))
        painter.end()


class LessonBar(QWidget):
    """Title, words and question of a cue below the picture, and the notes.

    The audience's window and a presentation show the words, and never the notes.
    """

    def __init__(self, player: LessonPlayer, commands: Commands) -> None:
        super().__init__()
        self._player = player
        self._hidden = self.notes_wanted = False
        self._minutes = 0
        self.dots = Dots()
        self.dots.chosen.connect(player.go)
        self._lesson, self._place = _label("small"), _label("small")
        self._clock, self.title = _label("small"), _label("head")
        self.text, self.question = _label("", wrap=True), _label("title", wrap=True)
        self.notes, self._next = _label("muted", wrap=True), _label("small")
        self.picture = NextCuePicture()
        head = QHBoxLayout()
        head.setSpacing(8)
        for part in (self._lesson, self.dots, self._place, self._clock):
            head.addWidget(part)
        head.addStretch(1)
        for name in BUTTONS:
            button = QToolButton()
            button.setDefaultAction(commands[name])
            button.setProperty("role", "small")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            head.addWidget(button)
        stack = QVBoxLayout(self)
        stack.setContentsMargins(14, 8, 14, 10)
        stack.setSpacing(4)
        stack.addLayout(head)
        words = QVBoxLayout()
        words.setSpacing(4)
        for part in (self.title, self.text, self.question, self.notes, self._next):
            words.addWidget(part)
        words.addStretch(1)
        below = QHBoxLayout()
        below.setSpacing(14)
        below.addLayout(words, 1)
        below.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        stack.addLayout(below)
        self.setObjectName("sentencebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Lesson")
        self._timer = QTimer(self)
        self._timer.setInterval(CLOCK_MS)
        self._timer.timeout.connect(self._tick)
        self._seconds = 0
        player.changed.connect(self.refresh)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self.dots.set_theme(theme)
        self.picture.set_theme(theme)

    def stop(self) -> None:
        """Draw no more."""
        self.picture.stop()

    def set_presenting(self, presenting: bool) -> None:
        """Hide while the picture is the audience's."""
        self._hidden = presenting
        self.refresh()

    def show_notes(self, shown: bool) -> None:
        """Show the notes for the speaker, or hide them."""
        self.notes_wanted = shown
        self.refresh()

    def refresh(self) -> None:
        """Show the cue in force."""
        lesson, cue = self._player.lesson, self._player.cue
        self.setVisible(lesson is not None and not self._hidden)
        if lesson is None or cue is None:
            self._timer.stop()
            self._seconds = 0
            self.picture.show_cue(None)
            return
        if not self._timer.isActive():
            self._timer.start()
        self._lesson.setText(lesson.title)
        self.dots.show_place(self._player.place, len(lesson.cues))
        self._place.setText(self._player.progress)
        self.title.setText(cue.title)
        self._write(self.text, cue.text)
        self._write(self.question, question_text(self._player))
        self._write(self.notes, f"Notes: {cue.notes}" if cue.notes else "")
        following = self._player.next_cue
        self._write(self._next, f"Next: {following.title}" if following else "")
        self.notes.setVisible(self.notes_wanted and bool(cue.notes))
        self._next.setVisible(self.notes_wanted)
        seen = self.notes_wanted and not self._hidden
        self.picture.show_cue(following if seen else None)

    def _tick(self) -> None:
        self._seconds += 1
        self._clock.setText(f"{self._seconds // 60}:{self._seconds % 60:02d}")

    def _write(self, label: QLabel, text: str) -> None:
        label.setText(text)
        label.setVisible(bool(text))


def question_text(player: LessonPlayer) -> str:
    """Return the question of the cue on show, and its answer once it is asked for."""
    cue = player.cue
    if cue is None or not cue.question:
        return ""
    if not player.answered:
        return f"Predict: {cue.question}"
    return f"{cue.question}  →  {player.answer or '…'}"


def _label(role: str, *, wrap: bool = False) -> QLabel:
    out = QLabel()
    out.setTextFormat(Qt.TextFormat.PlainText)
    out.setWordWrap(wrap)
    if role:
        out.setProperty("role", role)
    return out
