"""The page of the attention matrix: how much each token attends to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QTabBar, QWidget

from app.inspectors.heatmap import Heatmap
from app.inspectors.matrix_figure import matrix_figure
from app.inspectors.page import Page
from app.scene import matrix_order
from sim.frame import FrameRequest
from sim.measure.clusters import cluster_rule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QPointF

    from app.figures.figure import Figure
    from app.scene.matrix_order import MatrixImage
    from app.scene.scene_info import SceneInfo
    from app.theme.palette import Theme
    from sim.frame import Frame
    from sim.scenario import Scenario


MAX_MATRIX_SIDE = 288  # above, a sample of the tokens is shown


class AttentionPage(Page):
    """A tab for each head, and the heatmap."""

    kind: ClassVar[str] = "matrix"
    title: ClassVar[str] = "Attention A"
    icon: ClassVar[str] = "matrix"
    wants: ClassVar[FrameRequest] = FrameRequest(
        observables=frozenset(), clusters=False, matrix=MAX_MATRIX_SIDE
    )

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._tabs = QTabBar(self)
        self._tabs.setDrawBase(False)
        self._tabs.setExpanding(False)
        self._tabs.setAccessibleName("Head of attention")
        self._tabs.currentChanged.connect(self._redraw)
        self._map = Heatmap(theme, self)
        self._map.row_chosen.connect(self._choose_row)
        self._scene: SceneInfo | None = None
        self._body.addWidget(self._tabs)
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
        self._tabs.setStyleSheet(
            "QTabBar::tab { background: transparent; padding: 4px 8px; border: none; "
            f"color: {theme.muted}; border-bottom: 2px solid transparent; }}"
            f"QTabBar::tab:selected {{ color: {theme.text}; "
            f"border-bottom-color: {theme.accent}; }}"
        )

    def choose(self, tokens: tuple[int, ...]) -> None:
        """Mark the rows of `tokens`."""
        self._map.choose(tokens)

    def _choose_row(self, token: int) -> None:
        self.tokens_chosen.emit((token,))

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

    def _redraw(self) -> None:
        self._throttle.schedule()

    def _show_heads(self, count: int) -> None:
        """Show tabs for the mean and `count` heads; none for a single head."""
        wanted = count + 1 if count > 1 else 0
        if self._tabs.count() != wanted:
            while self._tabs.count():
                self._tabs.removeTab(0)
            for k in range(wanted):
                self._tabs.addTab(str(k) if k else "mean")
        self._tabs.setVisible(wanted > 0)

    def draw(self, frame: Frame) -> None:
        """Draw the matrix of the head in front, or the graph of a law without heads."""
        scene = self._scene
        if scene is None:
            return
        if frame.matrix is not None:
            self._show_heads(len(frame.matrix))
        head = self._tabs.currentIndex() - 1
        image = matrix_order.attention_image(
            frame, scene.cluster_ids, head if head >= 0 else None
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
        head = self._tabs.currentIndex() - 1
        return matrix_figure(frame, self._scene, head if head >= 0 else None, caption)

    def _set_title(self, image: MatrixImage | None, frame: Frame) -> None:
        graph = image is not None and image.graph
        self._title.setText("Graph" if graph else self.title)
        blocks = f"by {cluster_rule(frame.scenario.space)}"
        blocks = "by colour" if frame.labels is None else blocks
        order = "by index" if matrix_order.is_causal(frame.scenario) else blocks
        order = "neighbours together" if graph else order
        what = "adjacency" if graph else "rows attend"
        n = len(frame.x)
        if image is not None and len(image.tokens) < n:
            what = f"{len(image.tokens)} of {n:,}"
        self._tip.setText("" if image is None else f"{what}, {order}")
