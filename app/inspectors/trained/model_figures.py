"""Figures of the pages of a trained model without a window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.figures.figure import Figure
from app.inspectors.trained.head_attention import read_heads
from app.inspectors.trained.head_spectra_page import (
    read_spectra,
    spectra_planes,
    spectra_text,
)
from app.inspectors.trained.heads_figure import heads_figure
from app.inspectors.trained.law_page import law_text, read_law
from app.inspectors.trained.law_plots import law_panels
from app.inspectors.trained.layer_pages import cosines_text, ranks_text, read_cosines
from app.inspectors.trained.layer_plots import cosine_panels, rank_panels
from app.inspectors.trained.senses_page import senses_panels, verdict
from app.inspectors.trained.subject import subject_of
from app.theme.palette import PAPER
from sim.models.by_layer import ranks_by_layer
from sim.models.law_beside_model import nothing
from sim.models.senses import EXAMPLE_OF, EXAMPLES, senses

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.document.attention_look import AttentionLook
    from app.figures.figure import PlotPanel
    from app.inspectors.trained.subject import Subject
    from sim.frame import Frame

    Plots = tuple[tuple[PlotPanel, ...], str]


def model_figure(
    kind: str, frame: Frame, look: AttentionLook, caption: tuple[str, ...]
) -> Figure | None:
    """Return the figure of a page, of the chosen head; None without a sentence.

    Raises
    ------
    ValueError, OSError
        If the model cannot be read, or the sentence does not fit.
    """
    subject = subject_of(frame.scenario)
    if subject is None:
        return None
    layer = look.layer or subject.half_at(frame.t) // 2 + 1
    if kind == "heads":
        found = read_heads(subject)
        layers, heads = found.attention.shape[:2]
        head = look.head if look.head <= heads else 0
        return heads_figure(found, min(layer, layers), head, caption)
    if kind == "head_spectra":
        spectra = read_spectra(subject, layer, max(look.head, 1))
        plots = spectra_planes(spectra, PAPER), spectra_text(spectra)
    else:
        plots = PLOTS[kind](subject)
    return Figure(kind, plots[0], (plots[1], *caption))


def _cosines(subject: Subject) -> Plots:
    found = read_cosines(subject)
    return cosine_panels(found.cosines, PAPER), cosines_text(found, subject)


def _ranks(subject: Subject) -> Plots:
    found = ranks_by_layer(subject.model(), subject.text, subject.edits)
    return rank_panels(found, PAPER, log=False), ranks_text(found, subject)


def _senses(subject: Subject) -> Plots:
    word = EXAMPLE_OF.get(subject.text, next(iter(EXAMPLES)))
    found = senses(subject.model(), word, *EXAMPLES[word])
    return senses_panels(found, PAPER), verdict(found, word)


def _law(subject: Subject) -> Plots:
    found = read_law(subject, nothing, own=False)
    return law_panels(found.law, found.traces, PAPER), law_text(found, own=False)


PLOTS: dict[str, Callable[[Subject], Plots]] = {
    "layer_cosines": _cosines,
    "ranks": _ranks,
    "senses": _senses,
    "law_model": _law,
}
MODEL_KINDS = ("heads", "head_spectra", *PLOTS)
