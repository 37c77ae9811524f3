"""Ways to keep a run."""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.settings.plugins import Plugin

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sim.frame import Frame, Wish


@dataclass(frozen=True)
class Recorder(Plugin, abc.ABC, package=__name__):
    """Writes frames to a file.

    Progress and cancelling are the business of whoever yields the frames: an exception
    raised there removes the half-written file and goes on to the caller.
    """

    suffix: ClassVar[str]

    @abc.abstractmethod
    def record(self, frames: Iterable[Frame], path: Path) -> None:
        """Write all of `frames` to `path`, aside first.

        Raises
        ------
        OSError
            If the file cannot be written; what stood at `path` before is unharmed.
        """

    @abc.abstractmethod
    def wish(self) -> Wish:
        """Return what the frames must hold to be written."""
