"""Pages that show a matrix of tokens, as a test orders and points at them."""

from __future__ import annotations

import dataclasses

from PySide6.QtCore import QPointF

from app.document.attention_look import AttentionLook
from app.document.document import Document


def looked_at(page, **attention) -> None:
    """Show the matrix with this look of attention, such as its order."""
    look = dataclasses.replace(Document().look, attention=AttentionLook(**attention))
    page.show_document(Document(look=look))
    page._draw()


def centre_of(page, row: int, column: int) -> QPointF:
    """Return the middle of a cell, in pixels of the map."""
    box, n = page.map._box(), len(page.map._image.tokens)
    cell = box.width() / n
    return box.topLeft() + QPointF((column + 0.5) * cell, (row + 0.5) * cell)
