"""The tokens after every layer, as arrays."""

from __future__ import annotations

import contextlib
import tempfile
import zipfile
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, ClassVar

import numpy as np

from sim.frame import FrameRequest
from sim.io.atomic_write import atomic_write
from sim.recorders import Recorder
from sim.schedule import Run
from sim.schedule_file import embedded_text

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping
    from pathlib import Path

    from sim.array_types import AnyArray
    from sim.frame import Frame


COPY_BYTES = 1 << 20  # copied at once


@dataclass(frozen=True)
class Layers(Recorder):
    """h of shape (N + 1, n, d) and t of shape (N + 1,), in a NumPy archive.

    With the layer integrator h[k + 1] = Q h[k].  Laws with momenta add p, of shape
    (N + 1, m, d); ``scenario`` is the JSON text of what was run.  Where tokens are
    added or removed, n counts all that there ever are, in the order of their ids, and
    those that are not there are NaN.
    """

    kind: ClassVar[str] = "layers"
    title: ClassVar[str] = "Layers (NPZ)"
    suffix: ClassVar[str] = ".npz"

    def request(self) -> FrameRequest:
        return FrameRequest(observables=frozenset(), clusters=False)

    def record(self, frames: Iterable[Frame], path: Path) -> None:
        with atomic_write(path) as temporary, array_writer(temporary) as writer:
            for frame in frames:
                writer.write(frame)


class ArrayWriter:
    """Writes arrays to an archive frame by frame, without keeping frames."""

    def __init__(self, h: IO[bytes], p: IO[bytes]) -> None:
        self._files = {"h": h, "p": p}
        self._last: Frame | None = None
        self._t: list[float] = []

    @staticmethod
    @contextlib.contextmanager
    def files(folder: Path) -> Generator[tuple[IO[bytes], IO[bytes]]]:
        """Open two files in `folder` that hold the arrays meanwhile."""
        with (
            tempfile.TemporaryFile(dir=folder) as h,
            tempfile.TemporaryFile(dir=folder) as p,
        ):
            yield h, p

    @property
    def run(self) -> Run:
        """The run of the last frame."""
        last = self._recorded()
        return last.run or Run(last.scenario)

    def write(self, frame: Frame) -> None:
        """Add the tokens of `frame`, and its momenta if it has any."""
        self._last = frame
        self._t.append(frame.t)
        for name, part in _parts(frame):
            self._files[name].write(np.ascontiguousarray(part).tobytes())

    def save(self, archive: zipfile.ZipFile, suffix: str = "") -> None:
        """Write the arrays to `archive`, with `suffix` after their names."""
        for name, part in _parts(self._recorded()):
            if part.size:
                self._copy(archive, name, part, suffix)
        with archive.open(_entry(f"t{suffix}"), "w") as file:
            np.lib.format.write_array(file, np.array(self._t))

    def _recorded(self) -> Frame:
        if self._last is None:
            raise ValueError("no layers were recorded. Record at least one frame.")
        return self._last

    def _copy(
        self, archive: zipfile.ZipFile, name: str, like: AnyArray, suffix: str
    ) -> None:
        head = {
            "descr": np.lib.format.dtype_to_descr(like.dtype),
            "fortran_order": False,
            "shape": (len(self._t), *like.shape),
        }
        source = self._files[name]
        source.seek(0)
        entry = _entry(f"{name}{suffix}")
        with archive.open(entry, "w", force_zip64=True) as file:
            np.lib.format.write_array_header_2_0(file, head)
            while part := source.read(COPY_BYTES):
                file.write(part)


@contextlib.contextmanager
def array_writer(
    path: Path, window: Mapping[str, Any] | None = None
) -> Generator[ArrayWriter]:
    """Open an archive that is written to `path` if no exception is raised."""
    with ArrayWriter.files(path.parent) as files:
        writer = ArrayWriter(*files)
        yield writer
        text = embedded_text(writer.run, path.parent, window=window)
        with written_archive(path, text) as archive:
            writer.save(archive)


@contextlib.contextmanager
def written_archive(path: Path, text: str) -> Generator[zipfile.ZipFile]:
    """Open an archive for arrays, and add the text of what was run at the end.

    The same arrays give the same bytes.
    """
    with zipfile.ZipFile(path, "w") as archive:
        yield archive
        with archive.open(_entry("scenario"), "w") as file:
            np.lib.format.write_array(file, np.array(text))


def _parts(frame: Frame) -> tuple[tuple[str, AnyArray], ...]:
    """Return tokens and momenta under their names, with a row for every id."""
    run = frame.run
    if run is None or not any(c.tokens.resizes for c in run.changes):
        return ("h", frame.x), ("p", frame.p)
    count = run.id_count
    p = _by_id(frame, frame.p, count) if frame.carrier == "tokens" else frame.p
    return ("h", _by_id(frame, frame.x, count)), ("p", p)


def _by_id(frame: Frame, rows: AnyArray, count: int) -> AnyArray:
    """Return rows of the tokens of `frame` as those of their ids: (count, d)."""
    out = np.full((count, rows.shape[-1]), np.nan, rows.dtype)
    out[frame.ids] = rows
    return out


def _entry(name: str) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(
        f"{name}.npy"
    )  # dated 1980, so that equal content gives equal bytes
