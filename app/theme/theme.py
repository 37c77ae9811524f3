"""Applies a theme and a scale to the program: style sheet, palette and fonts."""

from __future__ import annotations

import os
import re
from functools import cache
from string import Template
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, QSettings, Qt, Signal
from PySide6.QtGui import QColor, QPalette

from app.theme import fonts, icons
from app.theme.palette import DARK, LIGHT, Theme, mix
from sim.resources import asset

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

Choice = Literal["system", "dark", "light"]

SHEET_FILE = asset("window.qss")
SCALES = (0.85, 1.0, 1.15, 1.3, 1.5, 1.75, 2.0, 2.5)
MOTION_VARIABLE = "ORRERY_REDUCE_MOTION"  # of the environment: 1 starts without easing
MOTION_KEY = "calm"  # in QSettings; kept, so that a stored choice still counts
LENGTH = re.compile(r"(-?\d+(?:\.\d+)?)(u|pt)\b")  # lengths that grow with the scale
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


@cache
def _template() -> str:
    return COMMENT.sub("", SHEET_FILE.read_text(encoding="utf-8"))


def text_on_accent(theme: Theme) -> str:
    """Return the colour of what is written on the accent."""
    return "#14100A" if theme.dark else "#FFFFFF"


def accent_hover(theme: Theme) -> str:
    """Return the accent under the pointer."""
    return mix(theme.accent, *(("#FFFFFF", 0.25) if theme.dark else ("#000000", 0.15)))


def style_sheet(theme: Theme, scale: float = 1.0) -> str:
    """Return the style sheet of `theme`, everything `scale` times as large."""
    words = {k: v for k, v in vars(theme).items() if isinstance(v, str)}
    words |= {
        "name": "dark" if theme.dark else "light",
        "folder": icons.FOLDER.as_posix(),
        "ink": text_on_accent(theme),
        "bright": accent_hover(theme),
        "edge": mix(theme.line, theme.muted, 0.5),
        "faint": mix(theme.panel, theme.muted, 0.6),
        "chosen": mix(theme.raised, theme.accent, 0.18),
        "knob_face": theme.text if theme.dark else theme.panel,
        "knob_edge": mix(theme.panel, "#000000", 0.4) if theme.dark else theme.muted,
        "round": f"{round(16 * scale)}px",
        "knob": f"{(round(12 * scale) + 2) // 2}px",  # half of it, with its border
    }

    def grown(length: re.Match[str]) -> str:
        number = float(length[1]) * scale
        return f"{number:.2f}pt" if length[2] == "pt" else f"{round(number)}px"

    return Template(LENGTH.sub(grown, _template())).substitute(words)


def qpalette(theme: Theme) -> QPalette:
    """Return the palette of what the style sheet does not reach."""
    roles = QPalette.ColorRole
    colours = {
        roles.Window: theme.panel,
        roles.WindowText: theme.text,
        roles.Base: theme.panel,
        roles.AlternateBase: theme.raised,
        roles.Text: theme.text,
        roles.Button: theme.raised,
        roles.ButtonText: theme.text,
        roles.BrightText: theme.bad,
        roles.Highlight: theme.accent,
        roles.HighlightedText: text_on_accent(theme),
        roles.PlaceholderText: theme.muted,
        roles.Link: theme.sky,
        roles.LinkVisited: theme.sky,
        roles.ToolTipBase: theme.raised,
        roles.ToolTipText: theme.text,
        roles.Accent: theme.accent,
    }
    out = QPalette()
    for role, colour in colours.items():
        out.setColor(role, QColor(colour))
    return out


class ThemeController(QObject):
    """Holds the theme, the scale and the reduced motion that the user chose.

    They belong to the user, not to the document: kept in QSettings, not undone.
    """

    changed = Signal(object, float)  # Theme and scale in force

    def __init__(self, app: QApplication, settings: QSettings) -> None:
        super().__init__(app)
        self._app, self._settings = app, settings
        choice = str(settings.value("theme", "system"))
        self._choice: Choice = choice if choice in ("dark", "light") else "system"
        self._scale = _nearest_scale(settings.value("scale", 1.0))
        reduced_motion = settings.value(
            MOTION_KEY, os.environ.get(MOTION_VARIABLE, "0")
        )
        self._reduced_motion = str(reduced_motion).lower() not in ("", "0", "false")
        app.styleHints().colorSchemeChanged.connect(self._system_changed)

    @property
    def choice(self) -> Choice:
        """What was chosen: the system's theme, or one of ours."""
        return self._choice

    @property
    def scale(self) -> float:
        """How large everything is; 1 is 10.5 pt text."""
        return self._scale

    @property
    def reduced_motion(self) -> bool:
        """Whether the camera neither turns by itself nor eases."""
        return self._reduced_motion

    @property
    def theme(self) -> Theme:
        """The theme in force."""
        if self._choice == "system":
            light = self._app.styleHints().colorScheme() is Qt.ColorScheme.Light
            return LIGHT if light else DARK
        return DARK if self._choice == "dark" else LIGHT

    def choose(self, choice: Choice, *, keep: bool = True) -> None:
        """Use the theme of the system, or one of ours; `keep` it for the next start."""
        self._choice = choice
        if keep:
            self._settings.setValue("theme", choice)
        self.apply()

    def grow(self, by: int) -> None:
        """Go `by` steps up in scale; 0 goes back to 1."""
        at = SCALES.index(self._scale) + by if by else SCALES.index(1.0)
        self._scale = SCALES[min(max(at, 0), len(SCALES) - 1)]
        self._settings.setValue("scale", self._scale)
        self.apply()

    def reduce_motion(self, reduced_motion: bool) -> None:
        """Switch off (or on) the turning and easing of the camera."""
        self._reduced_motion = reduced_motion
        self._settings.setValue(MOTION_KEY, int(reduced_motion))
        self.changed.emit(self.theme, self._scale)

    def apply(self) -> None:
        """Apply theme and scale to the application."""
        theme = self.theme
        self._app.setFont(fonts.font(fonts.BODY_PT * self._scale))
        self._app.setPalette(qpalette(theme))
        self._app.setStyleSheet(style_sheet(theme, self._scale))
        self.changed.emit(theme, self._scale)

    def _system_changed(self) -> None:
        if self._choice == "system":
            self.apply()


def _nearest_scale(kept: object) -> float:
    try:
        wanted = float(str(kept))
    except ValueError:
        return 1.0
    return min(SCALES, key=lambda s: abs(s - wanted))
