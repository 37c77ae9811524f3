"""Lanes that are computed at one time, each by a process of its own."""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
from queue import Full, Queue
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from sim.jit.thread_pool import threads
from sim.processes import PYTHON, child_environment

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from sim.frame import Frame
    from sim.recording.recorded_run import RecordedRun, RecordOptions
    from sim.schedule import Run

    Message = tuple[Any, ...]
    Task = tuple[Run, RecordOptions, bool, int | None]

COMMAND = (*PYTHON, "sim.recording.lane_worker")
LEAST_WORK = (
    50_000  # tokens times steps: a process begins within the time that it saves
)
WAITING_BYTES = 256 * 2**20  # of the frames of a lane that are not written yet
LOOK_S = 0.2  # between two looks whether what waits is still wanted


class ProcessEndedError(RuntimeError):
    """A process ended before its run."""


class LaneProcess:
    """A process that records a run; `messages` are what it sends.

    They are ``("frame", frame, share)``, ``("event", change)``, and at the end
    ``("end", result)``.
    """

    def __init__(self, task: Task, first: Frame) -> None:
        self._process = subprocess.Popen(
            COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=child_environment(),
            # Ctrl-C reaches only the process that asks, which ends this one too.
            process_group=0 if os.name == "posix" else None,
        )
        most = max(8, WAITING_BYTES // max(first.x.nbytes, 1))
        self._queue: Queue[Message] = Queue(most)
        self._left = Event()
        self._thread = Thread(target=self._listen, daemon=True)
        self._thread.start()
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):  # it has ended, which its output will show
            pickle.dump(task, self._process.stdin)
            self._process.stdin.flush()

    def messages(self) -> Generator[Message]:
        """Yield what the process sends, until its run has ended.

        Raises
        ------
        ProcessEndedError
            If the process ended before its run.
        Exception
            What ended the run.
        """
        while True:
            message = self._queue.get()
            if message[0] == "failed":
                raise message[1]
            yield message
            if message[0] == "end":
                return

    def close(self) -> None:
        """End the process, if it runs."""
        self._left.set()
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._thread.join()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with contextlib.suppress(OSError):
                pipe.close()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        try:
            while True:
                message = pickle.load(self._process.stdout)
                self._put(message)
                if message[0] in ("end", "failed"):
                    return
        except (EOFError, OSError, ValueError, pickle.UnpicklingError):
            why = "its process ended. If memory is short, run the lanes one by one."
            self._put(("failed", ProcessEndedError(why)))

    def _put(self, message: Message) -> None:
        while not self._left.is_set():
            with contextlib.suppress(Full):
                self._queue.put(message, timeout=LOOK_S)
                return


@contextlib.contextmanager
def lane_processes(
    lanes: Sequence[RecordedRun], tasks: Sequence[Task]
) -> Generator[list[LaneProcess]]:
    """Start a process for each lane; none where lanes are recorded one by one.

    That is where they are short, there is one processor, or another device computes.
    """
    processes: list[LaneProcess] = []
    worth = all(lane.on_processor and lane.work >= LEAST_WORK for lane in lanes)
    try:
        if len(lanes) > 1 and threads() > 1 and worth:
            for lane, task in zip(lanes, tasks, strict=True):
                processes.append(LaneProcess(task, lane.first))
        yield processes
    finally:
        for process in processes:
            process.close()
