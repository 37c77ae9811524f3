"""A process that records one lane: reads the run, and sends its frames."""

from __future__ import annotations

import os
import pickle
import sys
from threading import Thread
from typing import TYPE_CHECKING, Any

from sim.recording.recorded_run import RecordedRun

if TYPE_CHECKING:
    from typing import BinaryIO


def main() -> None:
    """Record the run that stands on the input, unless its source is gone."""
    output, sys.stdout = sys.stdout.buffer, sys.stderr  # for messages alone
    run, options, located, last_events = pickle.load(sys.stdin.buffer)
    Thread(target=_listen, daemon=True).start()

    def send(*message: Any) -> None:
        pickle.dump(message, output, pickle.HIGHEST_PROTOCOL)
        output.flush()

    def note(change: Any) -> None:
        send("event", change)

    try:
        lane = RecordedRun(run, options, note if located else None, last_events)
        last = lane.first
        for last in lane.frames():
            send("frame", last, lane.done)
        send("end", lane.result(last))
    except Exception as error:  # raised again by the process that asked
        send("failed", error)
    os._exit(0)  # a thread waits for input, which would hold up the end


def _listen() -> None:
    """End at once, even during a run, when the process that asked is gone."""
    source: BinaryIO = sys.stdin.buffer
    source.read()
    os._exit(0)


if __name__ == "__main__":
    main()
