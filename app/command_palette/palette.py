"""The palette: a line to type in over the window, and what fits below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QListWidgetItem,
    QWidget,
)

from app.command_palette.entries import found
from app.command_palette.rows import ENTRY, FIT, ROW_HEIGHT, EntryDelegate
from app.widgets.search_panel import SearchPanel

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QSettings

    from app.command_palette.entries import Entry
    from app.theme.palette import Theme

WIDTH_PX, TOP_PX, MARGIN_PX, SHOWN_ROWS = 600, 56, 12, 11  # at scale 1
AROUND_PX = 66  # above and below the rows: the line to type in, and margins
RECENT_KEY, MAX_RECENT = "palette/recent", 8  # in QSettings
HINT = "Command, panel, setting, preset, token or help"
NOTHING = "Nothing fits. Try fewer letters."


class CommandPalette(SearchPanel):
    """Finds what can be done by typing; Enter does it, Escape closes.

    Parameters
    ----------
    source : function
        Returns all entries.
    settings : QSettings
        Where those that were used lately are kept.
    """

    def __init__(
        self, source: Callable[[], list[Entry]], settings: QSettings, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._source, self._settings = source, settings
        self._entries: list[Entry] = []
        self._before: QWidget | None = None  # what had the focus
        self.note.setText(NOTHING)
        self.field.setPlaceholderText(HINT)
        self.field.setAccessibleName(HINT)
        self.list.setAccessibleName("What fits")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setUniformItemSizes(True)
        self._rows = EntryDelegate(self.list)
        self.list.setItemDelegate(self._rows)
        self.note.setProperty("role", "muted")
        self.field.textChanged.connect(self._fill)
        self.field.returnPressed.connect(self._enter)
        self.list.itemClicked.connect(self._run)

    def open(self) -> None:
        """Show the palette; with nothing typed, what was used lately is in front."""
        if not self.isVisible():
            self._before = QApplication.focusWidget()
        self._entries = self._source()
        self.field.clear()
        self._fill("")
        self._appear()

    def shut(self) -> None:
        """Hide the palette, and give the focus back."""
        self.hide()
        if self._before is not None:
            self._before.setFocus()
        self._before = None

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours of `theme`."""
        self._rows.theme, self._rows.scale = theme, scale
        self.set_scale(scale)

    def shown(self) -> list[Entry]:
        """Return the entries on show, from the top."""
        return [self.list.item(k).data(ENTRY) for k in range(self.list.count())]

    def recent(self) -> list[str]:
        """Return what was used lately, the latest first."""
        kept = self._settings.value(RECENT_KEY, [])
        return [str(key) for key in (kept if isinstance(kept, list) else [kept])]

    def _fill(self, typed: str) -> None:
        self.list.clear()
        for entry, here in found(self._entries, typed, self.recent()):
            item = QListWidgetItem(entry.text, self.list)
            item.setData(ENTRY, entry)
            item.setData(FIT, here)
            words = (entry.text, entry.kind, entry.keys)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join(words))
        self.list.setCurrentRow(0)
        self.note.setVisible(not self.list.count())
        self.list.setVisible(bool(self.list.count()))
        self._place()

    def _enter(self) -> None:
        for item in self.list.selectedItems():
            self._run(item)

    def _run(self, item: QListWidgetItem) -> None:
        entry: Entry = item.data(ENTRY)
        others = [key for key in self.recent() if key != entry.key]
        self._settings.setValue(RECENT_KEY, [entry.key, *others][:MAX_RECENT])
        self.shut()
        entry.run()

    def _place(self) -> None:
        parent = self.parentWidget()
        if parent is None:
            return
        s, room = self._scale, 2 * MARGIN_PX
        wide = min(round(WIDTH_PX * s), parent.width() - room)
        rows = min(max(self.list.count(), 1), SHOWN_ROWS)
        wanted = round((rows * ROW_HEIGHT + AROUND_PX) * s)
        high = min(wanted, parent.height() - round(TOP_PX * s) - MARGIN_PX)
        self.setGeometry((parent.width() - wide) // 2, round(TOP_PX * s), wide, high)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Close by Escape, before it leaves a presentation, and if the focus goes."""
        if watched is self.field:
            if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
                event.accept()
                if event.type() == QEvent.Type.KeyPress:
                    self.shut()
                return True
            if event.type() == QEvent.Type.FocusOut and self.isVisible():
                self._before = None  # the focus went elsewhere, and stays there
                self.hide()
        return super().eventFilter(watched, event)
