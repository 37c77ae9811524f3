"""What the program keeps between starts: what it cannot keep, and unsaved edits."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_cache_path, user_log_path

from app.document.autosave import can_write, orphans, put_aside, read_orphan

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings

    from app.document.autosave import Autosave
    from app.document.document import Document
    from app.window import Window


def not_kept(settings: QSettings, recovery: Autosave, program: str) -> str:
    """Return what cannot be kept, for folders are read-only or full; or nothing."""
    folders = {
        "settings": Path(settings.fileName()).parent,
        "the log": user_log_path(program, appauthor=False),
        "formulas that are typeset": user_cache_path(program, appauthor=False),
    }
    lost = [what for what, folder in folders.items() if not can_write(folder)]
    lost += [] if recovery.kept else ["unsaved edits after a crash"]
    if not lost:
        return ""
    return (
        "Not kept, since the home folder is full or cannot be written: "
        f"{', '.join(lost)}."
    )


def offer_recovery(window: Window, recovery: Autosave, folder: Path) -> None:
    """Offer the newest recovery file of a crashed window.

    It stays where it is until its edits are recovered and kept anew, or discarded.
    """
    for file in orphans(folder)[:1]:
        document = read_orphan(file)
        if document is not None:
            _offer(window, recovery, document, file)
        else:
            window.notices.inform(
                "Unsaved edits of a window that crashed cannot be read. The file is "
                f"kept as {put_aside(file)}.",
                "bad",
            )


def _offer(window: Window, recovery: Autosave, document: Document, file: Path) -> None:
    title = document.scenario.title or "a scenario"
    bar = window.notices.inform(f"Unsaved edits of “{title}” were found.", "bad")
    bar.asks = True

    def recover() -> None:
        recovery.take_over(document, file)
        bar.close_now()

    def discard() -> None:
        file.unlink(missing_ok=True)
        bar.close_now()

    bar.add_button("Recover", recover)
    bar.add_button("Discard", discard)
