"""The field that finds tokens by name, and the list of tokens by cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QPixmap
from PySide6.QtWidgets import (
    QListWidgetItem,
    QWidget,
)

from app.scene.scene_info import NO_SCENE, SceneInfo, numbered
from app.token_card.search import ALONE, TokenNotFoundError, find, matches
from app.widgets.search_panel import SearchPanel

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.token_card.search import Match

WIDTH_PX, HEIGHT_PX = 320, 380  # at scale 1
TOP_PX = 8  # below the top of its parent
SWATCH_PX = 10
TOKEN_ROLE = Qt.ItemDataRole.UserRole


class FindPanel(SearchPanel):
    """A line to type in, and the tokens that fit; Enter chooses, Esc closes.

    Parameters
    ----------
    source : function
        Returns the scene on show.
    """

    token_chosen = Signal(int)

    def __init__(self, source: Callable[[], SceneInfo], parent: QWidget) -> None:
        super().__init__(parent)
        self._source = source
        self._info: SceneInfo = NO_SCENE
        self.field.setPlaceholderText("Find token…")
        self.field.setAccessibleName("Name or number of a token")
        self.field.setClearButtonEnabled(True)
        self.list.setAccessibleName("Tokens by cluster")
        self.note.setWordWrap(True)
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.field.textChanged.connect(self._type)
        self.field.returnPressed.connect(self._enter)
        self.list.itemClicked.connect(self._click)

    def open(self) -> None:
        """Show the field, empty, with all tokens by cluster."""
        self._info = self._source()
        self.field.clear()
        self._fill("")
        self._say("")
        self._appear()

    def show_lane(self, place: int, title: str) -> None:
        """Say in which lane tokens are found: the one that is edited."""
        where = f" in lane {place + 1}, {title}" if title else ""
        self.field.setPlaceholderText(f"Find token{where}…")

    def shut(self) -> None:
        """Hide it, and give the focus back to the picture."""
        self.hide()
        parent = self.parentWidget()
        if parent is not None:
            parent.setFocus()

    def _place(self) -> None:
        parent = self.parentWidget()
        if parent is None:
            return
        wide = min(round(WIDTH_PX * self._scale), parent.width() - 2 * TOP_PX)
        high = min(round(HEIGHT_PX * self._scale), parent.height() - 2 * TOP_PX)
        self.setGeometry((parent.width() - wide) // 2, TOP_PX, wide, high)

    def _type(self, text: str) -> None:
        self._fill(text)
        if self.list.count():
            self._say("")
            return
        self._fill("")  # so that there is one to choose
        self._enter_named(text, choose=False)

    def _fill(self, text: str) -> None:
        found, more = matches(self._info, text)
        self.list.clear()
        cluster: int | None = None
        for match in found:
            if match.cluster != cluster:
                cluster = match.cluster
                self._add_heading(cluster)
            self._add(match)
        if more:
            self._add_plain(f"and {more:,} more: type to narrow the list")
        if text.strip():
            self._select_first(text)

    def _add_heading(self, cluster: int) -> None:
        size = int((self._info.labels == cluster).sum())
        self._add_plain("In no cluster" if cluster == ALONE else f"Cluster of {size:,}")

    def _add_plain(self, text: str) -> None:
        item = QListWidgetItem(text, self.list)
        item.setFlags(Qt.ItemFlag.NoItemFlags)

    def _add(self, match: Match) -> None:
        item = QListWidgetItem(f"{match.name}", self.list)
        item.setIcon(_swatch(self._info.colours[match.row, :3].tolist()))
        item.setData(TOKEN_ROLE, match.token)
        item.setToolTip(f"token {match.token + 1:,}")

    def _select_first(self, text: str) -> None:
        wanted = text.strip().casefold()
        items = [self.list.item(k) for k in range(self.list.count())]
        tokens = [i for i in items if i.data(TOKEN_ROLE) is not None]
        exact = [i for i in tokens if _bare(i).casefold() == wanted]
        starts = [i for i in tokens if i.text().casefold().startswith(wanted)]
        best = next(iter((*exact, *starts, *tokens)), None)
        if best is not None and len(exact) <= 1:
            self.list.setCurrentItem(best)

    def _enter(self) -> None:
        """Choose the row in front; without one, what the text names."""
        chosen = self.list.selectedItems()
        if chosen:
            self._choose(int(chosen[0].data(TOKEN_ROLE)))
            return
        self._enter_named(self.field.text(), choose=True)

    def _enter_named(self, text: str, *, choose: bool) -> None:
        """Find the token that a text names, or say why there is none."""
        try:
            token = find(self._info, text)
        except TokenNotFoundError as error:
            self._say(str(error))
            return
        self._say("")
        if choose:
            self._choose(token)

    def _click(self, item: QListWidgetItem) -> None:
        if item.data(TOKEN_ROLE) is not None:
            self._choose(int(item.data(TOKEN_ROLE)))

    def _choose(self, token: int) -> None:
        self.shut()
        self.token_chosen.emit(token)

    def _say(self, text: str) -> None:
        self.note.setText(text)
        self.note.setProperty("role", "warn")
        self.note.style().polish(self.note)
        self.note.setVisible(bool(text))

    def event(self, event: QEvent) -> bool:
        """Keep Esc from leaving the presentation while the field is open."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(
            event, QKeyEvent
        ):
            if event.key() == Qt.Key.Key_Escape:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Close by Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.shut()
        else:
            super().keyPressEvent(event)


def _bare(item: QListWidgetItem) -> str:
    """Return the name in a row, without the number that tells it from others."""
    return item.text().removesuffix(numbered("", item.data(TOKEN_ROLE)))


def _swatch(rgb: list[float]) -> QIcon:
    image = QPixmap(SWATCH_PX, SWATCH_PX)
    image.fill(QColor.fromRgbF(*rgb))
    return QIcon(image)
