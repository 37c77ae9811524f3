"""Pictures and films of a run, drawn by ``orrery render`` in a process of its own.

Whoever wants one needs neither a screen nor Qt in this process.
"""

from __future__ import annotations

import base64
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.io.atomic_write import atomic_write
from sim.resources import PACKAGES
from sim.schedule_file import save_run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.schedule import Run


class CannotDrawError(ValueError):
    """A picture or film of a run cannot be drawn; the message says why."""


@dataclass(frozen=True, slots=True)
class Video:
    """A film of a run; a notebook plays it inline.

    Attributes
    ----------
    data : bytes
        The film, as MP4.
    size : (int, int)
        Width and height in pixels.
    """

    data: bytes
    size: tuple[int, int]

    @staticmethod
    def of(run: Run, size: tuple[int, int], flags: Mapping[str, Any]) -> Video:
        """Return the film that ``orrery render`` draws with these flags."""
        return Video(rendered(run, ".mp4", size, flags), size)

    def save(self, path: str | Path) -> None:
        """Write the film to a file; an older one is replaced once it is whole."""
        with atomic_write(path) as temporary:
            temporary.write_bytes(self.data)

    def _repr_html_(self) -> str:
        """Return the film as a player that holds it."""
        text = base64.b64encode(self.data).decode()
        width, height = self.size
        return (
            f'<video controls loop muted autoplay width="{width}" height="{height}" '
            f'src="data:video/mp4;base64,{text}"></video>'
        )


def rendered(
    run: Run,
    suffix: str,
    size: tuple[int, int],
    flags: Mapping[str, Any],
    timeout_s: float | None = None,
) -> bytes:
    """Return the file that ``orrery render`` makes of `run`.

    Raises
    ------
    CannotDrawError
        If it makes none, or takes longer than `timeout_s`.
    """
    with tempfile.TemporaryDirectory(prefix="orrery-") as name:
        folder = Path(name)
        file, out = folder / "run.json", folder / f"out{suffix}"
        save_run(run, file)
        given = [text for k, v in flags.items() for text in (f"--{k}", str(v))]
        command = [sys.executable, "-P", "-m", "app", "render", str(file)]
        command += ["-o", str(out), "--size", f"{size[0]}x{size[1]}", *given]
        try:
            done = subprocess.run(
                [*command, "--allow-files"],
                env=_environment(),
                capture_output=True,
                text=True,
                timeout=timeout_s,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise CannotDrawError(
                f"it takes longer than {timeout_s:g} s to run it again for one."
            ) from None
        if done.returncode or not out.is_file():
            said = [line for line in done.stderr.splitlines() if line.strip()]
            why = said[-1] if said else f"the process ended with {done.returncode}."
            raise CannotDrawError(why.removeprefix("orrery: "))
        return out.read_bytes()


def _environment() -> dict[str, str]:
    """Return this process's environment, in which the child finds the program."""
    known = os.environ.get("PYTHONPATH", "")
    paths = os.pathsep.join(p for p in (str(PACKAGES), known) if p)
    return {**os.environ, "PYTHONPATH": paths}
