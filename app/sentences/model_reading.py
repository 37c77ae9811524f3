"""Reading a checkpoint folder on a thread, before its document is put in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.sentences.edits import with_model
from sim.models.language_model import open_model

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.document.document import Document

READ, HASHED, CAST = 0.2, 0.5, 0.9  # shares that are done after each part


def model_document(
    path: Path, base: Document, progress: Callable[[float], None]
) -> tuple[Document, str]:
    """Return the document of a model with the sentences of `base`, and what it is.

    `progress` is called with the share that is done.

    Raises
    ------
    ValueError, OSError
        If the folder has no model that can be read, or it does not take the sentences.
    """
    try:
        model = open_model(path)
        progress(READ)
        digest = model.files.sha256
        progress(HASHED)
        model.transformer.cast(np.dtype(base.scenario.precision))
        progress(CAST)
        document = with_model(base, str(path), model)
    except MemoryError:
        raise ValueError(
            f"{path.name}: there is no room in memory for its weights. Close other "
            "programs, or open a smaller model."
        ) from None
    said = f"{model.about()}. {model.not_known()} SHA-256 {digest[:12]}…"
    return document, said
