"""What pages of a matrix over the tokens have in common: heatmap, order, links."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.document.attention_look import AttentionLook
from app.inspectors.heatmap import Heatmap
from app.inspectors.matrix_controls import OrderButton
from app.inspectors.page import Page
from sim.measure.clusters import cluster_rule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QPointF
    from PySide6.QtWidgets import QWidget

    from app.document.document import Document
    from app.scene.matrix_order import MatrixImage
    from app.scene.scene_info import SceneInfo
    from app.theme.palette import Theme
    from sim.frame import Frame


class MatrixPage(Page):
    """A heatmap of pairs of tokens in the order of the document's look.

    The mouse on a cell lights up both tokens in the other views; a click chooses the
    token of the row.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._look = AttentionLook()
        self._order = OrderButton()
        self._order.chosen.connect(self._choose_order)
        self._map = Heatmap(theme, self)
        self._map.row_chosen.connect(self._choose_row)
        self._map.pair_hovered.connect(self.tokens_hovered)
        self._map.value_read.connect(self.read_out)
        self._scene: SceneInfo | None = None
        self._title_row.addWidget(self._order)
        self._body.addWidget(self._map, 1)

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours of `theme`."""
        super().set_theme(theme, scale)
        self._map.set_theme(theme)

    def show_document(self, document: Document) -> None:
        """Take heads, order and pins of the document's look."""
        if document.look.attention != self._look:
            self._look = document.look.attention
            self._map.pin(self._look.pins)
            self._throttle.schedule()

    def choose(self, tokens: tuple[int, ...]) -> None:
        """Mark the rows of `tokens`."""
        self._map.choose(tokens)

    def hover(self, tokens: tuple[int, ...]) -> None:
        """Light up the rows and columns of `tokens`."""
        self._map.light(tokens)

    def show_frames(self, frames: Sequence[Frame]) -> None:
        """Wait for the scene: it knows the clusters that rows are ordered by."""

    def show_scenes(self, scenes: Sequence[SceneInfo]) -> None:
        """Take the frame of the first lane with its clusters, and draw it soon."""
        self._scene = scenes[0]
        if self._scene.frame is not None:
            super().show_frames((self._scene.frame,))

    def text_at(self, at: QPointF) -> str:
        """Return what the cell at a position says; empty outside the heatmap."""
        return self._map.text_at(at)

    @property
    def map(self) -> Heatmap:
        """The heatmap alone."""
        return self._map

    def _choose_row(self, token: int) -> None:
        self.tokens_chosen.emit((token,))

    def _choose_order(self, order: object) -> None:
        self._edit("order", order)

    def _edit(self, name: str, value: Any) -> None:
        self._look = replace(self._look, **{name: value})
        self._throttle.schedule()
        self.look_edited.emit(f"look.attention.{name}", value)

    def _comment(self, what: str, image: MatrixImage, frame: Frame) -> None:
        """Say beside the title what is shown, and by what tokens are ordered."""
        n, shown = len(frame.x), len(image.tokens)
        some = f"{shown} of {n:,}" if shown < n else what
        orders = self._orders(image, frame)
        text = ", ".join(filter(None, (some, orders[0])))
        self._tip.show_forms(text, *orders)
        self._tip.setToolTip(text)

    def _orders(self, image: MatrixImage, frame: Frame) -> tuple[str, ...]:
        """Return by what tokens are ordered; then the same in fewer letters."""
        if image.graph:
            return ("neighbours together",)
        if image.order != "cluster":
            return (image.order_text,)
        if frame.labels is None:
            return ("by colour",)
        return f"by {cluster_rule(frame.scenario.space)}", "by cluster"
