"""Which panels are shown: by choice, by the width of the window, in a presentation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Qt, Signal

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings
    from PySide6.QtWidgets import QWidget

    from app.actions import Commands
    from app.bars.topbar import TopBar
    from app.bars.transport import Transport
    from app.labs.page import LabPage
    from app.panel.form import Form
    from app.panel.rail import Rail
    from app.theme.theme import ThemeController

RAIL_WIDTH_PX = 1200  # at scale 1: if narrower, settings are a rail
ROOMY_WIDTH_PX = 1280  # at scale 1: if narrower, the upper bar has fewer buttons
TIGHT_WIDTH_PX = 900  # at scale 1: if narrower, bars have fewer buttons
FIRST_SIZE = QSize(1440, 900)  # of the window at the first start
GEOMETRY_KEY, LAYERS_KEY = "geometry", "layers"  # in QSettings
FULL_SCREEN = Qt.WindowState.WindowFullScreen


class PanelLayout(QObject):
    """Arranges the panels around the token view, which is always shown."""

    arranged = Signal()
    leaving = Signal()
    """A presentation ends; what surrounds it has to give its room to the panels."""

    def __init__(self, window: QWidget, theme_controller: ThemeController) -> None:
        super().__init__(window)
        self._window, self._theme_controller = window, theme_controller
        self._settings = self._measures = True
        self._layers = self._large = self._card = False
        self._presenting = False
        self._lab_settings = False  # of a presented lab: its plate needs room
        self._narrow: tuple[bool, bool, bool] | None = None

    def set_panels(
        self,
        commands: Commands,
        bar: TopBar,
        sides: tuple[Form, Rail, QWidget],
        curves: QWidget,
        below: tuple[QWidget, Transport],
        over: tuple[QWidget, LabPage],
    ) -> None:
        """Set the panels.

        The bar above; form, rail, right side; the curves in it; strip, bar below; and
        what lies over them: the formula's sheet, the page of labs.
        """
        self._sheet, self._labs = over
        self._curves = curves
        self._commands, self._bar = commands, bar
        self._strip, self._transport = below
        self._form, self._rail, self._right = sides

    def restore(self, settings: QSettings) -> None:
        """Restore the window's geometry, or give it a size that fits the screen."""
        kept = settings.value(GEOMETRY_KEY)
        if kept is None or not self._window.restoreGeometry(kept):
            room = self._window.screen().availableSize()
            self._window.resize(room.boundedTo(FIRST_SIZE))
        self.show_layers(settings.value(LAYERS_KEY, "false") in (True, "true"))

    def keep(self, settings: QSettings) -> None:
        """Save the window's geometry."""
        settings.setValue(GEOMETRY_KEY, self._window.saveGeometry())
        settings.setValue(LAYERS_KEY, self._layers)
        settings.sync()

    @property
    def presenting(self) -> bool:
        """Whether only the token view is shown."""
        return self._presenting

    @property
    def large(self) -> bool:
        """Whether the panel below the curves is as large as the picture."""
        return self._large and self._measures

    def show_settings(self, shown: bool) -> None:
        """Show or hide the settings; in a presentation those of a lab."""
        if self._lab_presented:
            self._lab_settings = shown
        else:
            self._settings = shown
        self.arrange()

    @property
    def _lab_presented(self) -> bool:
        return self._presenting and self._labs.isVisible()

    def show_measures(self, shown: bool) -> None:
        """Show or hide curves and inspectors."""
        self._measures = shown
        self.arrange()

    def enlarge(self, on: bool) -> None:
        """Show the panel in front as large as the picture, without the curves, or not.

        It is shown in a presentation, too.
        """
        self._large = on
        self._measures = self._measures or on
        self._right.setProperty("large", on)
        self.arrange(force=True)

    def give_way(self, opened: bool) -> None:
        """Hide the curves while the card of a token is in their place."""
        self._card = opened
        self._curves.setHidden(opened or self._large)

    def show_layers(self, shown: bool) -> None:
        """Show or hide the layer strip."""
        self._layers = shown
        self.arrange()

    def present(self, on: bool) -> None:
        """Show only the token view, with larger text; or all panels again."""
        if self._presenting and not on:
            self.leaving.emit()
        self._presenting = on
        self._rail.shut()
        self.arrange()

    def full(self, on: bool) -> None:
        """Fill the screen with the window, or not."""
        state = self._window.windowState()
        self._window.setWindowState(state | FULL_SCREEN if on else state & ~FULL_SCREEN)
        self.arrange()

    def show_formula(self, shown: bool) -> None:
        """Show or hide the formula of the law, large."""
        self._sheet.setVisible(shown)
        picture = self._sheet.parentWidget()
        (self._sheet if shown or picture is None else picture).setFocus()
        self._check()

    def show_labs(self, shown: bool) -> None:
        """Show the labs in place of the picture and the panels, or no longer."""
        self._labs.setVisible(shown)
        if shown:
            self._labs.raise_()
        elif (picture := self._sheet.parentWidget()) is not None:
            picture.setFocus()
        self._check()

    def reveal(self, path: str) -> None:
        """Go to the control of a setting, beside the picture or over it."""
        if self._form.isVisible():
            self._form.reveal(path)
        else:
            self._rail.reveal(path)

    def leave(self) -> None:
        """Close labs, then the formula; then leave presentation and full screen."""
        if self._labs.isVisible():
            self.show_labs(False)
            return
        if self._sheet.isVisible():
            self.show_formula(False)
            return
        self.full(False)
        self.present(False)

    def arrange(self, *, force: bool = False) -> None:
        """Show the panels that are switched on and fit."""
        width = self._window.width() / self._theme_controller.scale
        narrow = width < RAIL_WIDTH_PX or self._large
        plain = not self._presenting
        self._bar.setVisible(plain)
        self._transport.setVisible(plain)
        self._form.setVisible(plain and self._settings and not narrow)
        self._rail.setVisible(plain and self._settings and narrow)
        self._right.setVisible(self.large or (plain and self._measures))
        self.give_way(self._card)
        self._strip.setVisible(plain and self._layers)
        self._labs.side.setVisible(self._settings if plain else self._lab_settings)
        tight, roomy = width < TIGHT_WIDTH_PX, width >= ROOMY_WIDTH_PX
        if force or (narrow, tight, roomy) != self._narrow:
            self._narrow = narrow, tight, roomy
            self._tighten(narrow, tight=tight, roomy=roomy)
        self._check()
        self.arranged.emit()

    def _tighten(self, narrow: bool, *, tight: bool, roomy: bool) -> None:
        self._bar.narrow(narrow, tight=tight, roomy=roomy)
        self._transport.narrow(narrow, tight=tight)
        self._right.setProperty("narrow", narrow)
        self._right.style().polish(self._right)
        self._rail.shut()

    def _check(self) -> None:
        full = bool(self._window.windowState() & FULL_SCREEN)
        states = {
            "settings": self._lab_settings if self._lab_presented else self._settings,
            "measures": self._measures,
            "layers": self._layers,
            "large_panel": self._large,
            "present": self._presenting,
            "full": full,
            "formula": self._sheet.isVisible(),
            "labs": self._labs.isVisible(),
        }
        for name, on in states.items():
            self._commands[name].setChecked(on)
        over = self._sheet.isVisible() or self._labs.isVisible()
        open_now = self._presenting or full or over
        self._commands["leave"].setEnabled(open_now)
