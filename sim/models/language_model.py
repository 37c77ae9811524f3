"""A model with its tokeniser: what `sim.open_model` returns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.io.named_files import ASSET, ASSET_NAME
from sim.models.architectures import build
from sim.models.checkpoint import CheckpointFolder, open_checkpoint
from sim.models.interventions import forward
from sim.models.tokenizer import Tokenizer, read_tokenizer
from sim.resources import asset

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.array_types import AnyArray
    from sim.models.encoding import Encoding
    from sim.models.interventions import Intervention
    from sim.models.transformer import Pass, Transformer

SHIPPED = "asset:minilm"
"""The encoder that comes with the program."""
CACHED = 2  # models in memory: the shipped one and one of the user's


@dataclass(frozen=True)
class LanguageModel:
    """A trained transformer and its tokeniser.

    Attributes
    ----------
    files : Checkpoint
        Where they come from.
    transformer : Transformer
        The model.
    tokenizer : Tokenizer
        From sentences to tokens.
    """

    files: CheckpointFolder
    transformer: Transformer
    tokenizer: Tokenizer

    def encode(self, text: str) -> Encoding:
        """Return the tokens of a sentence.

        Raises
        ------
        ValueError
            If the sentence is empty, or has more tokens than the model takes.
        """
        found = self.tokenizer.encode(text)
        if len(found.ids) > self.transformer.positions:
            raise ValueError(
                f"the sentence has {len(found.ids):,} tokens; this model takes 1 to "
                f"{self.transformer.positions:,}. Type a shorter sentence."
            )
        return found

    def forward(
        self, text: str, dtype: Any = np.float32, edits: Sequence[Intervention] = ()
    ) -> Pass:
        """Return the forward pass of a sentence, with interventions on heads."""
        return forward(self.transformer, self.encode(text).ids, dtype, edits)

    def states(self, text: str, dtype: Any = np.float32) -> AnyArray:
        """Return the residual stream of a sentence, shape (2L + 1, n, d).

        After the embedding, and after the attention and the MLP of each layer.
        """
        return self.forward(text, dtype).states

    def about(self) -> str:
        """Return in a line what the model is: type, sizes, licence."""
        t = self.transformer
        licence = self.files.licence or "licence not stated"
        return (
            f"{self.files.folder.name}: {t.kind}, {t.layers} layers, {t.heads} heads, "
            f"d = {t.dimension}, {licence}"
        )

    def not_known(self) -> str:
        """Return in a sentence what is not known of the model."""
        parts = [] if self.files.licence else ["its licence"]
        if self.files.folder != folder_of(SHIPPED):
            parts.append("whether its own program gives the same numbers")
        return f"Not known: {', and '.join(parts)}." if parts else ""


def folder_of(path: str) -> Path:
    """Return the folder of a model; ``asset:NAME`` is a shipped one.

    Raises
    ------
    ValueError
        If there is no such asset, or nothing is given.
    """
    if not path:
        raise ValueError(
            f"no model is given. Give the folder of a checkpoint, or {SHIPPED}."
        )
    if not path.startswith(ASSET):
        return Path(path).expanduser()
    found = asset("models", path.removeprefix(ASSET))
    if not ASSET_NAME.fullmatch(path) or not found.is_dir():
        have = ", ".join(sorted(p.name for p in asset("models").iterdir()))
        raise ValueError(f"{path}: there is no such model; there are {have}.")
    return found


def open_model(folder: str | Path = SHIPPED) -> LanguageModel:
    """Return the model in a checkpoint folder; the shipped encoder by default.

    The same object for all who ask, while its files do not change.

    Parameters
    ----------
    folder : path
        With ``config.json``, ``tokenizer.json`` and ``model.safetensors``, or
        ``model.safetensors.index.json`` and the files that it names.

    Raises
    ------
    ValueError
        If a file is missing, damaged or of an unknown kind.
    OSError
        If there is no such folder, or it cannot be read.
    """
    place = folder_of(str(folder))
    files = open_checkpoint(place)
    marks = tuple((f.name, f.stat().st_mtime_ns, f.stat().st_size) for f in files.files)
    return _opened(place.resolve(), marks)


@lru_cache(maxsize=CACHED)
def _opened(place: Path, _marks: tuple[Any, ...]) -> LanguageModel:
    files = open_checkpoint(place)
    begin = files.config.get("bos_token_id")
    tokenizer = read_tokenizer(place, begin if type(begin) is int else None)
    return LanguageModel(files, build(files), tokenizer)
