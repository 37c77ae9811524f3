"""Formulas typeset as SVG, kept in memory and in the user's cache.

`svg` waits for the drawing. A `Typesetter` does not: it says when there is a new one.
"""

from __future__ import annotations

import hashlib
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import lru_cache
from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING

from platformdirs import user_cache_path
from PySide6.QtCore import QObject, QTimer, Signal

from sim.io.atomic_write import atomic_write
from sim.thread_priority import lower_priority

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future
    from pathlib import Path

PROGRAM = "attention-orrery"  # the folder of the cache
INK = "#000000"  # the colour that drawings are kept in
SIZE = 19.0  # of the letters, in the picture's units
LONG = re.compile(r"-?\d+\.\d+")
MAX_FORMULAS = 128  # kept in memory
POLL_MS = 10
END = "</svg>"

# One thread: ziamath is configured by module variables.
pool: Executor = ThreadPoolExecutor(1, "formulas", lower_priority)


class Typesetter(QObject):
    """Typesets on another thread, so that nothing waits for a formula."""

    ready = Signal()
    """The formula asked for last can be had now."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._pending: Future[str | None] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._look)

    def svg(self, latex: str, colour: str) -> bytes | None:
        """Return the formula as `svg` does, or nothing, ``b""``, while it is made."""
        drawing = _begun(latex)
        if drawing.done():
            return _coloured(drawing.result(), colour)
        self._pending = drawing
        self._timer.start()
        return b""

    def stop(self) -> None:
        """Say nothing more."""
        self._timer.stop()
        self._pending = None

    def _look(self) -> None:
        if self._pending is None or self._pending.done():
            self.stop()
            self.ready.emit()


def svg(latex: str, colour: str) -> bytes | None:
    """Return a formula in LaTeX as SVG in a colour such as ``#E8ECF4``.

    Its size is in the picture's units, with letters of `SIZE`.  None if it cannot be
    typeset.
    """
    return _coloured(_begun(latex).result(), colour)


def _coloured(drawing: str | None, colour: str) -> bytes | None:
    return None if drawing is None else drawing.replace(INK, colour).encode()


@lru_cache(maxsize=MAX_FORMULAS)
def _begun(latex: str) -> Future[str | None]:
    return pool.submit(_drawing, latex)


def _drawing(latex: str) -> str | None:
    """Return the formula drawn in `INK`, from the cache if it is there."""
    try:
        file = cache_file(latex)
        return _read(file) or _kept(typeset(latex), file)
    except Exception:  # a formula that cannot be typeset can fail anywhere in ziamath
        return None


def cache_file(latex: str) -> Path:
    """Return where the drawing of `latex` is kept; another ziamath may draw another.

    Raises
    ------
    PackageNotFoundError
        If there is no ziamath.
    """
    text = f"{version('ziamath')} {SIZE} {latex}"
    name = hashlib.sha256(text.encode()).hexdigest()[:24]
    folder = user_cache_path(PROGRAM, appauthor=False) / "formulas"
    return folder / f"{name}.svg"


def _read(file: Path) -> str:
    """Return what is kept in `file`; nothing if it is missing or cut off."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
    return text if text.endswith(END) else ""


def _kept(drawing: str, file: Path) -> str:
    """Write `drawing` to `file` if that is possible, and return it."""
    with suppress(OSError):  # without a cache it is typeset again next time
        file.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(file) as temporary:
            temporary.write_text(drawing, encoding="utf-8")
    return drawing


def typeset(latex: str) -> str:
    """Return `latex` drawn as SVG in `INK`."""
    ziamath = import_module("ziamath")  # takes a while, so not before it is needed
    ziamath.config.svg2 = False  # QtSvg draws SVG 1.2 Tiny
    drawing = str(ziamath.Latex(latex, size=SIZE, color=INK, inline=True).svg())
    return LONG.sub(_shortened, drawing)


def _shortened(number: re.Match[str]) -> str:
    """Return a number with the two decimals that a large picture can show."""
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")
