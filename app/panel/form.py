"""The settings panel, made from the settings: groups of rows, or a rail of icons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.document.setting_names import GROUPS, group_of, name_of
from app.panel.glide_dialog import GlideDialog
from app.panel.group import Group
from app.panel.matrix_table import copied_matrix
from app.panel.rows import ROW_INDENT, Row, default_of, paths
from app.panel.summaries import summary
from app.panel.toggles import LawActions, LawToggles
from app.widgets.highlight import highlight

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtCore import QSettings

    from app.document.document import Document
    from app.document.session import Session
    from app.theme.palette import Theme

FOLDED_AT_FIRST = ("block", "norm", "integrator", "words")  # at the first start
ROOM_AROUND = 80  # pixels above and below a row that is shown
FOLDED_KEY = "folded"  # the key of QSettings


def rule() -> QFrame:
    """Return a thin line."""
    out = QFrame()
    out.setProperty("role", "rule")
    return out


def parts_of(widget: QWidget) -> Iterator[QWidget]:
    """Yield the widgets inside, from top to bottom; a menu keeps its list to itself.

    PySide keeps what `findChildren` found, even when Qt has deleted it, as long as the
    widget that was asked lives: only those who own parts are asked for them.
    """
    near = Qt.FindChildOption.FindDirectChildrenOnly
    for part in widget.findChildren(QWidget, options=near):
        if part.isWindow():
            continue
        yield part
        if not isinstance(part, QComboBox):
            yield from parts_of(part)


def show_row(area: QScrollArea, row: Row) -> None:
    """Scroll to a row that may have been unfolded just now, and highlight it."""

    def show() -> None:
        area.ensureWidgetVisible(row, 0, ROOM_AROUND)
        highlight(row)

    row.take_focus()
    QTimer.singleShot(0, row, show)  # when it has been laid out


class GroupSlot(QWidget):
    """The place of a group, which may be away in the flyout."""

    def __init__(self, group: Group) -> None:
        super().__init__()
        self._stack = QVBoxLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.setSpacing(0)
        self._stack.addWidget(group)
        self._stack.addWidget(rule())

    def take(self, group: Group) -> None:
        """Take the group back."""
        self._stack.insertWidget(0, group)


class Form(QScrollArea):
    """All groups, one below the other; rebuilt where a choice brings other settings."""

    groups_changed = Signal()
    """A group has come or gone."""

    def __init__(
        self,
        session: Session,
        law_actions: LawActions,
        theme: Theme,
        settings: QSettings,
    ) -> None:
        super().__init__()
        self._session, self._settings = session, settings
        self._rows: dict[str, Row] = {}
        self.groups: dict[str, Group] = {}
        self._holders: dict[str, GroupSlot] = {}
        self.setObjectName("settings")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._page = QWidget()
        self._page.setObjectName("page")
        self._stack = QVBoxLayout(self._page)
        self._stack.setContentsMargins(0, 6, 0, 6)
        self._stack.setSpacing(0)
        self._fill_page(theme)
        self.groups["dynamics"].head(LawToggles(session, law_actions, ROW_INDENT))
        self.setWidget(self._page)
        session.changed.connect(self._follow)
        self._build(session.document)

    def row(self, path: str) -> Row:
        """Return the row of the setting at `path`."""
        return self._rows[path]

    def paths(self) -> list[str]:
        """Return the settings that have a row, in order."""
        return list(self._rows)

    def has(self, name: str) -> bool:
        """Return whether the group with the icon `name` has rows."""
        return any(group_of(path) == name for path in self._rows)

    def reveal(self, path: str) -> None:
        """Unfold the group of a setting, go there and show for a moment where it is."""
        row, group = self._rows[path], self.groups[group_of(path)]
        group.fold(False)
        show_row(self, row)

    def take_back(self, name: str) -> None:
        """Put a group that was lent to the flyout in its place again."""
        self._holders[name].take(self.groups[name])

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours of `theme`."""
        for group in self.groups.values():
            group.header.set_theme(theme, scale)

    def _fill_page(self, theme: Theme) -> None:
        kept = self._settings.value(FOLDED_KEY, list(FOLDED_AT_FIRST))
        folded = kept if isinstance(kept, list) else [kept]
        for name, title in GROUPS.items():
            group = self.groups[name] = Group(title, name, theme)
            group.folded.connect(self._keep)
            holder = self._holders[name] = GroupSlot(group)
            self._stack.addWidget(holder)
            group.fold(name in folded)
        self._stack.addStretch(1)

    def _keep(self) -> None:
        folded = [name for name, group in self.groups.items() if not group.opened]
        self._settings.setValue(FOLDED_KEY, folded)

    def _follow(self, old: Document, new: Document) -> None:
        if paths(new) != self.paths():
            self._build(new)
            return
        for row in self._rows.values():
            row.show_document(new)
        self._summarise(new)

    def _build(self, document: Document) -> None:
        """Make the rows again of the groups whose settings are others now."""
        wanted = paths(document)
        for name, group in self.groups.items():
            now = [p for p in wanted if group_of(p) == name]
            was = [p for p in self._rows if group_of(p) == name]
            self._holders[name].setVisible(bool(now))
            if now == was:
                continue
            for path in was:
                del self._rows[path]
            for path in now:
                self._rows[path] = self._row(document, path)
            group.fill([self._rows[p] for p in now])
        self._rows = {p: self._rows[p] for p in wanted}
        for row in self._rows.values():
            row.show_document(document)
        self._summarise(document)
        self._chain()
        self.groups_changed.emit()

    def _chain(self) -> None:
        """Let Tab go through every group from top to bottom, header first."""
        last: QWidget | None = None
        for group in self.groups.values():
            for part in parts_of(group):
                if part.focusPolicy() & Qt.FocusPolicy.TabFocus:
                    if last is not None:
                        QWidget.setTabOrder(last, part)
                    last = part

    def _row(self, document: Document, path: str) -> Row:
        row = Row(document, path)
        row.edited.connect(self._edit)
        row.released.connect(self._session.release)
        row.reset.connect(self._reset)
        row.glide_requested.connect(self._ask_glide)
        return row

    def _edit(self, path: str, value: object) -> None:
        changes = copied_matrix(self._session.document, path, value)
        if changes:
            text = name_of(self._session.document, path)
            done = self._session.change(changes, text)
        else:
            done = self._session.edit(path, value)
        if path in self._rows:  # a refused value gives way to the one in force
            self._rows[path].show_document(self._session.document)
            if not done:
                self._rows[path].field.show_refused()

    def _reset(self, path: str) -> None:
        self._session.release()
        self._session.edit(path, default_of(self._session.document, path))
        self._session.release()

    def _ask_glide(self, path: str) -> None:
        GlideDialog(self._session, path, self.window()).open()

    def _summarise(self, document: Document) -> None:
        for name, group in self.groups.items():
            text = summary(document, name)
            if text != group.header.summary:
                group.header.summary = text
                group.header.update()
