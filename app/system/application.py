"""Qt's application, and the preferences of the user; imports little."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from pathlib import Path

from PySide6 import __version__ as pyside_version
from PySide6.QtCore import QCoreApplication, QObject, QSettings, Qt
from PySide6.QtWidgets import QApplication

from app.theme import fonts, icons

APP_NAME, ORGANISATION = "Attention Orrery", "attention-orrery"
CACHE_BYTES = 16 * 2**20  # of free disk that a cache of shaders needs
PROBE_CALLS = 1000  # calls after which a lost reference count shows
SETTINGS_VERSION = 1  # a newer one starts from defaults


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
    spare_full_cache()
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


def spare_full_cache() -> None:
    """Have Mesa keep no compiled shaders where a disk is full, nearly, or read-only.

    It maps a file into memory, and writing there ends the process if there is no room.
    Where it may not write it says so once for each context.
    """
    try:
        home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home())
        while not home.exists():
            home = home.parent
        free = shutil.disk_usage(home).free
    except (OSError, RuntimeError):  # there may be no home
        return
    if free < CACHE_BYTES or not home.is_dir() or not os.access(home, os.W_OK):
        os.environ.setdefault("MESA_SHADER_CACHE_DISABLE", "true")


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
    settings = _stored_preferences()
    if settings.value("version") not in (None, str(SETTINGS_VERSION), SETTINGS_VERSION):
        settings.clear()
    settings.setValue("version", SETTINGS_VERSION)
    return settings


def set_preferences_aside() -> Path | None:
    """Rename a damaged file of preferences, or one of another version.

    Returns its new name, or None if it is sound, or cannot be renamed.
    """
    settings = _stored_preferences()
    file = Path(settings.fileName())
    if not file.is_file() or not file.stat().st_size or _sound(file, settings):
        return None
    aside = file.with_name(f"{file.name}.old")
    try:
        file.replace(aside)
    except OSError:
        return None
    return aside


def _sound(file: Path, settings: QSettings) -> bool:
    """Whether a file is what `preferences` writes: UTF-8, with its version."""
    try:
        file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    clear = settings.status() == QSettings.Status.NoError
    return clear and str(settings.value("version")) == str(SETTINGS_VERSION)


def _stored_preferences() -> QSettings:
    scope = QSettings.Scope.UserScope
    return QSettings(QSettings.Format.IniFormat, scope, ORGANISATION, "orrery")
