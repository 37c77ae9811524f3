"""The page of merges: clusters over time, their tree, and the plateaus of F̂."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from app.annotations.caption_text import token_name
from app.figures.figure import Figure, PlotPanel
from app.figures.parts import Axis, Column, Curve
from app.inspectors.merge_bands import HEADROOM, MergeBands
from app.inspectors.merge_history import MergeHistory, merge_history, plateau_text
from app.inspectors.page import Page
from app.theme.palette import PAPER
from app.widgets.view import NO_REQUEST
from sim.measure.merge_tree import ABSENT
from sim.series import MAX_PARTITIONED
from sim.theory.plateau import Plateau

if TYPE_CHECKING:
    from app.theme.palette import Theme
    from sim.frame import Frame, FrameRequest
    from sim.record import Samples

MAX_NAMES = 3  # tokens of a group that are named
WAITING = "The clusters of the run so far are being found."


class MergesPage(Page):
    """Bands of clusters over time with the tree of merges, below F̂ with plateaus."""

    kind: ClassVar[str] = "merges"
    title: ClassVar[str] = "Merges"
    icon: ClassVar[str] = "merges"
    rate: ClassVar[float] = 3.0
    wants: ClassVar[FrameRequest] = replace(
        NO_REQUEST, series=frozenset({"clusters", "f_hat"})
    )

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._samples: Samples | None = None
        self.history: MergeHistory | None = None
        self._log = QToolButton()
        self._log.setText("log")
        self._log.setCheckable(True)
        self._log.setProperty("role", "small")
        self._log.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._log.setToolTip("Time on a logarithmic axis")
        self._log.setAccessibleName("Logarithmic time")
        self._log.toggled.connect(self._rescale)
        self._title_row.addWidget(self._log)
        self.bands = MergeBands(theme, self._describe)
        self.bands.time_chosen.connect(self.time_chosen)
        self.bands.merge_chosen.connect(self._choose_merge)
        self.bands.token_hovered.connect(self._hover)
        self._body.addWidget(self.bands, 1)

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours of `theme`."""
        super().set_theme(theme, scale)
        self.bands.set_theme(theme)

    def choose(self, tokens: tuple[int, ...]) -> None:
        """Mark the rows of `tokens`."""
        self.bands.choose(tokens)

    def draw(self, frame: Frame) -> None:
        """Draw the samples of the run, and the present time."""
        samples = None if frame.record is None else frame.record.samples
        if samples is not self._samples:
            self._samples = samples
            self.history = merge_history(samples)
        n, history = len(frame.x), self.history
        text = WAITING
        if n > MAX_PARTITIONED:
            text = (
                f"Clusters over time are kept for at most {MAX_PARTITIONED} tokens; "
                f"there are {n:,}. The curve of their number is above."
            )
        said, whole = ("", "") if history is None else _said(history, frame)
        self._tip.show_forms(said, said.partition(",")[0])
        self._tip.setToolTip(whole)
        self.bands.show_history(history, frame.t, text)

    def figure_of(self, frame: Frame, caption: tuple[str, ...]) -> Figure | None:
        """Return F̂ and its plateaus as a figure, with the clusters as data."""
        history = self.history
        return None if history is None else merges_figure(history, frame, caption)

    def _rescale(self, log: bool) -> None:
        self.bands.log = log
        self.bands.update()

    def _choose_merge(self, number: int) -> None:
        """Go to a merge, and ask about a token of each group that it joins."""
        if self.history is not None:
            self.time_chosen.emit(float(self.history.times[number]))
            self.tokens_chosen.emit(self.history.joined(number))

    def _hover(self, token: int) -> None:
        self.tokens_hovered.emit((token,) if token >= 0 else ())

    def _describe(self, t: float, merge: int) -> str:
        """Return what happens at a time, or which groups a merge joins."""
        history, frame = self.history, self._frame
        if history is None or frame is None:
            return ""
        if merge >= 0:
            return merge_text(history, frame, merge)
        sample = int((history.t <= t * (1 + 1e-12)).sum()) - 1
        labels = history.labels[history.partition[max(sample, 0)]]
        count = len(set(labels.tolist()) - {ABSENT})
        return f"t = {t:.4g}: {count} cluster{'' if count == 1 else 's'}"


def _said(history: MergeHistory, frame: Frame) -> tuple[str, str]:
    """Return which groups merge at the time of a frame, else a summary: short, whole.

    The short text has room beside the title: a token of each group, and its size.
    """
    here = merges_at(history, frame, frame.t)
    if not here:
        count, whole = len(history.merges), _summary(history, frame)
        last = f", last at t = {history.times[-1]:.4g}" if count else ""
        return f"{count} merge{'' if count == 1 else 's'}{last}", whole
    numbers = [k for k, at in enumerate(history.times.tolist()) if at == frame.t]
    groups = [history.tokens[part] for k in numbers for part in history.merges[k].parts]
    named = [f"{token_name(frame, int(g[0]))} ({len(g)})" for g in groups]
    return " + ".join(named), here


def merges_at(
    history: MergeHistory, frame: Frame, t: float, names: int = MAX_NAMES
) -> str:
    """Return which groups merge at the time t, with some names; empty if none do."""
    here = [k for k, at in enumerate(history.times.tolist()) if at == t]
    return "; ".join(merge_text(history, frame, k, names) for k in here)


def _summary(history: MergeHistory, frame: Frame) -> str:
    """Return how many merges last, and whether Σα² is what theory says of F̂."""
    count = len(history.merges)
    last = f", last at t = {history.times[-1]:.4g}" if count else ""
    merges = f"{count} merge{'' if count == 1 else 's'} that last{last}"
    why = Plateau().why_not(frame.scenario, frame.x)
    return f"{merges}; Σα² is not F̂: {why}" if why else merges


def merge_text(
    history: MergeHistory, frame: Frame, number: int, names: int = MAX_NAMES
) -> str:
    """Return when a merge is, and which groups of tokens it joins."""
    parts = [history.tokens[part].tolist() for part in history.merges[number].parts]
    joined = " + ".join(_group_text(frame, part, names) for part in parts)
    return f"t = {history.times[number]:.4g}: {joined}"


def _group_text(frame: Frame, tokens: list[int], names: int) -> str:
    named = ", ".join(token_name(frame, i) for i in tokens[:names])
    more = f" and {len(tokens) - names} more" if len(tokens) > names else ""
    return f"{named}{more}"


def merges_figure(
    history: MergeHistory, frame: Frame, caption: tuple[str, ...]
) -> Figure:
    """Return F̂ over time and its plateaus; the data have every token's cluster."""
    t, f_hat = history.t, history.f_hat
    top = HEADROOM * max((float(v) for v in f_hat if v == v), default=1.0)
    curves = [Curve("F̂", t, f_hat, PAPER.muted)]
    for k, plateau in enumerate(history.plateaus):
        ends = t[(t == plateau.start) | (t == plateau.end)]
        name = "plateau" if k == 0 else ""
        level = ends * 0 + plateau.level
        curves.append(Curve(name, ends, level, PAPER.accent, width=2.2))
    columns = [Column("t", t), Column("F̂", f_hat)]
    for place, token in enumerate(history.tokens.tolist()):
        labels = history.labels[history.partition, place] + 1
        columns.append(Column(token_name(frame, token), labels))
    texts = ", ".join(plateau_text(p) for p in history.plateaus[:4])
    plot = PlotPanel(
        Axis("time t", (float(t[0]), max(float(t[-1]), 1e-9))),
        Axis("F̂", (0.0, top)),
        tuple(curves),
        note=f"plateaus: {texts}" if texts else "",
        height=0.5,
        data=tuple(columns),
    )
    return Figure("merges", (plot,), caption)
