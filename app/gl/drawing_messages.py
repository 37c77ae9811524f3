"""What a `DrawingProcess` and its worker send to each other."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from typing import BinaryIO

    from app.scene.camera import Camera
    from app.scene.scene import Scene
    from sim.array_types import AnyArray

BEGUN, DRAWN = b"b", b"d"  # answers of the worker
CHANNELS = 4  # of a picture: blue, green, red and alpha


class DrawRequest(NamedTuple):
    """A picture to draw: the last scene again where there is none.

    Attributes
    ----------
    scene : Scene, optional
        What to draw.
    camera : Camera
        What sees it.
    samples : int
        Samples of a pixel along each side.
    """

    scene: Scene | None
    camera: Camera
    samples: int


def send(message: object, stream: BinaryIO) -> None:
    """Write a message, and have it read."""
    _Pickler(stream, pickle.HIGHEST_PROTOCOL).dump(message)
    stream.flush()


def receive(stream: BinaryIO) -> Any:
    """Return the next message.

    Raises
    ------
    EOFError
        If there are no more.
    """
    return pickle.load(stream)


class _Pickler(pickle.Pickler):
    """Pickles arrays so that they come back with NumPy's own types.

    A type that is pickled is a copy of NumPy's, which vispy takes for a structure.
    """

    def reducer_override(self, obj: Any) -> Any:
        if type(obj) is not np.ndarray:
            return NotImplemented
        return _array, (obj.tobytes(), obj.dtype.str, obj.shape)


def _array(data: bytes, kind: str, shape: tuple[int, ...]) -> AnyArray:
    return np.frombuffer(data, kind).reshape(shape)
