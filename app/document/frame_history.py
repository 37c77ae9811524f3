"""The frames of a run so far, in bounded memory."""

from __future__ import annotations

import bisect
from dataclasses import fields, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sim.frame import Frame

MAX_BYTES = 256 * 2**20  # bytes: then every other frame is dropped
MIN_FRAMES = 16  # frames that are kept however large they are
SHARED_FIELDS = ("first",)  # one array for all frames of a run
ROUNDING_BIT = np.uint32(
    0x8000
)  # half a unit in the last place that is kept of a float32
CLUSTER_COUNT = "clusters"  # the observable whose falls are merges


class FrameHistory:
    """Frames by time; adding a frame drops those at its time and later.

    Attention matrices are stored to three digits, because they are only displayed.
    Tokens and momenta are exact, so that a run can resume from any frame.
    """

    def __init__(self, budget: int = MAX_BYTES) -> None:
        self._budget = budget
        self._frames: list[Frame] = []
        self._times: list[float] = []
        self._size = 0
        self._merges: list[float] = []
        self._clusters = 0.0

    def __len__(self) -> int:
        return len(self._frames)

    @property
    def size(self) -> int:
        """Bytes held."""
        return self._size

    @property
    def merges(self) -> list[float]:
        """The times at which the number of clusters fell."""
        return self._merges

    @property
    def span(self) -> tuple[float, float]:
        """The first and the last time."""
        return (self._times[0], self._times[-1]) if self._times else (0.0, 0.0)

    def push(self, frame: Frame) -> None:
        """Add the newest frame of the run."""
        self._drop_since(frame.t)
        self._note_merge(frame)
        kept = _packed(frame)
        self._frames.append(kept)
        self._times.append(kept.t)
        self._size += _bytes(kept)
        while self._size > self._budget and len(self._frames) > MIN_FRAMES:
            self._thin()

    def nearest(self, t: float) -> Frame | None:
        """Return the frame nearest to the time `t`."""
        if not self._times:
            return None
        after = min(bisect.bisect_left(self._times, t), len(self._times) - 1)
        before = max(after - 1, 0)
        near = t - self._times[before] < self._times[after] - t
        return _unpacked(self._frames[before if near else after])

    def neighbour(self, t: float, by: int) -> Frame | None:
        """Return the frame `by` frames after the one at `t`, if there is one."""
        place = bisect.bisect_left(self._times, t) + by
        inside = 0 <= place < len(self._frames)
        return _unpacked(self._frames[place]) if inside else None

    def clear(self) -> None:
        """Remove all frames."""
        self._drop_since(float("-inf"))

    def _drop_since(self, t: float) -> None:
        place = bisect.bisect_left(self._times, t)
        for frame in self._frames[place:]:
            self._size -= _bytes(frame)
        del self._frames[place:], self._times[place:]
        if self._merges and self._merges[-1] >= t:
            self._merges = [m for m in self._merges if m < t]
        if not self._frames:
            self._clusters = 0.0

    def _note_merge(self, frame: Frame) -> None:
        count = frame.measures.get(CLUSTER_COUNT)
        if count is None:
            return
        if count < self._clusters:
            self._merges.append(frame.t)
        self._clusters = count

    def _thin(self) -> None:
        """Drop every other frame; the first and the last stay."""
        last = len(self._frames) - 1
        keep = [k for k in range(len(self._frames)) if k % 2 == 0 or k == last]
        self._frames = [self._frames[k] for k in keep]
        self._times = [self._times[k] for k in keep]
        self._size = sum(_bytes(f) for f in self._frames)


def _bytes(frame: Frame) -> int:
    held = [
        getattr(frame, f.name) for f in fields(frame) if f.name not in SHARED_FIELDS
    ]
    held += frame.rows.values()
    return sum(a.nbytes for a in held if isinstance(a, np.ndarray))


def _packed(frame: Frame) -> Frame:
    """Return `frame` with the upper halves of the matrix's float32s, rounded.

    All magnitudes of float32 remain, as in half precision they would not: among
    16,384 tokens a weight of attention is smaller than its least normal number.
    """
    if frame.matrix is None:
        return frame
    bits = np.ascontiguousarray(frame.matrix, np.float32).view(np.uint32)
    return replace(frame, matrix=((bits + ROUNDING_BIT) >> 16).astype(np.uint16))


def _unpacked(frame: Frame) -> Frame:
    if frame.matrix is None:
        return frame
    bits = frame.matrix.astype(np.uint32) << 16
    return replace(frame, matrix=bits.view(np.float32))
