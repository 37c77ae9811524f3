"""Starts the window: settings of Qt, preferences, log, autosave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from platformdirs import user_data_path

from app.document.autosave import Autosave, orphans, take_orphan
from app.document.session import Session
from app.system.application import ORGANISATION
from app.system.error_reporting import install_handlers, start_log
from app.system.gc_thread import MainThreadGC
from app.system.opening_window import opened
from app.window import Window
from sim.engine import Engine
from sim.simulation import Simulation

if TYPE_CHECKING:
    from pathlib import Path

    from app.document.document import Document
    from app.system.opening_window import Opening


def start(
    document: Document,
    backend: str = "auto",
    path: Path | None = None,
    theme: str | None = None,
    opening: Opening | None = None,
    table: Path | None = None,
) -> int:
    """Open the window on `document`; return the exit code when it is closed.

    It takes the place of `opening`, what is shown already; by default that is shown
    first, with the colours of `theme`.  Of `table` the columns are shown, to be opened.
    """
    opening = opening or opened(theme)
    app, settings = opening.app, opening.settings
    theme_controller = opening.theme_controller
    log = start_log(ORGANISATION)
    engine = Engine(Simulation(document.run, backend))
    session = Session(document, engine, path)
    theme_controller.apply()
    window = Window(session, theme_controller, settings)
    install_handlers(window)
    folder = user_data_path(ORGANISATION, appauthor=False) / "recovery"
    recovery = Autosave(session, folder)
    opening.hand_over(window)
    kept = {
        "settings": settings.isWritable(),
        "the log": log is not None,
        "unsaved edits after a crash": recovery.kept,
    }
    if lost := [name for name, can_be in kept.items() if not can_be]:
        window.notices.inform(
            f"Not kept, since the home folder cannot be written: {', '.join(lost)}."
        )
    if opening.damaged is not None:
        window.notices.inform(
            "The preferences were damaged, or of another version: they start anew. "
            f"The old file is kept as {opening.damaged}."
        )
    MainThreadGC(app, engine)
    offer_recovery(window, session, folder)
    session.start(playing=not document.moment.t)
    if table is not None:
        window.files.open_path(table)
    code = app.exec()
    session.close()
    recovery.close(write=window.stopped)
    return code


def offer_recovery(window: Window, session: Session, folder: Path) -> None:
    """Offer the newest recovery file of a crashed window."""
    for file in orphans(folder)[:1]:
        document = take_orphan(file)
        if document is not None:
            offer(window, session, document)


def offer(window: Window, session: Session, document: Document) -> None:
    """Offer to restore unsaved edits."""
    title = document.scenario.title or "a scenario"
    bar = window.notices.inform(f"Unsaved edits of “{title}” were found.", "bad")

    def recover() -> None:
        session.recover(document)
        bar.close_now()

    bar.add_button("Recover", recover)
