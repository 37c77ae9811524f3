"""The typeset lines of the formula on the sheet: made, placed, and hit by the mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPointF, QRectF, Signal

from app.equation.arrangement import Arrangement, arranged
from app.equation.drawing import Drawing, MarkedLines
from app.equation.painting import PILL_REACH, spot_box
from app.theme.typesetting import INK, Typesetter

if TYPE_CHECKING:
    from app.document.document import Document
    from app.equation.arrangement import Place
    from sim.scenario import Scenario

NOTHING = object()  # the value of a setting that is not there


class FormulaLines(QObject):
    """The lines of the formula that was asked for last and could be typeset.

    Attributes
    ----------
    placed : list of (Place, Drawing)
        The lines that are shown.
    """

    changed = Signal()
    """There are other lines, which need other places."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._typesetter = Typesetter(self)
        self._typesetter.ready.connect(self._take)
        self._wanted: MarkedLines | None = None
        self._shown: MarkedLines | None = None
        self._drawings: list[Drawing] = []
        self._equations = 0
        self._scale = 1.0
        self.placed: list[tuple[Place, Drawing]] = []

    @property
    def outdated(self) -> bool:
        """Whether another formula is being typeset."""
        return self._wanted != self._shown

    @property
    def paths(self) -> tuple[str, ...]:
        """The settings that the formula shows, in the order of their symbols."""
        found = (s.path for _, drawing in self.placed for s in drawing.spots)
        return tuple(dict.fromkeys(found))

    def show_scenario(self, scenario: Scenario) -> None:
        """Show the formula of `scenario` as soon as it is typeset."""
        self._wanted = MarkedLines.of(scenario)
        self._take()

    def changed_settings(self, old: Document, new: Document) -> frozenset[str]:
        """Return the settings in the formula whose values differ."""
        return frozenset(p for p in self.paths if _value(old, p) != _value(new, p))

    def arrange(self, room: QPointF, corner: QPointF, scale: float) -> float:
        """Place all lines in `room`, from `corner` on; return the height they take."""
        self._scale = scale
        boxes, k = [drawing.box for drawing in self._drawings], self._equations
        size = (room.x(), room.y())
        found: Arrangement = arranged(boxes[:k], boxes[k:], size, scale)
        self.placed = [
            (place.moved(corner), self._drawings[place.line]) for place in found.places
        ]
        return found.height

    def setting_at(self, at: QPointF) -> str:
        """Return the setting of the symbol at a position; empty where there is none."""
        reach = PILL_REACH * self._scale
        found: list[tuple[float, str]] = []
        for box, path in self._boxes():
            if box.adjusted(-reach, -reach, reach, reach).contains(at):
                found.append(((box.center() - at).manhattanLength(), path))
        return min(found)[1] if found else ""

    def box_of(self, path: str) -> QRectF:
        """Return where the first symbol of a setting is; empty if nowhere."""
        return next((box for box, p in self._boxes() if p == path), QRectF())

    def next_setting(self, path: str, step: int) -> str:
        """Return the setting whose symbol is `step` after that of `path`, around."""
        paths = self.paths
        if path not in paths:
            return paths[0 if step > 0 else -1] if paths else ""
        return paths[(paths.index(path) + step) % len(paths)]

    def _boxes(self) -> list[tuple[QRectF, str]]:
        return [
            (spot_box(place, drawing, spot.box), spot.path)
            for place, drawing in self.placed
            for spot in drawing.spots
        ]

    def _take(self) -> None:
        """Show the wanted lines if all of them are typeset."""
        wanted = self._wanted
        if wanted is None or wanted == self._shown:
            return
        svgs = [self._typesetter.svg(line, INK) for line in wanted.lines]
        if b"" in svgs:
            return
        self._shown = wanted
        count = len(wanted.equations)
        self._equations = sum(svg is not None for svg in svgs[:count])
        made = [svg.decode() for svg in svgs if svg is not None]
        self._drawings = [Drawing(svg, wanted.paths) for svg in made]
        self.changed.emit()


def has_setting(document: Document, path: str) -> bool:
    """Return whether a document has a setting, which may go with a law."""
    return _value(document, path) is not NOTHING


def _value(document: Document, path: str) -> Any:
    try:
        return document.get(path)
    except (KeyError, AttributeError):
        return NOTHING
