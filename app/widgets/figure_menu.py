"""The entries of a menu that make a figure of a view."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget


class FigureView(Protocol):
    """A view that can be made a figure of; see `app.widgets.view.View`."""

    @property
    def figure_requested(self) -> Any:
        """The signal of the view, and of what to do with its figure."""
        ...


COPY_PICTURE, COPY_DATA, SAVE = "picture", "data", "save"
ENTRIES = (
    (COPY_PICTURE, "Copy picture", "On white, as in a report."),
    (COPY_DATA, "Copy data", "All numbers behind it, as a table for a spreadsheet."),
    (
        SAVE,
        "Save figure…",
        "As SVG, PDF or PNG, at a width in millimetres; or its numbers as CSV.",
    ),
)
"""What is asked for, the text, and the tooltip of each entry."""


def figure_menu(view: FigureView, parent: QWidget) -> QMenu:
    """Return a menu that makes a figure of `view`; it deletes itself."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    add_figure_entries(menu, view)
    return menu


def add_figure_entries(
    menu: QMenu, view: FigureView, before: QAction | None = None
) -> None:
    """Add the entries that make a figure of `view` to a menu, `before` its own."""
    menu.setToolTipsVisible(True)
    for verb, text, tip in ENTRIES:
        action = QAction(text, menu)
        action.setToolTip(tip)
        action.setProperty("figure", verb)
        action.triggered.connect(_request(view, verb))
        if before is None:
            menu.addAction(action)
        else:
            menu.insertAction(before, action)
    if before is not None:
        menu.insertSeparator(before)


def _request(view: FigureView, verb: str) -> Callable[[], None]:
    def request() -> None:
        view.figure_requested.emit(view, verb)

    return request
