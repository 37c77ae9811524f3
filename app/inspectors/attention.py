"""The page of the attention matrix: how much each token attends to each other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from app.document.attention_look import AttentionLook
from app.inspectors.heatmap import Heatmap
from app.inspectors.matrix_controls import HeadChoice, OrderButton
from app.inspectors.matrix_figure import matrix_figure
from app.inspectors.page import Page
from app.scene import matrix_order
from sim.frame import FrameRequest
from sim.measure.clusters import cluster_rule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QPointF
    from PySide6.QtWidgets import QWidget

    from app.document.document import Document
    from app.figures.figure import Figure
    from app.scene.matrix_order import MatrixImage
    from app.scene.scene_info import SceneInfo
    from app.theme.palette import Theme
    from sim.frame import Frame
    from sim.scenario import Scenario


MAX_MATRIX_SIDE = 288  # above, a sample of the tokens is shown


class AttentionPage(Page):
    """A tab for each head, the order, and the heatmap."""

    kind: ClassVar[str] = "matrix"
    title: ClassVar[str] = "Attention A"
    icon: ClassVar[str] = "matrix"
    wants: ClassVar[FrameRequest] = FrameRequest(
        observables=frozenset(), clusters=False, matrix=MAX_MATRIX_SIDE
    )

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._look = AttentionLook()
        self._heads, self._order = HeadChoice(self), OrderButton()
        self._heads.head_chosen.connect(self._choose_head)
        self._heads.minus_chosen.connect(self._choose_minus)
        self._order.chosen.connect(self._choose_order)
        self._map = Heatmap(theme, self)
        self._map.row_chosen.connect(self._choose_row)
        self._map.pair_hovered.connect(self.tokens_hovered)
        self._scene: SceneInfo | None = None
        self._title_row.addWidget(self._order)
        self._body.addWidget(self._heads)
        self._body.addWidget(self._map, 1)
        self._show_heads(1)
        self.set_theme(theme, 1.0)

    @classmethod
    def fits(cls, scenario: Scenario) -> bool:
        """Return whether the law has attention heads or a graph."""
        return matrix_order.has_attention(scenario) or matrix_order.has_graph(scenario)

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours of `theme`."""
        super().set_theme(theme, scale)
        self._map.set_theme(theme)
        self._heads.set_theme(theme)

    def show_document(self, document: Document) -> None:
        """Take heads, order and pins of the document's look."""
        if document.look.attention != self._look:
            self._look = document.look.attention
            self._map.pin(self._look.pins)
            self._throttle.schedule()

    def choose(self, tokens: tuple[int, ...]) -> None:
        """Mark the rows of `tokens`."""
        self._map.choose(tokens)

    def hover(self, tokens: tuple[int, ...], text: str) -> None:
        """Light up the rows and columns of `tokens`."""
        self._map.light(tokens)

    def _choose_row(self, token: int) -> None:
        self.tokens_chosen.emit((token,))

    def _choose_head(self, head: int) -> None:
        self._edit("head", max(head, 0))

    def _choose_minus(self, head: object) -> None:
        self._edit("minus", head)

    def _choose_order(self, order: object) -> None:
        self._edit("order", order)

    def _edit(self, name: str, value: Any) -> None:
        self._look = replace(self._look, **{name: value})
        self._throttle.schedule()
        self.look_edited.emit(f"look.attention.{name}", value)

    def show_frames(self, frames: Sequence[Frame]) -> None:
        """Wait for the scene: it knows the clusters that rows are ordered by."""

    def show_scenes(self, scenes: Sequence[SceneInfo]) -> None:
        """Take the frame of the first lane with its clusters, and draw it soon."""
        self._scene = scenes[0]
        if self._scene.frame is not None:
            super().show_frames((self._scene.frame,))

    def text_at(self, at: QPointF) -> str:
        """Return the tooltip at a position of the heatmap; empty outside it."""
        return self._map.text_at(at)

    @property
    def map(self) -> Heatmap:
        """The heatmap alone."""
        return self._map

    def _show_heads(self, count: int) -> None:
        """Show tabs for the mean and `count` heads; none for a single head."""
        self._heads.show_heads(count, self._look)
        self._order.show_look(self._look)

    def draw(self, frame: Frame) -> None:
        """Draw the matrix of the head in front, or the graph of a law without heads."""
        scene = self._scene
        if scene is None:
            return
        if frame.matrix is not None:
            self._show_heads(len(frame.matrix))
        image = matrix_order.attention_image(
            frame, scene.cluster_ids, self._look, scene.points
        )
        if image is None and not matrix_order.has_attention(frame.scenario):
            self._show_heads(1)
            image = matrix_order.graph_image(frame)
            self._set_title(image, frame)
            self._map.show_image(image, frame.names, scene.colours, frame.ids)
        elif image is not None:
            self._set_title(image, frame)
            self._map.show_image(image, frame.names, scene.colours, frame.ids)

    def figure_of(self, frame: Frame, caption: tuple[str, ...]) -> Figure | None:
        """Return the matrix of the head in front as a figure."""
        if self._scene is None:
            return None
        return matrix_figure(frame, self._scene, self._look, caption)

    def _set_title(self, image: MatrixImage | None, frame: Frame) -> None:
        graph = image is not None and image.graph
        self._title.setText("Graph" if graph else self.title)
        self._order.setVisible(not graph)
        what = "adjacency" if graph else "rows attend"
        n = len(frame.x)
        if image is not None and len(image.tokens) < n:
            what = f"{len(image.tokens)} of {n:,}"
        order = "neighbours together" if graph else self._order_text(image, frame)
        self._tip.setText("" if image is None else f"{what}, {order}")

    def _order_text(self, image: MatrixImage | None, frame: Frame) -> str:
        order = "" if image is None else image.order
        if order == "cluster":
            counted = frame.labels is not None
            return (
                f"by {cluster_rule(frame.scenario.space)}" if counted else "by colour"
            )
        return {"label": "by name", "angle": "by longitude"}.get(order, f"by {order}")
