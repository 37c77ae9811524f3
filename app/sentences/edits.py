"""Documents with other sentences: typed, added as a lane, in another model."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.document.lane_edits import with_lane
from app.document.loading import preset_document
from sim.initial.sentence import Sentence
from sim.models.model_settings import model_settings, sentence_title
from sim.schedule import Run

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.document.document import Document
    from app.document.lane import Lane
    from sim.models.language_model import LanguageModel

SEVERAL = "Sentences in a transformer"
PRESET = "sentence"


def sentence_of(lane: Lane) -> Sentence | None:
    """Return the sentence that the run of a lane starts from, if it does."""
    initial = lane.scenario.initial
    return initial if isinstance(initial, Sentence) else None


def sentence_groups(document: Document) -> list[tuple[int, ...]]:
    """Return for each sentence its lanes: one, and those that go on from it otherwise.

    Such as a lane in which another law takes over: typing changes both.
    """
    out: list[tuple[int, ...]] = []
    lanes = document.lanes
    for k, lane in enumerate(lanes):
        found = sentence_of(lane)
        if found is None:
            continue
        home = next((g for g in out if sentence_of(lanes[g[0]]) == found), None)
        if home is None or lane.log is None:
            out.append((k,))
        else:
            out[out.index(home)] = (*home, k)
    return out


def with_sentence(document: Document, places: Iterable[int], text: str) -> Document:
    """Return the document with another sentence in these lanes; their changes stay.

    Raises
    ------
    ValueError, OSError
        If it has no tokens, or too many, or the model cannot be read.
    """
    lanes = list(document.lanes)
    for k in places:
        lanes[k] = _started(document, lanes, k, {"initial.text": text})
    return _titled(document, lanes)


def with_second_sentence(document: Document, text: str) -> Document:
    """Return the document with one more lane: its first sentence's, with another text.

    Raises
    ------
    ValueError, OSError
        As `with_sentence`; or if there are as many lanes as there can be.
    """
    first = next(k for k, lane in enumerate(document.lanes) if sentence_of(lane))
    one = document.with_lanes(document.lanes, first)
    run = Run(one.edit_start({"initial.text": text}).run.start)
    new = with_lane(document, run, 0.0)
    return _titled(new, list(new.lanes))


def with_model(document: Document, path: str, model: LanguageModel) -> Document:
    """Return the document with its sentences in another model.

    Raises
    ------
    ValueError, OSError
        As `with_sentence`.
    """
    settings: dict[str, Any] = model_settings(model, path)
    texts = [s.text for lane in document.lanes if (s := sentence_of(lane))]
    base = preset_document(PRESET)
    if texts:
        settings["initial.text"] = texts[0]
        base = replace(base, look=document.look)
    new = base.edit(settings | {"title": "", "note": ""})
    for text in dict.fromkeys(texts[1:]):
        new = with_second_sentence(new, text)
    return _titled(new, list(new.lanes))


def _started(
    document: Document, lanes: Sequence[Lane], place: int, settings: dict[str, Any]
) -> Lane:
    return document.with_lanes(lanes, place).edit_start(settings).lane


def _titled(document: Document, lanes: list[Lane]) -> Document:
    """Return the document under the title of what is typed: notes said other things."""
    texts = {s.text for lane in lanes if (s := sentence_of(lane))}
    title = sentence_title(texts.pop()) if len(texts) == 1 else SEVERAL
    words = {"title": title, "note": ""}
    lanes = [_started(document, lanes, k, words) for k in range(len(lanes))]
    return document.with_lanes(lanes, document.place)
