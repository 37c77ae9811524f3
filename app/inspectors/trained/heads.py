"""The page of attention by layer and head: small multiples, and one head large."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QToolButton, QWidget

from app.document.attention_look import AttentionLook
from app.inspectors.trained.head_attention import head_name, read_heads
from app.inspectors.trained.head_grid import HeadGrid
from app.inspectors.trained.heads_figure import heads_figure
from app.inspectors.trained.named_heatmap import NamedHeatmap
from app.inspectors.trained.page import ModelPage
from app.scene.matrix_order import MatrixImage
from app.theme.palette import rgb
from sim.models.measures import attention_entropy

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from PySide6.QtGui import QResizeEvent

    from app.document.document import Document
    from app.figures.figure import Figure
    from app.inspectors.trained.head_attention import HeadAttention
    from app.inspectors.trained.subject import Subject
    from app.scene.scene_info import SceneInfo
    from app.theme.palette import Theme
    from sim.array_types import AnyArray
    from sim.frame import Frame

LEAST_PX = 80  # of the small maps: a window of 720 × 432 is not to grow for them
FOLLOW_ROOM = 24  # pixels around the words of the button
WIDE = 1.25  # width over height, above which the large head stands beside the others


class HeadsPage(ModelPage):
    """Layers by heads; the chosen head large, with the names of tokens."""

    kind: ClassVar[str] = "heads"
    title: ClassVar[str] = "Attention by head"
    icon: ClassVar[str] = "heads"

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._look, self._scene = AttentionLook(), None
        self.grid, self.map = HeadGrid(theme), NamedHeatmap(theme, self)
        self.grid.head_chosen.connect(self._choose_head)
        self.grid.pair_hovered.connect(self._hover_rows)
        self.map.row_chosen.connect(self._choose_row)
        self.map.pair_hovered.connect(self.tokens_hovered)
        self.map.value_read.connect(self.read_out)
        self.follow = QToolButton()
        self.follow.setText("follow\u00a0t")
        self.follow.setCheckable(True)
        self.follow.setChecked(True)
        self.follow.setProperty("role", "small")
        self.follow.setToolTip("Show the layer that tokens are in at the time")
        self.follow.setAccessibleName("Layer at the time")
        self.follow.clicked.connect(self._follow)
        fixed = QSizePolicy.Policy.Fixed
        self.follow.setSizePolicy(fixed, fixed)
        self._title_row.addWidget(self.follow)
        self.grid.setMinimumHeight(LEAST_PX)
        # Beside each other they need least before the page has its size.
        self._split = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._split.setSpacing(8)
        self._split.addWidget(self.grid, 2)
        self._split.addWidget(self.map, 3)
        self.rows.addLayout(self._split, 1)

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours of `theme`."""
        super().set_theme(theme, scale)
        self.grid.set_theme(theme)
        self.map.set_theme(theme)

    def show_document(self, document: Document) -> None:
        """Take the chosen head of the document's look."""
        if document.look.attention != self._look:
            self._look = document.look.attention
            self.map.pin(self._look.pins)
            self.follow.setChecked(not self._look.layer)
            self._throttle.schedule()

    def show_scenes(self, scenes: Sequence[SceneInfo]) -> None:
        """Take the colours of the tokens."""
        self._scene = scenes[0]
        self._throttle.schedule()

    def choose(self, tokens: tuple[int, ...]) -> None:
        """Mark the rows of `tokens`."""
        self.map.choose(tokens)

    def hover(self, tokens: tuple[int, ...]) -> None:
        """Light up the rows and columns of `tokens`."""
        self.map.light(tokens)

    def wanted(self, subject: Subject) -> Hashable:
        """Return all that attention depends on: the sentence."""
        return subject

    def compute(self, subject: Subject) -> Callable[[Callable[[float], None]], Any]:
        """Return the function that finds the attention."""
        return lambda _report: read_heads(subject)

    def place(self, frame: Frame) -> tuple[int, int]:
        """Return the layer and the head on show, from 1; head 0 is the mean."""
        layers, heads = self.result.attention.shape[:2]
        layer, head = self._look.layer, self._look.head
        if not 0 < layer <= layers:
            layer = self._now(frame)
        return layer, head if head <= heads else 0

    def _now(self, frame: Frame) -> int:
        assert self.subject is not None
        half = self.subject.half_at(frame.t)
        return min(half // 2 + 1, len(self.result.attention))

    def show_result(self, frame: Frame) -> None:
        """Draw all heads, and the chosen one large."""
        found: HeadAttention = self.result
        layer, head = self.place(frame)
        wide = self.follow.fontMetrics().horizontalAdvance(self.follow.text())
        self.follow.setMinimumWidth(wide + FOLLOW_ROOM)  # letters grow for an audience
        self.grid.show_attention(found.attention, found.names)
        self.grid.choose(layer, head, self._now(frame))
        values, n = found.of(layer, head), len(found.names)
        none = np.zeros(0, int)
        image = MatrixImage(np.arange(n), values, none, graph=False, order="index")
        self.map.show_image(image, found.names, self._colours(), np.array(found.ids))
        entropy = float(attention_entropy(values))
        changed = "" if self.subject is None else self.subject.changed
        with_it = f"; with {changed}" if changed else ""
        name = head_name(layer, head)
        said = f"{name}, entropy {entropy:.2f} nats{with_it}"
        self._tip.show_forms(said, name, f"layer {layer}" if head == 0 else "")
        self._tip.setToolTip(said)

    def _colours(self) -> AnyArray:
        """Return the colour of each token of the sentence: (n, 4)."""
        ids = np.array(self.result.ids)
        out = np.ones((len(ids), 4), np.float32)
        out[:, :3] = rgb(self._theme.lone)
        scene = self._scene
        if scene is not None and scene.frame is not None:
            rows = {int(token): row for row, token in enumerate(scene.frame.ids)}
            for k, token in enumerate(ids.tolist()):
                if token in rows and rows[token] < len(scene.colours):
                    out[k] = scene.colours[rows[token]]
        return out

    def result_figure(self, frame: Frame, caption: tuple[str, ...]) -> Figure:
        """Return the chosen head, and all heads small."""
        return heads_figure(self.result, *self.place(frame), caption)

    def _choose_head(self, layer: int, head: int) -> None:
        self.follow.setChecked(False)
        self._edit(layer=layer, head=head)

    def _follow(self, on: bool) -> None:
        frame = self._frame
        layer = self.place(frame)[0] if frame is not None and self.result else 1
        self._edit(layer=0 if on else layer)

    def _edit(self, **values: int) -> None:
        self._look = replace(self._look, **values)
        self._throttle.schedule()
        for name, value in values.items():
            self.look_edited.emit(f"look.attention.{name}", value)

    def _choose_row(self, token: int) -> None:
        if token >= 0:
            self.tokens_chosen.emit((token,))

    def _hover_rows(self, pair: tuple[int, ...]) -> None:
        tokens = tuple(self.result.ids[k] for k in pair)
        self.tokens_hovered.emit(tokens if min(tokens, default=-1) >= 0 else ())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Put the large head below the others, or beside them."""
        super().resizeEvent(event)
        wide = self.width() > WIDE * self.height()
        ways = QBoxLayout.Direction
        self._split.setDirection(ways.LeftToRight if wide else ways.TopToBottom)
