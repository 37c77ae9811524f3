"""The page of labs, over the picture and the panels: a lab, its settings, its plate."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.document.setting_steps import next_value
from app.labs.figure import figure_of
from app.labs.knob_list import KnobList
from app.labs.plate_view import PlateView
from app.labs.star import star_of, star_text
from app.labs.work import LabWork
from app.widgets.controls import ComboBox
from app.widgets.figure_menu import figure_menu
from app.widgets.view import NO_REQUEST, View
from sim.labs import Lab, in_order
from sim.plate import save_table
from sim.settings.serialise import edited

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtGui import QContextMenuEvent, QHideEvent, QShowEvent

    from app.figures.figure import Figure
    from app.theme.palette import Theme
    from sim.frame import Frame, FrameRequest
    from sim.plate import Plate


class LabPage(View):
    """Shows one lab; the settings are on its left.

    A lab is computed on another thread whenever a setting changes; what is on show
    stays until then.
    """

    has_figure: ClassVar[bool] = True
    shows_run: ClassVar[bool] = False
    enlarges: ClassVar[bool] = True

    opened = Signal()
    """The page is on show: the run behind it may pause."""
    left = Signal()
    """The page is no longer on show."""
    closed = Signal()
    """The button that closes the page was pressed."""
    message = Signal(str)
    """What was done."""
    lab_shown = Signal(object)
    """A lab whose plate is on show now."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.lab: Lab = in_order()[0]()
        self.plate: Plate | None = None
        self._of: Lab | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        self.view, self.knobs = PlateView(theme), KnobList()
        self._work = LabWork(self)
        self._work.done.connect(self._show_plate)
        self._work.failed.connect(self._fail)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.side = self._make_side()
        row.addWidget(self.side)
        row.addWidget(self.view, 1)
        self.knobs.edited.connect(self.edit)
        self.setAccessibleName("Lab")
        self.hide()

    def _make_side(self) -> QWidget:
        side = QWidget()
        side.setObjectName("settings")
        side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.menu, self._doubt = ComboBox(), QLabel()
        for number, lab in enumerate(in_order(), 1):
            self.menu.addItem(f"{number}  {lab.title}", lab.kind)
        self.menu.setAccessibleName("Lab")
        self.menu.activated.connect(self._choose)
        self._doubt.setProperty("role", "warn")
        self._doubt.setWordWrap(True)
        self._doubt.hide()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(self.knobs)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.knobs.setObjectName("page")
        stack = QVBoxLayout(side)
        stack.setContentsMargins(12, 12, 12, 12)
        stack.setSpacing(12)
        stack.addWidget(self.menu)
        stack.addWidget(area, 1)
        stack.addWidget(self._doubt)
        stack.addLayout(self._make_buttons())
        return side

    def _make_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        for text, slot in (("Defaults", self.reset), ("Close", self.closed.emit)):
            button = QPushButton(text)
            button.clicked.connect(slot)
            row.addWidget(button, 1)
        return row

    @property
    def busy(self) -> bool:
        """Whether a lab is being computed, so that its plate is not on show yet."""
        return self._work.busy

    def request(self) -> FrameRequest:
        """Return nothing but tokens: a lab has no run."""
        return NO_REQUEST

    def show_frames(self, frames: Sequence[Frame]) -> None:
        """Take nothing: a lab has no run."""

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours of `theme`, and text `scale` times as large."""
        self.view.set_theme(theme, scale)

    def step_star(self, direction: int) -> None:
        """Change the star setting by one step up (1) or down (−1)."""
        if star := star_of(self.lab):
            self.edit(star, next_value(self.lab, star, direction))

    def show_lab(self, kind: str, changes: Mapping[str, object] | None = None) -> None:
        """Show the lab `kind` with settings changed by name, as its commands take them.

        Raises
        ------
        ValueError
            If there is no such lab, or a value is out of bounds.
        KeyError
            If it has no such setting.
        """
        self._take(edited(Lab.member(kind, "lab")(), changes or {}))

    def edit(self, name: str, value: object) -> None:
        """Change a setting of the lab on show; say so if it cannot be changed so."""
        try:
            self._take(edited(self.lab, {name: value}))
        except (KeyError, ValueError) as error:
            self._warn(str(error.args[0] if error.args else error))
            self.knobs.show_lab(self.lab)

    def reset(self) -> None:
        """Go back to the defaults of all settings."""
        self._take(type(self.lab)())

    def figure(self) -> Figure | None:
        """Return the plate on show as a figure."""
        if self.plate is None or self._of is None:
            return None
        return figure_of(self._of, self.plate)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Offer the figure, and the table that the command line writes."""
        menu = figure_menu(self, self)
        if self.plate is not None:
            action = menu.addAction("Save table…")
            action.setToolTip("All numbers as CSV, as “orrery lab” writes them.")
            action.triggered.connect(self._save_table)
        menu.popup(event.globalPos())

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Show the lab that was shown last."""
        super().showEvent(event)
        self._take(self.lab)
        (self.view if self.side.isHidden() else self.menu).setFocus()
        self.opened.emit()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Say that the run is on show again, unless the window was made an icon."""
        super().hideEvent(event)
        if not event.spontaneous():
            self.left.emit()

    def _choose(self, place: int) -> None:
        self.show_lab(str(self.menu.itemData(place)))

    def _take(self, lab: Lab) -> None:
        self.lab = lab
        self._doubt.hide()
        self.menu.setCurrentIndex(self.menu.findData(lab.kind))
        self.knobs.show_lab(lab)
        self.view.show_title(lab.title, lab.summary())
        self.view.show_star(star_text(lab))
        self.setAccessibleName(f"lab {lab.kind}")
        self._work.ask(lab)

    def _show_plate(self, lab: Lab, plate: Plate) -> None:
        if lab.kind != self.lab.kind:
            return
        self.plate, self._of = plate, lab
        self.view.show_plate(plate)
        self.lab_shown.emit(lab)

    def _fail(self, lab: Lab, why: str) -> None:
        if lab == self.lab:
            self.view.fade()
            self._warn(why)

    def _warn(self, why: str) -> None:
        self._doubt.setText(why)
        self._doubt.show()

    def _save_table(self) -> None:
        path, _ = QFileDialog.getSaveFileName(
            self, "Save table", f"lab-{self.lab.kind}.csv", "Tables (*.csv)"
        )
        if path and self.plate is not None:
            path = path if path.lower().endswith(".csv") else f"{path}.csv"
            try:
                save_table(self.plate, path)
            except OSError as error:
                self._warn(f"{path} was not saved: {error}")
            else:
                self.message.emit(f"Saved {path}.")
