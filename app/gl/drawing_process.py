"""Draws in a process of its own, whose Python does not wait for this one's.

Python's lock lets one thread of a process run at a time, and where the processor
draws, a picture is a hundred calls of OpenGL, each of which gives the lock away and
has to get it again from threads that compute.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import select
import subprocess
import sys
from typing import TYPE_CHECKING, BinaryIO, cast

import numpy as np

from app.gl import drawing_messages
from app.gl.drawing_messages import DrawRequest
from sim.processes import PYTHON, child_environment, processors

if TYPE_CHECKING:
    from app.scene.camera import Camera
    from app.scene.scene import Scene
    from app.theme.palette import Theme
    from sim.array_types import Pixels

COMMAND = (*PYTHON, "app.gl.drawing_worker")
RASTER_THREADS = "LP_NUM_THREADS"  # the environment variable of llvmpipe


class DrawingEndedError(OSError):
    """The process that draws has ended."""


class DrawingProcess:
    """An `Offscreen` in a process of its own, which draws into shared memory.

    `__init__` starts it and does not wait; before it is `ready`, calls wait for it.

    Raises
    ------
    OSError
        If no process or no shared memory can be had, as on other systems than Linux.
    """

    def __init__(self, theme: Theme) -> None:
        if sys.platform != "linux":
            raise OSError("pictures are drawn by a process of its own on Linux alone.")
        self._memory = os.memfd_create("picture")
        self._shared = mmap.mmap(-1, 1)  # until a picture is drawn
        self._scene: Scene | None = None
        self._began = False
        try:
            self._process = subprocess.Popen(
                (*COMMAND, str(self._memory)),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                pass_fds=(self._memory,),
                env={RASTER_THREADS: raster_threads(), **child_environment()},
                process_group=0,  # Ctrl-C reaches only this one, which ends that one
            )
        except OSError:
            os.close(self._memory)
            raise
        self._requests = cast("BinaryIO", self._process.stdin)
        self._answers = cast("BinaryIO", self._process.stdout).fileno()
        self.set_theme(theme)

    @property
    def ready(self) -> bool:
        """Whether it has begun to draw.

        Raises
        ------
        DrawingEndedError
            If it has ended: there it cannot draw.
        """
        if not self._began and select.select([self._answers], [], [], 0)[0]:
            self._listen()
        return self._began

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        with contextlib.suppress(OSError):  # it has ended, as the next drawing tells
            drawing_messages.send(theme, self._requests)

    def show(self, scene: Scene) -> None:
        """Take a scene, which the next drawings are of."""
        self._scene = scene

    def draw_onto(self, picture: Pixels, camera: Camera, samples: int = 1) -> None:
        """Draw on `picture`, (height, width, 4) in blue, green, red and alpha.

        Raises
        ------
        DrawingEndedError
            If the process has ended.
        """
        size = picture.nbytes
        if len(self._shared) < size:
            os.ftruncate(self._memory, size)
            self._shared = mmap.mmap(self._memory, size)
        scene, self._scene = self._scene, None
        try:
            drawing_messages.send(DrawRequest(scene, camera, samples), self._requests)
        except OSError as error:
            raise DrawingEndedError from error
        if not self._began:
            self._listen()
        self._listen()
        drawn = np.frombuffer(self._shared, np.uint8, size)
        np.copyto(picture, drawn.reshape(picture.shape))

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with contextlib.suppress(OSError):  # it has not read everything
                pipe.close()
        os.close(self._memory)

    def _listen(self) -> None:
        """Wait for an answer."""
        if not os.read(self._answers, 1):
            raise DrawingEndedError
        self._began = True


def raster_threads() -> str:
    """Return how many threads llvmpipe has beside the one that calls it.

    Each of two pictures has half of the processors.  With none of its own, llvmpipe
    draws on the thread that calls it.
    """
    return str(max(0, processors() // 2 - 1))
