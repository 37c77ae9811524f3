"""The bar above the pictures of sentences: a field for each, and what is to be said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel

from app.sentences.edits import sentence_groups, sentence_of
from app.sentences.field import SentenceField
from app.widgets.view import NO_REQUEST, View

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.document.document import Document
    from app.theme.palette import Theme
    from sim.frame import Frame, FrameRequest

COLUMNS = 2
MAX_NAMED = 4  # words in pieces that are listed


class SentenceBar(View):
    """Shown while a run starts from a sentence."""

    entered = Signal(tuple, str)
    """The lanes of a sentence, none for a new one, and what was typed."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme, self._hidden = theme, False
        self._document: Document | None = None
        self._fields: list[SentenceField] = []
        self._note = QLabel()
        self._note.setWordWrap(True)
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(10, 6, 10, 6)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        for column in range(COLUMNS):
            self._grid.setColumnStretch(column, 1)
        self.setObjectName("sentencebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.hide()

    @property
    def fields(self) -> tuple[SentenceField, ...]:
        """The fields on show: one for each sentence, and one for a second."""
        return tuple(field for field in self._fields if not field.isHidden())

    @property
    def note(self) -> str:
        """What is said below the fields."""
        return self._note.text()

    def request(self) -> FrameRequest:
        """Need nothing of frames."""
        return NO_REQUEST

    def show_frames(self, frames: Sequence[Frame]) -> None:
        """Show nothing of frames."""

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours of `theme`."""
        self._theme = theme
        for field in self._fields:
            field.set_theme(theme)

    def set_presenting(self, presenting: bool) -> None:
        """Hide in a presentation."""
        self._hidden = presenting
        if self._document is not None:
            self.show_document(self._document)

    def show_document(self, document: Document) -> None:
        """Show the sentences of `document`, and which words are several tokens."""
        old, self._document = self._document, document
        groups = sentence_groups(document)
        self.setVisible(bool(groups) and not self._hidden)
        if not groups:
            return
        shown: list[tuple[int, ...]] = groups if len(groups) > 1 else [*groups, ()]
        while len(self._fields) < len(shown):
            self._add_field()
        for k, field in enumerate(self._fields):
            field.setVisible(k < len(shown))
            if k < len(shown):
                text = _text(document, shown[k])
                field.show_sentence(shown[k], text, several=len(groups) > 1)
        if old is None or _texts(old) != _texts(document):
            self.say(_in_pieces(document))

    def say(self, text: str, wrong: bool = False) -> None:
        """Say something below the fields, such as why a sentence is not played."""
        self._note.setText(text)
        self._note.setProperty("role", "warn" if wrong else "small")
        self._note.style().polish(self._note)
        self._note.setVisible(bool(text))

    def _add_field(self) -> None:
        place = len(self._fields)
        field = SentenceField(place, self._theme)
        field.entered.connect(self._enter)
        self._grid.addWidget(field, place // COLUMNS, place % COLUMNS)
        self._grid.removeWidget(self._note)
        self._grid.addWidget(self._note, place // COLUMNS + 1, 0, 1, COLUMNS)
        self._fields.append(field)

    def _enter(self, field: SentenceField, text: str) -> None:
        if field.lanes or text.strip():
            self.entered.emit(field.lanes, text)


def _text(document: Document, lanes: tuple[int, ...]) -> str:
    found = sentence_of(document.lanes[lanes[0]]) if lanes else None
    return "" if found is None else found.text


def _texts(document: Document) -> list[tuple[str, str]]:
    found = (sentence_of(lane) for lane in document.lanes)
    return [(s.path, s.text) for s in found if s]


def _in_pieces(document: Document) -> str:
    """Return which words are no tokens of the vocabulary, and how they are split."""
    words: list[str] = []
    for lane in document.lanes:
        found = sentence_of(lane)
        try:
            words += found.encoding().in_pieces() if found else ()
        except (ValueError, OSError):
            continue  # the run itself says so
    listed = list(dict.fromkeys(words))
    if not listed:
        return ""
    more = len(listed) - MAX_NAMED
    end = f", and {more} more" if more > 0 else ""
    return f"Split into pieces: {', '.join(listed[:MAX_NAMED])}{end}."
