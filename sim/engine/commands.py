"""What an engine is to do, in order."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class CommandKind(Enum):
    """What a command does, where commands of one kind may replace each other."""

    RETUNE = "retune"
    SEEK = "seek"
    LOAD = "load"
    EDIT = "edit"


@dataclass(frozen=True, slots=True)
class Command:
    """An action for the engine's thread, and the number of the edit that it is.

    It `restarts` if the run in force ends by it.
    """

    kind: CommandKind
    action: Callable[[], None]
    number: int = 0
    restarts: bool = False


class CommandQueue:
    """Commands from any thread, in order; of seeks or settings in a row, the newest.

    A run that is loaded replaces the loads, settings and seeks that still wait.

    Edits are numbered from 1; other commands have the number 0.
    """

    def __init__(self) -> None:
        self._commands: deque[Command] = deque()
        self._lock = threading.Lock()
        self._edits = 0
        self._restarts = False

    @property
    def edits(self) -> int:
        """How many edits were added."""
        return self._edits

    def add(self, kind: CommandKind, action: Callable[[], None]) -> None:
        """Add a command that is not an edit."""
        with self._lock:
            self._append(Command(kind, action))

    def add_edit(
        self,
        kind: CommandKind,
        action: Callable[[], None],
        *,
        restarts: bool = False,
    ) -> None:
        """Add a command that is the next edit; perhaps the run in force ends by it."""
        with self._lock:
            self._edits += 1
            self._append(Command(kind, action, self._edits, restarts))

    def take(self) -> Command | None:
        """Return and remove the first command, if any."""
        with self._lock:
            taken = self._commands.popleft() if self._commands else None
            self._restarts = any(c.restarts for c in self._commands)
            return taken

    def has_seek(self) -> bool:
        """Whether a seek waits."""
        with self._lock:
            return any(c.kind is CommandKind.SEEK for c in self._commands)

    def has_restart(self) -> bool:
        """Whether another run waits, by which the one in force ends."""
        return self._restarts

    def _append(self, command: Command) -> None:
        if command.kind is CommandKind.LOAD:
            kept = (c for c in self._commands if c.kind is CommandKind.EDIT)
            self._commands = deque(kept)
        last = self._commands[-1].kind if self._commands else None
        replaceable = (CommandKind.RETUNE, CommandKind.SEEK)
        if command.kind is last and command.kind in replaceable:
            self._commands.pop()
        self._commands.append(command)
        self._restarts = any(c.restarts for c in self._commands)
