"""Waiting for what other threads and processes do: for events, up to a deadline."""

import time

LONG = 60.0  # seconds until a test gives up; what is waited for takes milliseconds
POLL = 0.002  # seconds between two looks


def until(found, what="it"):
    """Return what `found` gives as soon as that is true."""
    deadline = time.monotonic() + LONG
    while not (answer := found()):
        assert time.monotonic() < deadline, f"waited {LONG:g} s for {what}"
        time.sleep(POLL)
    return answer


def frame_where(engine, holds=bool):
    """Return the first new frame of `engine` for which `holds` is true."""

    def found():
        frame = engine.latest()
        return frame if frame is not None and holds(frame) else None

    return until(found, "a frame")
