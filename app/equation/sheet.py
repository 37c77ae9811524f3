"""The sheet over the globe that shows the formula of the law in force, large."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import (
    QEvent,
    QObject,
    QPoint,
    QPointF,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from app.annotations.caption import HEIGHT
from app.document.document import Document
from app.equation.formula_lines import FormulaLines, has_setting
from app.equation.painting import Marks, paint_lines, paint_paper, paint_words
from app.equation.values import meaning, value_in_force
from app.theme import icons
from app.widgets.view import NO_REQUEST, View

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import (
        QContextMenuEvent,
        QKeyEvent,
        QMouseEvent,
        QPaintEvent,
        QShowEvent,
    )

    from app.actions import Commands
    from app.theme.palette import Theme
    from sim.frame import Frame, FrameRequest

# Lengths are pixels at scale 1.
MARGIN, PADDING, FOOTER = 12.0, 18.0, 44.0
NARROW, LOW = 440.0, 260.0  # below this width words stand above the buttons, not
# beside them, but not in a picture of less than this height
WIDEST = 1500.0
MAX_SHARE = 0.62  # of the height of the picture
ICON_PX = 16
BESIDE = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
ALONE = Qt.ToolButtonStyle.ToolButtonIconOnly
OUTDATED = 0.25  # opacity of a formula that is no longer in force
LIT_MS = 1400  # how long a symbol stays lit after its setting changed
BUTTONS = (
    ("copy_latex", "LaTeX", "copy"),
    ("copy_python", "Python", "copy"),
    ("leave", "", "close"),
)
HINT = "Click a symbol to go to its setting."


class FormulaSheet(View):
    """Shows the formula; its symbols lead to their settings.

    Parameters
    ----------
    theme : Theme
        Colours.
    over : QWidget
        The picture that the sheet lies on.
    commands : Commands
        Actions of its buttons.
    """

    enlarges: ClassVar[bool] = True

    setting_chosen = Signal(str)
    """The path of a setting whose symbol was clicked."""
    formula_menu_requested = Signal(QPoint)
    """A right click, at a position of the screen."""

    def __init__(self, theme: Theme, over: QWidget, commands: Commands) -> None:
        super().__init__(over)
        self._over, self._theme, self._scale = over, theme, 1.0
        self._document, self._d = Document(), 0
        self._lit: frozenset[str] = frozenset()
        self._pointed, self._latest = "", ""
        self.lines = FormulaLines(self)
        self.lines.changed.connect(self._place)
        self._words_above = False
        self._lit_timer = QTimer(self)
        self._lit_timer.setSingleShot(True)
        self._lit_timer.setInterval(LIT_MS)
        self._lit_timer.timeout.connect(self._dim)
        self._add_buttons(commands)
        self.setAccessibleName("Formula")
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        over.installEventFilter(self)
        self.hide()

    def _add_buttons(self, commands: Commands) -> None:
        self._buttons = QWidget(self)
        row = QHBoxLayout(self._buttons)
        row.setContentsMargins(0, 0, 0, 0)
        for name, text, icon in BUTTONS:
            button = QToolButton()
            button.setText(text)
            button.setToolTip(commands[name].toolTip())
            button.setAccessibleName(commands[name].text())
            button.setProperty("role", "text" if text else "")
            button.setProperty("sign", icon)
            button.setToolButtonStyle(BESIDE if text else ALONE)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(commands[name].trigger)
            row.addWidget(button)
        stack = QVBoxLayout(self)
        stack.addStretch(1)
        stack.addWidget(self._buttons, 0, Qt.AlignmentFlag.AlignRight)

    @property
    def marks(self) -> Marks:
        """Which symbols are marked."""
        return Marks(self._lit, self._pointed)

    def request(self) -> FrameRequest:
        """Return nothing but tokens."""
        return NO_REQUEST

    def show_frames(self, frames: Sequence[Frame]) -> None:
        """Take the dimension of the tokens, which matrices have to fit."""
        self._d = frames[0].x.shape[1]

    def show_document(self, document: Document) -> None:
        """Show the formula of a document, and light what changes."""
        old, self._document = self._document, document
        if not self.isVisible():
            return
        changed = self.lines.changed_settings(old, document)
        if changed:
            self._lit, self._latest = changed, min(changed)
            self._lit_timer.start()
        self._refresh()
        self.update()

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours of `theme`, and text `scale` times as large."""
        self._theme, self._scale = theme, scale
        side = round(PADDING * scale)
        layout = self.layout()
        assert layout is not None
        layout.setContentsMargins(side, side, side, round(10 * scale))
        width = round(ICON_PX * scale)
        for button in self._buttons.findChildren(QToolButton):
            button.setIcon(icons.icon(button.property("sign"), theme, side=width))
            button.setIconSize(QSize(width, width))
        self._place()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Show the formula in force."""
        super().showEvent(event)
        self._lit, self._pointed, self._latest = frozenset(), "", ""
        self._refresh()
        self._place()
        self.raise_()

    def eventFilter(self, over: QObject, event: QEvent) -> bool:  # noqa: N802
        """Keep the position when the picture changes its size."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(over, event)

    def _refresh(self) -> None:
        scenario = self._document.scenario
        self._d = self._d or scenario.dimension
        self.lines.show_scenario(scenario)

    def _place(self) -> None:
        """Take the room that the formula needs, above the caption."""
        if not self.isVisible():
            return
        s, w, h = self._scale, self._over.width(), self._over.height()
        width = min(WIDEST * s, w - 2 * MARGIN * s)
        foot = 2 * FOOTER if width < NARROW * s and h > LOW * s else FOOTER
        self._words_above = foot > FOOTER
        room = MAX_SHARE * h - (foot + 2 * PADDING) * s
        inside = QPointF(width - 2 * PADDING * s, max(room, 1.0))
        tall = self.lines.arrange(inside, QPointF(PADDING * s, PADDING * s), s)
        height = max(tall, 1.0) + (foot + 1.5 * PADDING) * s
        top = max(h - HEIGHT * s - height, MARGIN * s)
        self.setGeometry(QRectF((w - width) / 2, top, width, height).toRect())
        self.update()

    def _dim(self) -> None:
        self._lit = frozenset()
        self.update()

    def _point(self, path: str) -> None:
        if path != self._pointed:
            self._pointed = self._latest = path
            shape = Qt.CursorShape
            self.setCursor(shape.PointingHandCursor if path else shape.ArrowCursor)
            self.setAccessibleDescription(" ".join(self.words()))
            self.update()

    def words(self) -> tuple[str, str]:
        """Return the value of the symbol in question, and what it means."""
        path = self._pointed or self._latest
        if path not in self.lines.paths or not has_setting(self._document, path):
            return "", HINT if self.lines.paths else ""
        value = value_in_force(self._document, path, self._d)
        return value, meaning(self._document, path)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Mark the symbol under the mouse."""
        self._point(self.lines.setting_at(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Go to the setting of the symbol that is clicked."""
        path = self.lines.setting_at(event.position())
        if path and event.button() == Qt.MouseButton.LeftButton:
            self._point(path)
            self.setting_chosen.emit(path)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Mark no symbol."""
        super().leaveEvent(event)
        self._point("")

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Ask for the menu of the formula."""
        self.formula_menu_requested.emit(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Go from symbol to symbol, and to the setting of one."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        key = Qt.Key(event.key())
        if key in steps:
            self._point(self.lines.next_setting(self._pointed, steps[key]))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._pointed:
            self.setting_chosen.emit(self._pointed)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint paper, formula and what is read out."""
        painter, s, theme = QPainter(self), self._scale, self._theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_paper(painter, QRectF(self.rect()), theme, s)
        painter.setOpacity(OUTDATED if self.lines.outdated else 1.0)
        paint_lines(painter, self.lines.placed, self.marks, theme, s)
        painter.setOpacity(1.0)
        paint_words(painter, self.words_room, self.words(), theme, s)
        painter.end()

    @property
    def words_room(self) -> QRectF:
        """Where the words are: left of the buttons, or above them."""
        s, left = self._scale, PADDING * self._scale
        top, wide = self.height() - FOOTER * s - 4 * s, self._buttons.x() - 2 * left
        if self._words_above:
            top, wide = top - FOOTER * s, self.width() - 2 * left
        return QRectF(left, top, wide, FOOTER * s)
