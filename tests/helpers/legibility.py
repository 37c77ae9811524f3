"""Texts of a window that are cut off, or lie on each other."""

from dataclasses import dataclass
from itertools import combinations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QCheckBox,
    QLabel,
    QLineEdit,
    QToolButton,
)

from app.widgets.elided_label import ElidedLabel

LOOKS = 12  # until a fault counts: layouts follow in later turns of the event loop
TOLERANCE = 1  # pixels: of rounding, and of letters beside their box
TEXTS = (QLabel, QAbstractButton, QLineEdit)


def faults(window):
    """Return what cannot be read, in words: texts cut off, texts on texts."""
    shown = [w for w in window.findChildren(TEXTS[0]) if _has_text(w)]
    for kind in TEXTS[1:]:
        shown += [w for w in window.findChildren(kind) if _has_text(w)]
    shown = [w for w in shown if w.isVisible() and w.window() is window]
    seen = {w: _seen(w, window) for w in shown}
    out = [f"cut off: {_named(w)}" for w in shown if _cut(w, seen[w])]
    for a, b in combinations(shown, 2):
        both = seen[a].intersected(seen[b])
        related = a.isAncestorOf(b) or b.isAncestorOf(a)
        if not related and min(both.width(), both.height()) > TOLERANCE:
            out.append(f"on each other: {_named(a)}, {_named(b)}")
    return out + _on_picture(window)


def _has_text(widget):
    """Whether a widget shows a text, and not an icon alone."""
    style = Qt.ToolButtonStyle.ToolButtonIconOnly
    icon = isinstance(widget, QToolButton) and widget.toolButtonStyle() == style
    return bool(widget.text().strip()) and not (icon and not widget.icon().isNull())


def _named(widget):
    return f"{type(widget).__name__} {widget.text()[:40]!r}"


def _whole(widget, window):
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def _seen(widget, window):
    """Return the part of a widget that its parents leave, in the window."""
    rect, parent = _whole(widget, window), widget.parentWidget()
    while parent is not None:
        rect = rect.intersected(_whole(parent, window))
        if parent is window:
            break
        parent = parent.parentWidget()
    return rect


def _scrolls(widget):
    """Whether what is cut off of a widget can be scrolled to."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QAbstractScrollArea):
            return True
        parent = parent.parentWidget()
    return False


def _cut(widget, seen):
    if not _scrolls(widget):
        lost = widget.size() - seen.size()
        if max(lost.width(), lost.height()) > TOLERANCE:
            return True
    return _needs(widget) > widget.width() + TOLERANCE


def _needs(widget):
    """Return the width that the text of a widget needs; a long line can be moved in."""
    if isinstance(widget, ElidedLabel):  # its tip has all of it
        return 0
    if isinstance(widget, QLineEdit):
        number = widget.property("role") in ("number", "beside")
        return _advance(widget) if number and not widget.isModified() else 0
    if isinstance(widget, QLabel):
        if widget.wordWrap() or "<" in widget.text():
            tall = widget.heightForWidth(widget.width())
            return 0 if tall <= widget.height() + TOLERANCE else widget.width() * 2
        return _advance(widget)
    if isinstance(widget, QCheckBox):
        return widget.minimumSizeHint().width()
    return _advance(widget)


def _advance(widget):
    lines = widget.text().replace("&", "").split("\n")
    return max(widget.fontMetrics().horizontalAdvance(line) for line in lines)


def _on_picture(window):
    view = window.token_view
    boxes, pane = view._overlay.boxes, view.rect()
    out = []
    for a, b in combinations(boxes, 2):
        both = a.intersected(b)
        if min(both.width(), both.height()) > TOLERANCE:
            out.append(f"texts of the picture on each other: {a} {b}")
    for box in boxes:
        inside = pane.adjusted(-TOLERANCE, -TOLERANCE, TOLERANCE, TOLERANCE)
        if not inside.contains(box.toAlignedRect()):
            out.append(f"text of the picture outside it: {box}, of {pane}")
    return out


@dataclass(frozen=True)
class Situation:
    """A screen, how large everything on it is, and the colours.

    Attributes
    ----------
    width, height : int
        Pixels of the window, without its frame.
    ratio : float
        Pixels of the screen for one of the window.
    letters : float
        How much larger letters are.
    theme : str
        ``"dark"`` or ``"light"``.
    """

    width: int
    height: int
    ratio: float = 1.0
    letters: float = 1.0
    theme: str = "dark"

    def __str__(self):
        return f"{self.width}x{self.height}-{self.ratio}-{self.letters}-{self.theme}"

    @property
    def size(self):
        """The size in the window's own pixels, in which everything is laid out."""
        return round(self.width / self.ratio), round(self.height / self.ratio)


FRAME = 37  # pixels: the title bar of a window
SCREENS = [(1024, 768, 1.0, 1.0), (1024, 768, 1.0, 1.5), (1440, 900 - FRAME, 1.0, 1.5)]
SCREENS += [(1440, 900 - FRAME, ratio, 1.0) for ratio in (1.0, 1.25, 1.5, 2.0)]
SITUATIONS = [Situation(*s, theme) for theme in ("dark", "light") for s in SCREENS]


class Looker:
    """Brings a window into situations, and returns the faults of each."""

    def __init__(self, window, theme_controller, pump):
        self.window, self._theme, self._pump = window, theme_controller, pump

    def __call__(self, situation):
        """Return the faults of one situation."""
        scale = situation.letters
        self._theme.choose(situation.theme, keep=False)
        self._theme.grow(0)
        while self._theme.scale < scale:
            self._theme.grow(+1)
        found = []
        for look in range(LOOKS):
            self.window.resize(*situation.size)
            self._pump()
            found = self._stretched(*situation.size) + faults(self.window)
            if look and not found:
                break
        return found

    def _stretched(self, wide, tall):
        """Return a fault if the window has grown beyond its screen."""
        if self.window.width() <= wide and self.window.height() <= tall:
            return []
        got = f"{self.window.width()} × {self.window.height()}"
        return [f"the window is {got}, and not {wide} × {tall}"]
