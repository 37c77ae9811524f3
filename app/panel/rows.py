"""Rows of the settings panel, made from the settings: a name and a field each."""

from __future__ import annotations

import dataclasses
import math
import textwrap
from typing import TYPE_CHECKING, Any, get_origin

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from app.annotations.number_format import minus
from app.document.glide import can_glide
from app.document.setting_names import name_of, owner_of
from app.panel.columns_entry import COLUMNS, ColumnsEntry
from app.panel.fields import (
    ChoiceControl,
    FileEntry,
    FolderEntry,
    NumberControl,
    SettingControl,
    SwitchControl,
    TextEntry,
)
from app.panel.grid import TableEntry
from app.panel.matrix_table import matrix_table_of
from app.widgets.elided_label import ElidedLabel
from app.widgets.slider_scale import SliderScale
from sim.initial.sentence import Sentence
from sim.models.model_settings import PATH as MODEL_PATH
from sim.settings.knobs import Knob, choices, kind_of, knob_of, knobs, used
from sim.settings.serialise import family

if TYPE_CHECKING:
    from PySide6.QtGui import QContextMenuEvent, QMouseEvent

    from app.document.document import Document
    from sim.settings.knobs import Settings
    from sim.settings.plugins import Plugin

TOOLTIP_WIDTH = 68  # characters of a tooltip's line
ROW_INDENT = 28  # pixels: rows stand under the group's title
SHOWN_ELSEWHERE = (
    *("look.speed", "look.camera"),  # set in the bar below, and by hand
    "look.star",  # of presets
    "look.attention",  # on the page of the matrix and the card of a token
)
SPECIAL = "look.special"  # of sentences alone

INLINE_PARTS = (".query", ".key", ".mlp.first", ".mlp.second")
"""Parts whose one number, if they have just one, stands beside their kind."""


def paths(document: Document) -> list[str]:
    """Return the settings that have a row, in order: those that change anything."""
    looks = ((f"look.{path}", o, name) for path, o, name in used(document.look))
    return [
        path
        for path, owner, name in (*used(document.scenario), *looks)
        if (name in knobs(type(owner)) or family(owner, name))
        and not path.startswith(SHOWN_ELSEWHERE)
        and (path != SPECIAL or isinstance(document.scenario.initial, Sentence))
    ]


def default_of(document: Document, path: str) -> Any:
    """Return what the setting at `path` is by default; of a part, the kind."""
    owner, name = owner_of(document, path)
    field = next(f for f in dataclasses.fields(owner) if f.name == name)
    if field.default_factory is not dataclasses.MISSING:
        value = field.default_factory()
        return getattr(value, "kind", value)
    return field.default


class SettingLabel(ElidedLabel):
    """The name of a row; a double-click goes back to the default."""

    reset = Signal()

    def __init__(self, text: str) -> None:
        super().__init__(text, "name")

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Go back to the default."""
        self.reset.emit()
        event.accept()


class Row(QWidget):
    """One setting: its name and its field."""

    glide_requested = Signal(str)
    """The path of a number that is to glide."""

    edited = Signal(str, object)
    """Path and value."""
    released = Signal()
    reset = Signal(str)
    """The path."""

    def __init__(self, document: Document, path: str) -> None:
        super().__init__()
        self.path = path
        self.inline = is_inline(document, path)
        self.field = field_of(document, path)
        name, tip = name_of(document, path), tip_of(document, path)
        row = self._row = QHBoxLayout(self)
        row.setSpacing(6)
        self.indent(ROW_INDENT)
        if not self.inline and not isinstance(self.field, SwitchControl):
            self.name = SettingLabel(name)
            self.name.setToolTip(tip)
            self.name.reset.connect(self._reset)
            row.addWidget(self.name)
        row.addWidget(self.field, 1)
        self.field.name(name, tip)
        self.field.edited.connect(self._edit)
        self.field.released.connect(self.released)
        self.field.reset.connect(self._reset)
        self.show_document(document)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Offer to let a number glide, and to go back to its default."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self._can_glide:
            menu.addAction("Glide to…").triggered.connect(self._glide)
        menu.addAction("Default").triggered.connect(self._reset)
        menu.popup(event.globalPos())

    def _glide(self) -> None:
        self.glide_requested.emit(self.path)

    def take_focus(self) -> None:
        """Give the focus to the setting's control."""
        keyboard = Qt.FocusPolicy.TabFocus
        for part in self.field.findChildren(QWidget):
            if part.focusPolicy() & keyboard and part.isVisibleTo(self):
                part.setFocus(Qt.FocusReason.ShortcutFocusReason)
                break

    def indent(self, left: int) -> None:
        """Stand `left` pixels from the edge."""
        self._row.setContentsMargins(left, 2, 12, 2)

    def show_document(self, document: Document) -> None:
        """Show the setting as it is in `document`."""
        self._can_glide = can_glide(document, self.path)
        self.field.show_value(document.get(self.path))
        if isinstance(self.field, ColumnsEntry):
            self.field.show_initial(document.scenario.initial)
        if isinstance(self.field, TableEntry):
            self.field.show_table(matrix_table_of(document, self.path))

    def _edit(self, value: object) -> None:
        self.edited.emit(self.path, value)

    def _reset(self) -> None:
        self.reset.emit(self.path)


def is_inline(document: Document, path: str) -> bool:
    """Return whether the setting at `path` stands beside the kind of its part."""
    part = path.rpartition(".")[0]
    owner, name = owner_of(document, path)
    number = kind_of(type(owner), name) in (int, float)
    return number and part.endswith(INLINE_PARTS) and len(knobs(type(owner))) == 1


def field_of(document: Document, path: str) -> SettingControl:
    """Return the control that fits the setting at `path`."""
    owner, name = owner_of(document, path)
    kinds = family(owner, name)
    if kinds is not None:
        return ChoiceControl([_option(c) for c in kinds.kinds().values()])
    knob, kind = knobs(type(owner))[name], kind_of(type(owner), name)
    if menu := choices(type(owner), name):
        return ChoiceControl([(value, value, "") for value in menu])
    if kind is bool:
        return SwitchControl(name_of(document, path))
    if kind in (int, float):
        whole = kind is int
        inline = is_inline(document, path)
        scale = SliderScale.of(knob, whole)
        return NumberControl(scale, knob.unit, whole=whole, slider=not inline)
    if get_origin(kind) is tuple:
        return TableEntry()
    if path == COLUMNS:
        return ColumnsEntry()
    if name == "path":
        return FolderEntry() if knob is MODEL_PATH else FileEntry()
    return TextEntry()


def _option(member: type[Plugin]) -> tuple[str, str, str]:
    return member.kind, member.title or member.kind, member.summary()


def tip_of(document: Document, path: str) -> str:
    """Return what the setting means, its symbol, range and unit, and its reset."""
    owner, name = owner_of(document, path)
    knob = knob_of(type(owner), name)
    if family(owner, name) is not None:
        part = document.get(path)
        return wrapped(knob.help, f"{part.title}: {part.summary()}")
    lines = [knob.help, _bounds(knob, owner, name)]
    if not knob.live:
        lines.append("A change starts again from the beginning.")
    if kind_of(type(owner), name) in (int, float):
        lines.append("Double-click the name for the default.")
    return wrapped(*lines)


def wrapped(*lines: str) -> str:
    """Return lines broken where a tooltip would grow too wide; empty ones left out."""
    return "\n".join(
        textwrap.fill(" ".join(x.split()), TOOLTIP_WIDTH) for x in lines if x
    )


def _bounds(knob: Knob, owner: Settings, name: str) -> str:
    kind = kind_of(type(owner), name)
    if get_origin(kind) is tuple:
        return "Rows of numbers, such as 1, 0; 0, 1."
    if kind not in (int, float) or not math.isfinite(knob.lo + knob.hi):
        return ""
    text = f"{knob.label} from {knob.lo:g} to {knob.hi:g}{knob.unit}"
    return minus(text)
