"""The page of the attention matrix: how much each token attends to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from app.inspectors.matrix_controls import HeadChoice
from app.inspectors.matrix_figure import matrix_figure
from app.inspectors.matrix_page import MatrixPage
from app.scene import matrix_order
from app.scene.graph_matrix import graph_image
from sim.frame import FrameRequest

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.figures.figure import Figure
    from app.scene.matrix_order import MatrixImage
    from app.theme.palette import Theme
    from sim.frame import Frame
    from sim.scenario import Scenario


MAX_MATRIX_SIDE = 288  # above, a sample of the tokens is shown


class AttentionPage(MatrixPage):
    """A tab for each head, the order, and the heatmap."""

    kind: ClassVar[str] = "matrix"
    title: ClassVar[str] = "Attention A"
    icon: ClassVar[str] = "matrix"
    wants: ClassVar[FrameRequest] = FrameRequest(
        observables=frozenset(), clusters=False, matrix=MAX_MATRIX_SIDE
    )

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._heads = HeadChoice(self)
        self._heads.head_chosen.connect(self._choose_head)
        self._heads.minus_chosen.connect(self._choose_minus)
        self._body.insertWidget(self._body.indexOf(self._map), self._heads)
        self._show_heads(1)
        self.set_theme(theme, 1.0)

    @classmethod
    def fits(cls, scenario: Scenario) -> bool:
        """Return whether the law has attention heads or a graph."""
        return matrix_order.has_attention(scenario) or matrix_order.has_graph(scenario)

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours of `theme`."""
        super().set_theme(theme, scale)
        self._heads.set_theme(theme)

    def _choose_head(self, head: int) -> None:
        self._edit("head", max(head, 0))

    def _choose_minus(self, head: object) -> None:
        self._edit("minus", head)

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
            image = graph_image(frame)
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
        if image is not None:
            self._comment(what, image, frame)
