"""The card of a token, in the place of the curves while a token is chosen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QTabBar, QVBoxLayout, QWidget

from app.annotations.cluster_numbers import MIN_TOKENS, number_of
from app.document.attention_look import MAX_PINS, AttentionLook
from app.scene.builder import MAX_COLOURED_BY_CLUSTER
from app.scene.scene_info import SceneInfo, own_text
from app.token_card.card_body import CardBody
from app.token_card.facts import TokenFacts, token_facts
from app.widgets.throttle import Throttle
from app.widgets.view import NO_REQUEST, View

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.document.document import Document
    from app.theme.palette import Theme
    from sim.frame import Frame, FrameRequest

DRAWINGS_PER_S = 8.0
MAX_TABS = 12  # pinned tokens come first
CURVES = -1  # the tab that shows the curves again
NOT_THERE = "This token is not there at this time: it is added later, or was removed."


class TokenCard(View):
    """A tab for each pinned or chosen token, and the numbers of the one in front.

    Attributes
    ----------
    token : int, optional
        The id of the token whose card is open; None while curves are shown.
    """

    opened = Signal(bool)
    """Whether the card is open, in the place of the curves."""
    message = Signal(str)
    """Why something was not done."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._frame: Frame | None = None
        self._scene: SceneInfo | None = None
        self._look, self._numbered = AttentionLook(), False
        self._chosen: tuple[int, ...] = ()
        self.token: int | None = None
        self.facts: TokenFacts | None = None
        self._throttle = Throttle(self, DRAWINGS_PER_S, self._draw)
        self._make()
        self.set_theme(theme, 1.0)
        self._away = self._turned = False
        self.hide()

    def _make(self) -> None:
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setElideMode(Qt.TextElideMode.ElideRight)
        self.tabs.setAccessibleName("Curves and tokens")
        self.tabs.currentChanged.connect(self._turn)
        self.body = CardBody(self._theme)
        self.body.pin_button.clicked.connect(self.toggle_pin)
        self.body.incoming_chosen.connect(self._choose_direction)
        self.body.bars.token_chosen.connect(self._choose)
        self.body.bars.token_hovered.connect(self._hover)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 2, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.tabs)
        whole.addWidget(self.body)

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours of `theme`."""
        self._theme = theme
        self.body.bars.set_theme(theme)
        self.tabs.setStyleSheet(
            "QTabBar::tab { background: transparent; padding: 4px 8px; border: none; "
            f"color: {theme.muted}; border-bottom: 2px solid transparent; }}"
            f"QTabBar::tab:selected {{ color: {theme.text}; "
            f"border-bottom-color: {theme.accent}; }}"
        )
        self._throttle.schedule()

    def show_lane(self, _place: int, title: str) -> None:
        """Say beside the name of the token of which lane it is."""
        self.body.lane.setText(title)

    def request(self) -> FrameRequest:
        """Return the row or the column of the token in front."""
        if self.token is None or not self.isVisible():
            return NO_REQUEST
        asked = (self.token,)
        few = self._frame is not None and len(self._frame.x) <= MAX_COLOURED_BY_CLUSTER
        part = {"columns" if self._shown_look.incoming else "rows": asked}
        return replace(NO_REQUEST, clusters=few, **part)

    def show_document(self, document: Document) -> None:
        """Take heads, direction and pins of the document's look."""
        if document.look.numbers != self._numbered:
            self._numbered = document.look.numbers
            self._throttle.schedule()
        if document.look.attention != self._look:
            self._look = document.look.attention
            self._update_tabs()
            self.request_changed.emit()
            self._throttle.schedule()

    def show_frames(self, frames: Sequence[Frame]) -> None:
        """Take the frame of the first lane, and draw it soon."""
        before, self._frame = self._frame, frames[0]
        if before is None or before.names != self._frame.names:
            self._update_tabs()
        self._throttle.schedule()

    def show_scenes(self, scenes: Sequence[SceneInfo]) -> None:
        """Take the colours of tokens, and draw them soon."""
        self._scene = scenes[0]
        self._throttle.schedule()

    def choose(self, tokens: tuple[int, ...]) -> None:
        """Open the card of the token that was chosen last; the curves without one."""
        if tokens == self._chosen:
            return
        self._chosen = tokens
        self._open(tokens[-1] if tokens else None)

    def toggle_pin(self) -> None:
        """Pin the token in front, or unpin it."""
        token, pins = self.token, self._look.pins
        if token is None:
            self.message.emit("No token is chosen. Click one, or press Ctrl+F.")
        elif token not in pins and len(pins) == MAX_PINS:
            self.message.emit(
                f"{MAX_PINS} tokens are pinned, which is as many as can be. Unpin one "
                "first."
            )
        else:
            kept = tuple(i for i in pins if i != token)
            new = kept if token in pins else (*pins, token)
            self.look_edited.emit("look.attention.pins", new)
        self.body.pin_button.setChecked(token in self._look.pins)

    def go_away(self, away: bool) -> None:
        """Hide the card, such as beside a large panel for an audience, or no longer."""
        if away != self._away:
            self._away = away
            self.setVisible(bool(self.marked) and not away)

    @property
    def marked(self) -> tuple[int, ...]:
        """The tokens that have a tab: pinned ones, then chosen ones."""
        return tuple(dict.fromkeys((*self._look.pins, *self._chosen)))[:MAX_TABS]

    def _open(self, token: int | None) -> None:
        self.token = token
        if token is None:
            self.body.hide()
        self.opened.emit(token is not None)  # first: there is no room for both
        self.body.setVisible(token is not None)
        self._update_tabs()
        self.request_changed.emit()
        self._throttle.schedule()

    def _update_tabs(self) -> None:
        marked = self.marked
        if self.token not in marked:
            self.token = None
            self.body.hide()
            self.opened.emit(False)
        with QSignalBlocker(self.tabs):
            while self.tabs.count():
                self.tabs.removeTab(0)
            self._add_tab("Curves", CURVES)
            for token in marked:
                pin = "• " if token in self._look.pins else ""
                self._add_tab(pin + self._name_of(token), token)
            front = 0 if self.token is None else 1 + marked.index(self.token)
            self.tabs.setCurrentIndex(front)
        self.setVisible(bool(marked) and not self._away)

    def _add_tab(self, text: str, token: int) -> None:
        self.tabs.setTabData(self.tabs.addTab(text), token)

    def _name_of(self, token: int) -> str:
        frame = self._frame
        row = None if frame is None else frame.rows_of((token,)).get(token)
        if frame is None or row is None:
            return f"token {token + 1}"
        return own_text(token, row, frame.names)

    def _turn(self, place: int) -> None:
        token = self.tabs.tabData(place)
        if token in (None, CURVES):
            self._open(None)
        elif token in self._chosen:
            self._open(int(token))
        else:
            self._choose(int(token))

    def _choose(self, token: int) -> None:
        self.tokens_chosen.emit((token,))

    def _hover(self, token: int) -> None:
        self.tokens_hovered.emit((token,) if token >= 0 else ())

    @property
    def _shown_look(self) -> AttentionLook:
        """How attention is shown; held Shift turns its direction around."""
        if not self._turned:
            return self._look
        return replace(self._look, incoming=not self._look.incoming)

    def turn_direction(self, turned: bool) -> None:
        """Show the column in the place of the row, and the reverse, or no longer."""
        if turned != self._turned:
            self._turned = turned
            self.request_changed.emit()
            self._throttle.schedule()

    def _choose_direction(self, incoming: bool) -> None:
        self.look_edited.emit("look.attention.incoming", incoming)

    def _draw(self) -> None:
        if self.token is None or self._frame is None:
            return
        look = self._shown_look
        facts = token_facts(self._frame, self.token, look)
        if facts is None:
            name = self._name_of(self.token)
            facts = TokenFacts(self.token, -1, name, (), why_not=NOT_THERE)
        self.facts = facts
        scene = self._scene
        known = scene is not None and 0 <= facts.row < len(scene.colours)
        colour = scene.colours[facts.row, :3].tolist() if scene and known else None
        number = _number(scene, facts.row) if scene and self._numbered else ""
        self.body.show_facts(facts, look, colour, number)


def _number(scene: SceneInfo, row: int) -> str:
    """Return the number of the cluster of a token on the picture; "" if it has none."""
    ids = scene.cluster_ids
    if not 0 <= row < len(ids) or ids[row] < 0:
        return ""
    return number_of(int(ids[row])) if (ids == ids[row]).sum() >= MIN_TOKENS else ""
