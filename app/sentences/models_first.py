"""Reads the models that a run names behind the window, before the run is opened."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from app.sentences.model_reading import read_model, show_progress
from app.widgets.background import LatestWork
from sim.io.named_files import ForeignFilesError, names_in
from sim.loading import read_run
from sim.models.language_model import folder_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.document.session import Session
    from app.widgets.notifications import Notifications

    Consent = Callable[[ForeignFilesError], bool]


class ModelsFirst(QObject):
    """Opens files of runs: at once, or when the models that they name are in memory."""

    def __init__(
        self, session: Session, notices: Notifications, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session, self._notices = session, notices
        self._work = LatestWork(self)

    def open(
        self, path: Path, consent: Consent, then: Callable[[Consent], object]
    ) -> None:
        """Call `then`, which opens the run in a file, once its models are read.

        It is given `consent`, or the one that was asked for here.  What was to be
        opened before is given up.
        """
        self._work.give_up()
        try:
            folders = model_folders(path)
        except ForeignFilesError as error:
            if not consent(error):
                return
            consent = _given
            folders = model_folders(path, allow_files=True)
        if not folders:
            then(consent)
            return
        work = self._work.start(partial(_read, folders))
        work.done.connect(partial(_call, then, consent))
        work.failed.connect(partial(self._refuse, path.name))
        show_progress(work, self._notices, f"Reading the model of {path.name}")

    def _refuse(self, name: str, why: str) -> None:
        self._session.refused.emit(f"{name} was not opened. {why}")


def model_folders(path: Path, *, allow_files: bool = False) -> tuple[str, ...]:
    """Return the folders of models that the run in a file names.

    None where it cannot be read: opening it says why.

    Raises
    ------
    ForeignFilesError
        If it names files outside its folder, unless `allow_files`.
    """
    try:
        names = read_run(path, names_in, allow_files=allow_files, report=_unsaid)
    except ForeignFilesError:
        raise
    except (OSError, ValueError, KeyError):
        return ()
    return tuple(name for name in names or () if _is_model(name))


def _is_model(name: str) -> bool:
    try:
        return folder_of(name).is_dir()
    except ValueError:  # an asset that is no model
        return False


def _read(folders: tuple[str, ...], progress: Callable[[float], None]) -> None:
    for k, folder in enumerate(folders):
        progress(k / len(folders))
        read_model(folder, "float64")


def _given(_foreign: ForeignFilesError) -> bool:
    return True


def _unsaid(_message: str) -> None:
    """Take what is said when the file is opened."""


def _call(then: Callable[[Consent], object], consent: Consent, _read: Any) -> None:
    then(consent)
