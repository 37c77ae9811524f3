"""Reading a checkpoint folder on a thread, before its document is put in force."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer

from app.sentences.edits import with_model
from sim.models.language_model import open_model

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.document.document import Document
    from app.widgets.background import BackgroundWork
    from app.widgets.notifications import Notifications
    from sim.models.language_model import LanguageModel

READ, HASHED, CAST = 0.2, 0.5, 0.9  # shares that are done after each part
SOON_MS = 300  # reading that takes less shows no progress


def read_model(
    path: str | Path, precision: str, progress: Callable[[float], None] | None = None
) -> LanguageModel:
    """Return a model whose digest is known and whose matrices are in memory.

    Raises
    ------
    ValueError, OSError
        If the folder has no model that can be read, or there is no room for it.
    """
    report = progress or _unsaid
    try:
        model = open_model(path)
        report(READ)
        assert model.files.sha256
        report(HASHED)
        model.transformer.cast(np.dtype(precision))
        report(CAST)
    except MemoryError:
        raise ValueError(
            f"{Path(path).name}: there is no room in memory for its weights. Close "
            "other programs, or open a smaller model."
        ) from None
    return model


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
    model = read_model(path, base.scenario.precision, progress)
    document = with_model(base, str(path), model)
    said = f"{model.about()}. {model.not_known()} SHA-256 {model.files.sha256[:12]}…"
    return document, said


def show_progress(work: BackgroundWork, notices: Notifications, text: str) -> None:
    """Show how far work is, with a button that gives it up, if it takes long."""
    _LateNotice(work, notices, text)


class _LateNotice(QObject):
    """Goes with its work, of which it is a child."""

    def __init__(self, work: BackgroundWork, notices: Notifications, text: str) -> None:
        super().__init__(work)
        self._work, self._notices, self._text = work, notices, text
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(self._begin)
        timer.start(SOON_MS)

    def _begin(self) -> None:
        work = self._work
        notice = self._notices.start_job(self._text)
        work.progressed.connect(notice.show_progress)
        notice.cancelled.connect(work.cancel)
        for end in (work.done, work.failed, notice.cancelled, work.destroyed):
            end.connect(notice.close_now)


def _unsaid(_share: float) -> None:
    """Take a share that is not shown."""
