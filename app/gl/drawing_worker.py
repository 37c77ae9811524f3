"""What a `DrawingProcess` starts: draws what its input asks for, until that ends.

Its argument is the number of the file in memory that it draws into.
"""

from __future__ import annotations

import mmap
import os
import sys

import numpy as np

from app.gl.drawing_messages import BEGUN, CHANNELS, DRAWN, receive
from app.gl.offscreen import Offscreen
from app.theme.palette import Theme


def main() -> int:
    """Answer each request for a picture by a byte, when it is drawn."""
    requests, memory = sys.stdin.buffer, int(sys.argv[1])
    answers = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # for what a driver prints
    try:
        offscreen = Offscreen(receive(requests))
    except RuntimeError:  # no OpenGL but that of Qt, which draws for its own process
        return 1
    shared = mmap.mmap(-1, 1)
    os.write(answers, BEGUN)
    while True:
        try:
            request = receive(requests)
        except EOFError:
            return 0
        if isinstance(request, Theme):
            offscreen.set_theme(request)
            continue
        scene, camera, samples = request
        if scene is not None:
            offscreen.show(scene)
        w, h = camera.size
        size = w * h * CHANNELS
        if len(shared) < size:
            shared = mmap.mmap(memory, size)
        picture = np.frombuffer(shared, np.uint8, size).reshape(h, w, CHANNELS)
        offscreen.draw_onto(picture, camera, samples)
        os.write(answers, DRAWN)


if __name__ == "__main__":
    sys.exit(main())
