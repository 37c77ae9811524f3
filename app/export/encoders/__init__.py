"""Encoders of videos and pictures, with the document inside.

May import `app.document` and what is below it, and `app.export.picture_buffer`.
"""

from __future__ import annotations

import abc
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from sim.settings.plugins import Plugin

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.document.document import Document
    from sim.array_types import Pixels


@dataclass(frozen=True, slots=True)
class Output:
    """The file of an export and what it contains; see `PictureRecorder.record`."""

    path: Path
    fps: float
    document: Document
    sums: Sequence[str] = ()

    @property
    def text(self) -> str:
        """The document as the file carries it, with small files that it names."""
        return self.document.embedded_text(self.path.parent)


@dataclass(frozen=True)
class PictureRecorder(Plugin, abc.ABC, package=__name__):
    """Writes pictures to a file.

    Progress and cancelling are the business of whoever yields the pictures: an
    exception raised there removes the half-written file and goes on to the caller.
    """

    suffix: ClassVar[str]
    single_picture: ClassVar[bool] = False
    """Whether it holds one picture: the last one given."""

    @abc.abstractmethod
    def check(self, size: tuple[int, int], fps: float) -> None:
        """Raise what would go wrong with such pictures, before the first is drawn.

        Raises
        ------
        ValueError
            If it cannot hold pictures of that size or rate.
        RuntimeError
            If what writes it is missing here.
        """

    @abc.abstractmethod
    def write(self, pictures: Iterable[Pixels], output: Output) -> None:
        """Write all of `pictures` as `record` says."""

    def record(
        self,
        pictures: Iterable[Pixels],
        path: Path,
        fps: float,
        document: Document,
        sums: Sequence[str] = (),
    ) -> None:
        """Write all of `pictures` to `path`, aside first.

        Parameters
        ----------
        pictures : iterable of (h, w, 3) or (h, w, 4)
            In the order of display: red, green, blue, or blue, green, red and a byte
            without meaning.  Each is read before the next one is taken.
        path : Path
            Its suffix is this recorder's.
        fps : float
            Pictures a second.
        document : Document
            What they were made from; goes inside.
        sums : sequence of str
            How sums were computed, by line; goes inside.  It is read when all pictures
            are drawn, so that whoever draws them may fill it.

        Raises
        ------
        OSError
            If the file cannot be written; what stood at `path` before is unharmed.
        ValueError
            If there is no picture, or see `check`.
        """
        self.write(pictures, Output(path, fps, document, sums))


def recorder_for(path: str | Path) -> PictureRecorder:
    """Return the recorder for the suffix of `path`, with its default settings.

    Raises
    ------
    ValueError
        If there is none; lists the suffixes that there are.
    """
    kinds: list[Any] = list(PictureRecorder.kinds().values())
    suffix = Path(path).suffix.lower()
    for kind in kinds:
        if kind.suffix == suffix:
            return kind()
    known = ", ".join(kind.suffix for kind in kinds)
    raise ValueError(f"{path}: pictures are written to {known}, not {suffix!r}.")
