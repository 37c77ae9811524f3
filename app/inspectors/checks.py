"""The page of checks: what has to hold of the present state, and whether it does."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QWidget

from app.annotations.number_format import check_value
from app.inspectors.page import Page
from app.inspectors.page_figures import checks_figure
from app.theme import icons
from app.widgets.view import NO_REQUEST
from sim.checks.integrator import warning

if TYPE_CHECKING:
    from app.figures.figure import Figure
    from app.theme.palette import Theme
    from sim.frame import Frame, FrameRequest
    from sim.measure.check import Check
    from sim.scenario import Scenario


ICON_LINES = 1.05  # side of a tick or cross, of a line's height
HEADINGS = ("", "check", "value", "at most")
ALIGN_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class ChecksPage(Page):
    """A row for each check; below one that fails, what to do."""

    kind: ClassVar[str] = "checks"
    title: ClassVar[str] = "Checks"
    icon: ClassVar[str] = "checks"
    wants: ClassVar[FrameRequest] = replace(NO_REQUEST, checks=True)
    rate: ClassVar[float] = 2.0

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._checks: tuple[Check, ...] = ()
        self._rows: list[CheckRow] = []
        table = QWidget()
        self._grid = QGridLayout(table)
        self._grid.setContentsMargins(0, 0, 4, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(3)
        self._grid.setColumnStretch(1, 1)
        for column, word in enumerate(HEADINGS):
            label = _label("small", right=column > 1)
            label.setText(word)
            self._grid.addWidget(label, 0, column)
        self._grid.setRowStretch(99, 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        scroll.setAccessibleName("Checks of the present state")
        scroll.setWidget(table)
        self._body.addWidget(scroll, 1)

    @classmethod
    def flag(cls, scenario: Scenario) -> str:
        """Return what the integrator cannot conserve, which is known beforehand."""
        return warning(scenario)

    @property
    def rows(self) -> list[CheckRow]:
        """The rows that are shown."""
        return self._rows[: len(self._checks)]

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours of `theme`."""
        super().set_theme(theme, scale)
        for row, check in zip(self._rows, self._checks, strict=False):
            row.show_check(check, theme)

    def draw(self, frame: Frame) -> None:
        """Show the latest checks."""
        if not frame.checks:
            return
        self._checks = frame.checks
        while len(self._rows) < len(frame.checks):
            self._rows.append(CheckRow(self._grid, 1 + 2 * len(self._rows)))
        for row, check in zip(self._rows, frame.checks, strict=False):
            row.show_check(check, self._theme)
        for row in self._rows[len(frame.checks) :]:
            row.hide()
        bad = sum(not c.holds for c in frame.checks)
        fails = "one does not hold" if bad == 1 else f"{bad} do not hold"
        self._tip.setText(fails if bad else "all hold now")

    def figure_of(self, frame: Frame, caption: tuple[str, ...]) -> Figure | None:
        """Return the latest checks as a table."""
        return checks_figure(self._checks, caption) if self._checks else None


class CheckRow:
    """Tick or cross, name, value and bound; a note below if the check fails."""

    def __init__(self, grid: QGridLayout, row: int) -> None:
        self.sign, self.name = QLabel(), _label()
        self.value, self.bound = _label(right=True), _label("muted", right=True)
        self.note = _label("warn")
        self.note.setWordWrap(True)
        self._parts = (self.sign, self.name, self.value, self.bound)
        for column, part in enumerate(self._parts):
            grid.addWidget(part, row, column)
        grid.addWidget(self.note, row + 1, 1, 1, 3)

    def show_check(self, check: Check, theme: Theme) -> None:
        """Show the result of a check."""
        name, ink = ("good", theme.good) if check.holds else ("bad", theme.bad)
        side = round(ICON_LINES * self.name.fontMetrics().height())
        self.sign.setPixmap(icons.pixmap(name, ink, side))
        self.sign.setAccessibleName("holds" if check.holds else "does not hold")
        self.name.setText(check.name)
        self.value.setText(check_value(check.value))
        self.bound.setText("" if math.isnan(check.value) else check_value(check.bound))
        self.note.setText(_sentence(check.note))
        for part in self._parts:
            part.setToolTip(_sentence(check.note))
            part.setVisible(True)
        self.note.setVisible(not check.holds)

    def hide(self) -> None:
        """Hide all labels."""
        for part in (*self._parts, self.note):
            part.setVisible(False)


def _sentence(note: str) -> str:
    return note[:1].upper() + note[1:]


def _label(role: str = "", *, right: bool = False) -> QLabel:
    out = QLabel()
    if role:
        out.setProperty("role", role)
    if right:
        out.setAlignment(ALIGN_RIGHT)
    return out
