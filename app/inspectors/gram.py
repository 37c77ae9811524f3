"""The page of the Gram matrix: the cosine of every two tokens, in any dimension."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from app.inspectors.matrix_figure import gram_figure
from app.inspectors.matrix_page import MatrixPage
from app.scene.matrix_order import gram_image
from app.widgets.view import NO_REQUEST

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.figures.figure import Figure
    from app.theme.palette import Theme
    from sim.frame import Frame, FrameRequest


class GramPage(MatrixPage):
    """⟨xᵢ,xⱼ⟩/(|xᵢ||xⱼ|) as a heatmap, in the order of the attention matrix."""

    kind: ClassVar[str] = "gram"
    title: ClassVar[str] = "Gram matrix"
    icon: ClassVar[str] = "gram"
    wants: ClassVar[FrameRequest] = replace(NO_REQUEST, quantities=frozenset({"gram"}))

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._order.show_look(self._look)
        self.set_theme(theme, 1.0)

    def draw(self, frame: Frame) -> None:
        """Draw the cosines of a frame; one without them changes nothing."""
        scene = self._scene
        if scene is None:
            return
        image = gram_image(frame, scene.cluster_ids, self._look, scene.points)
        self._order.show_look(self._look)
        if image is not None:
            self._comment("", image, frame)
            self._map.show_image(image, frame.names, scene.colours, frame.ids)

    def figure_of(self, frame: Frame, caption: tuple[str, ...]) -> Figure | None:
        """Return the matrix as a figure."""
        if self._scene is None:
            return None
        return gram_figure(frame, self._scene, self._look, caption)
