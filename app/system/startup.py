"""Starts the window: settings of Qt, preferences, log, autosave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from platformdirs import user_data_path

from app.document.autosave import Autosave
from app.document.session import Session
from app.system.application import ORGANISATION
from app.system.error_reporting import install_handlers, start_log
from app.system.freed_memory import FreedMemory
from app.system.gc_thread import MainThreadGC
from app.system.keeping import not_kept, offer_recovery
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
    start_log(ORGANISATION)
    engine = Engine(Simulation(document.run, backend))
    session = Session(document, engine, path)
    theme_controller.apply()
    window = Window(session, theme_controller, settings)
    install_handlers(window)
    folder = user_data_path(ORGANISATION, appauthor=False) / "recovery"
    recovery = Autosave(session, folder)
    opening.hand_over(window)
    if lost := not_kept(settings, recovery, ORGANISATION):
        window.notices.inform(lost)
    if opening.damaged is not None:
        window.notices.inform(
            "The preferences were damaged, or of another version: they start anew. "
            f"The old file is kept as {opening.damaged}."
        )
    MainThreadGC(app, engine)
    FreedMemory(session)
    offer_recovery(window, recovery, folder)
    session.start(playing=not document.moment.t)
    if table is not None:
        window.files.open_path(table)
    code = app.exec() if window.isVisible() else 0  # it may be closed already
    session.close()
    recovery.close(write=window.stopped)
    return code
