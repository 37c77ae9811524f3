"""Results of a sweep that is not finished, kept beside its table.

The first line of the file names the sweep; every other line is the result of one run,
under the digest of its task.  Lines are only appended, each when its run is done.  A
process that is killed leaves at most half a line, which the next one cuts off.
"""

from __future__ import annotations

import json
from typing import IO, TYPE_CHECKING, Any, Self

from sim.io.atomic_write import CannotWriteError, atomic_write
from sim.io.file_lock import take_lock

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sim.sweeps.plan import Plan
    from sim.sweeps.worker_pool import Result

SUFFIX = ".sweep"


def store_path(table: Path) -> Path:
    """Return where the results of the sweep of `table` are kept until it is done."""
    return table.with_name(table.name + SUFFIX)


class Store:
    """The results that are known of a sweep; a context that holds its file.

    At the end of the context a file without results is removed.

    Parameters
    ----------
    path : Path
        The file, made if it does not exist.
    plan : Plan
        The sweep.
    force : bool
        Whether to replace a file of another sweep.

    Raises
    ------
    ValueError
        On entering, if the file belongs to another sweep, or to another process.
    CannotWriteError
        If it cannot be written.
    """

    def __init__(self, path: Path, plan: Plan, *, force: bool = False) -> None:
        self.path, self._plan, self._force = path, plan, force
        self.results: dict[str, Result] = {}
        self._file: IO[bytes] | None = None
        self._held = False  # by this process, so that it may remove it

    def __enter__(self) -> Self:
        try:
            self._open()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()
        if self._held and not self.results:
            self.path.unlink(missing_ok=True)

    def add(self, key: str, start: Mapping[str, Any], result: Result) -> None:
        """Keep the result of a run, whose row begins with `start`.

        Raises
        ------
        CannotWriteError
            If it cannot be written; the results before it are kept.
        """
        assert self._file is not None
        line = json.dumps({"run": key, **start, **result}, default=str) + "\n"
        left = memoryview(line.encode())
        try:
            while left:
                left = left[self._file.write(left) :]
        except OSError as error:
            raise CannotWriteError(
                f"cannot write {self.path}: {error.strerror or error}. The runs before "
                "are kept. Free some space and give the same command again."
            ) from error
        self.results[key] = result

    def remove(self) -> None:
        """Remove the file, once the table is written."""
        self.path.unlink(missing_ok=True)

    def _open(self) -> None:
        if not self.path.exists():
            self._held = True
            self._begin()
        self._file = file = self._opened()
        if not self._is_ours(file):
            if not self._force:
                raise ValueError(
                    f"{self.path} holds the runs of another sweep, which is not "
                    "finished. Give another name to -o, or add --force to drop them."
                )
            file.close()
            self._begin()
            self._file = file = self._opened()
            self._is_ours(file)
        self._held = True
        self._read(file)

    def _begin(self) -> None:
        with atomic_write(self.path) as temporary:
            header = {"sweep": self._plan.identity, "runs": len(self._plan.tasks)}
            temporary.write_text(json.dumps(header) + "\n", encoding="utf-8")

    def _opened(self) -> IO[bytes]:
        try:
            file = self.path.open("r+b", buffering=0)
        except OSError as error:
            why = error.strerror or error
            raise CannotWriteError(f"cannot write {self.path}: {why}.") from error
        if not take_lock(file):
            file.close()
            self._held = False
            raise ValueError(
                f"another process is computing {self.path}. Wait for its end, or give "
                "another name to -o."
            )
        return file

    def _is_ours(self, file: IO[bytes]) -> bool:
        header = _parsed(file.readline())
        return header.get("sweep") == self._plan.identity

    def _read(self, file: IO[bytes]) -> None:
        """Read the results, and cut off half a line."""
        known, end = set(self._plan.keys), file.tell()
        for line in file.read().splitlines(keepends=True):
            if not line.endswith(b"\n"):
                break
            end += len(line)
            found = _parsed(line)
            if found.get("run") in known and {"rows", "error"} <= set(found):
                self.results[found["run"]] = {k: found[k] for k in ("rows", "error")}
        file.truncate(end)
        file.seek(end)


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
