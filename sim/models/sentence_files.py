"""Files of a sentence's forward pass: states, attention, and cosines by half layer."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import numpy as np

from sim.io.atomic_write import atomic_write
from sim.models.by_layer import cosines_by_layer
from sim.models.measures import effective_rank, pair_cosines, rank_residual

if TYPE_CHECKING:
    from pathlib import Path

    from sim.models.language_model import LanguageModel

COLUMNS = (
    "half_layer",
    "mean_cosine",
    "mean_cosine_without_special",
    "effective_rank",
    "rank_residual",
)
NAMES = ("sentence{}.npz", "cosines{}.csv")
"""Both files, with room for the number of a lane."""


def write_sentence(
    folder: Path, model: LanguageModel, text: str, mark: str = ""
) -> None:
    """Write ``sentence.npz`` and ``cosines.csv`` into a folder, atomically.

    The archive has `states` (2L + 1, n, d), `attention` (L, h, n, n), `cosines`
    (2L + 1, n, n), `ids`, `tokens`, `special` and `sentence`; the table has a row for
    the embedding and for each half layer.  `mark` stands in the names of both.
    """
    encoding, run = model.encode(text), model.forward(text, np.float64)
    folder.mkdir(parents=True, exist_ok=True)
    arrays, table = (name.format(mark) for name in NAMES)
    with atomic_write(folder / arrays) as temporary, temporary.open("wb") as file:
        np.savez_compressed(
            file,
            states=run.states,
            attention=run.attention,
            cosines=pair_cosines(run.states),
            ids=np.array(encoding.ids),
            tokens=np.array(encoding.names),
            special=np.array(encoding.special),
            sentence=np.array(text),
        )
    cosines = cosines_by_layer(run.states, encoding.special)
    measured = zip(
        cosines.all_tokens,
        cosines.words,
        effective_rank(run.states),
        rank_residual(run.states),
        strict=True,
    )
    with (
        atomic_write(folder / table) as temporary,
        temporary.open("w", newline="", encoding="utf-8") as file,
    ):
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows([k, *map(float, row)] for k, row in enumerate(measured))
