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

    def __init__(
        self,
        h: IO[bytes],
        p: IO[bytes],
        folder: Path,
        window: Mapping[str, Any] | None = None,
    ) -> None:
        self._files = {"h": h, "p": p}
        self._folder, self._window = folder, window
        self._last: Frame | None = None
        self._t: list[float] = []

    def write(self, frame: Frame) -> None:
        """Add the tokens of `frame`, and its momenta if it has any."""
        self._last = frame
        self._t.append(frame.t)
        for name, part in _parts(frame):
            self._files[name].write(np.ascontiguousarray(part).tobytes())

    def close(self, path: Path) -> None:
        """Write the archive to `path`; the same frames give the same bytes."""
        last = self._last
        if last is None:
            raise ValueError("no layers were recorded. Record at least one frame.")
        with zipfile.ZipFile(path, "w") as archive:
            for name, part in _parts(last):
                if part.size:
                    self._copy(archive, name, part)
            run = last.run or Run(last.scenario)
            text = np.array(embedded_text(run, self._folder, window=self._window))
            for name, whole in (("t", np.array(self._t)), ("scenario", text)):
                with archive.open(_entry(name), "w") as file:
                    np.lib.format.write_array(file, whole)

    def _copy(self, archive: zipfile.ZipFile, name: str, like: AnyArray) -> None:
        head = {
            "descr": np.lib.format.dtype_to_descr(like.dtype),
            "fortran_order": False,
            "shape": (len(self._t), *like.shape),
        }
        source = self._files[name]
        source.seek(0)
        with archive.open(_entry(name), "w", force_zip64=True) as file:
            np.lib.format.write_array_header_2_0(file, head)
            while part := source.read(COPY_BYTES):
                file.write(part)


@contextlib.contextmanager
def array_writer(
    path: Path, window: Mapping[str, Any] | None = None
) -> Generator[ArrayWriter]:
    """Open an archive that is written to `path` if no exception is raised."""
    here = path.parent
    with tempfile.TemporaryFile(dir=here) as h, tempfile.TemporaryFile(dir=here) as p:
        writer = ArrayWriter(h, p, here, window)
        yield writer
        writer.close(path)


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
