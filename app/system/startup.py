"""Starts the window: settings of Qt, preferences, log, autosave."""

from __future__ import annotations

import platform
import sys
from typing import TYPE_CHECKING

from platformdirs import user_data_path
from PySide6 import __version__ as pyside_version
from PySide6.QtCore import QCoreApplication, QObject, QSettings, Qt
from PySide6.QtWidgets import QApplication

from app.document.autosave import Autosave, orphans, take_orphan
from app.document.session import Session
from app.system.error_reporting import install_handlers, start_log
from app.system.gc_thread import MainThreadGC
from app.theme import fonts, icons
from app.theme.theme import ThemeController
from app.window import Window
from sim.engine import Engine
from sim.simulation import Simulation

if TYPE_CHECKING:
    from pathlib import Path

    from app.document.document import Document

APP_NAME, ORGANISATION = "Attention Orrery", "attention-orrery"
PROBE_CALLS = 1000  # calls after which a lost reference count shows
SETTINGS_VERSION = 1  # a newer one starts from defaults


def start(
    document: Document,
    backend: str = "auto",
    path: Path | None = None,
    theme: str | None = None,
) -> int:
    """Open the window on `document`; return the exit code when it is closed."""
    app = application()
    log = start_log(ORGANISATION)
    settings = preferences()
    theme_controller = ThemeController(app, settings)
    if theme in ("system", "dark", "light"):
        theme_controller.choose(theme, keep=False)
    engine = Engine(Simulation(document.run, backend))
    session = Session(document, engine, path)
    theme_controller.apply()
    window = Window(session, theme_controller, settings)
    install_handlers(window)
    folder = user_data_path(ORGANISATION, appauthor=False) / "recovery"
    recovery = Autosave(session, folder)
    window.show()
    kept = {
        "settings": settings.isWritable(),
        "the log": log is not None,
        "unsaved edits after a crash": recovery.kept,
    }
    if lost := [name for name, can_be in kept.items() if not can_be]:
        window.notices.inform(
            f"Not kept, since the home folder cannot be written: {', '.join(lost)}."
        )
    MainThreadGC(app, engine)
    offer_recovery(window, session, folder)
    session.start(playing=not document.moment.t)
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


def application() -> QApplication:
    """Return Qt's application, created and configured if there is none.

    Raises
    ------
    RuntimeError
        If this PySide6 cannot be used with this Python.
    """
    found = QApplication.instance()
    if isinstance(found, QApplication):
        return found
    check_reference_counts()
    QCoreApplication.setOrganizationName(ORGANISATION)
    QCoreApplication.setApplicationName(APP_NAME)
    # A canvas that is moved to another window keeps its context only if shared.
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    app = QApplication(sys.argv[:1])
    app.setApplicationDisplayName(APP_NAME)
    app.setDesktopFileName(ORGANISATION)
    app.setStyle("Fusion")
    app.setWindowIcon(icons.app_icon())
    fonts.install()
    return app


def check_reference_counts() -> None:
    """Refuse a PySide6 that loses references to None, and would abort in seconds.

    Raises
    ------
    RuntimeError
        What is wrong, and what to install.
    """
    if sys.version_info >= (3, 12):  # there None cannot be lost
        return
    probe = QObject()
    before = sys.getrefcount(None)
    for _ in range(PROBE_CALLS):
        probe.setObjectName("probe")
    if before - sys.getrefcount(None) > PROBE_CALLS // 2:
        raise RuntimeError(
            f"PySide6 {pyside_version} aborts within seconds under Python "
            f"{platform.python_version()}. Install an older one: pip install "
            "'PySide6-Essentials<6.12'"
        )


def preferences() -> QSettings:
    """Return the preferences of the user; no setting of a run is among them."""
    settings = QSettings(
        QSettings.Format.IniFormat, QSettings.Scope.UserScope, ORGANISATION, "orrery"
    )
    if settings.value("version") not in (None, str(SETTINGS_VERSION), SETTINGS_VERSION):
        settings.clear()
    settings.setValue("version", SETTINGS_VERSION)
    return settings
