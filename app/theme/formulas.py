"""Typeset equations of motion: drawn once by a developer, shipped as pictures.

``python -m app.theme.formulas`` typesets those that are missing; it needs ziamath.
"""

from __future__ import annotations

import hashlib
import re
import sys
import warnings
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from sim.dynamics import Dynamics
from sim.resources import asset
from sim.settings.knobs import Settings, choices, kind_of, knobs, put, walk
from sim.settings.serialise import family

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.scenario import Scenario

FOLDER = asset("formulas")
INK = "#000000"  # the colour that the files are drawn in
SIZE = 19.0  # of the letters, in the picture's units
LONG = re.compile(r"-?\d+\.\d+")
TANGENT = re.compile(r"P_\{x_i\}(?:\\,|\\left\[(.*)\\right\])")  # and brackets after it
TELLING = (-1.0, 0.0, 0.5, 1.0)  # values at which a formula may read differently


def key(latex: str) -> str:
    """Return the name of the file that holds the formula `latex`."""
    return hashlib.sha256(latex.encode()).hexdigest()[:12]


def svg(latex: str, colour: str) -> bytes | None:
    """Return the formula as SVG in a colour such as ``#E8ECF4``; None if not shipped.

    Its size is in the picture's units, with letters of `SIZE`.
    """
    drawing = _drawing(latex)
    return None if drawing is None else drawing.replace(INK, colour).encode()


@cache
def _drawing(latex: str) -> str | None:
    file = FOLDER / f"{key(latex)}.svg"
    return file.read_text(encoding="utf-8") if file.is_file() else None


def equation(scenario: Scenario) -> str:
    """Return the equation of motion in LaTeX; in R^d nothing is made tangent."""
    latex = scenario.dynamics.formula()
    return bare(latex) if scenario.space.free else latex


def bare(latex: str) -> str:
    """Return a formula without the projection to the tangent space."""
    return TANGENT.sub(r"\1", latex)


def reachable() -> set[str]:
    """Return every formula that turning settings one by one can bring on screen."""
    found: dict[str, Dynamics] = {}
    fresh: list[Dynamics] = [make() for make in Dynamics.kinds().values()]
    while fresh:
        law = fresh.pop()
        if law.formula() not in found:
            found[law.formula()] = law
            fresh.extend(_neighbours(law))
    return {*found, *map(bare, found)}


def _neighbours(law: Dynamics) -> Iterator[Dynamics]:
    """Yield `law` with one setting changed, for every setting and telling value."""
    for path, owner, name in walk(law):
        for value in _values(owner, name):
            yield put(law, path, value)


def _values(owner: Settings, name: str) -> list[Any]:
    kinds = family(owner, name)
    if kinds is not None:
        return [make() for make in kinds.kinds().values()]
    knob = knobs(type(owner)).get(name)
    if knob is None:
        return []
    kind = kind_of(type(owner), name)
    if kind is bool:
        return [False, True]
    if kind in (int, float):
        wanted = {*TELLING, knob.lo, knob.hi} if kind is float else {knob.lo, 2}
        return [kind(v) for v in wanted if knob.lo <= v <= knob.hi]
    return list(choices(type(owner), name))


def typeset(latex: str) -> str:
    """Return `latex` drawn as SVG in `INK`; needs ziamath, a developer's tool."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # raised by its import
        ziamath = import_module("ziamath")

    ziamath.config.svg2 = False  # QtSvg draws SVG 1.2 Tiny
    drawing = str(ziamath.Latex(latex, size=SIZE, color=INK, inline=True).svg())
    return LONG.sub(_shortened, drawing)


def _shortened(number: re.Match[str]) -> str:
    """Return a number with the two decimals that a large picture can show."""
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")


def main() -> int:
    """Typeset the reachable formulas that are missing, and drop those not reached."""
    FOLDER.mkdir(exist_ok=True)
    wanted = {key(latex): latex for latex in reachable()}
    for name, latex in sorted(wanted.items()):
        file = FOLDER / f"{name}.svg"
        if not file.exists():
            file.write_text(typeset(latex) + "\n", encoding="utf-8")
            print(f"{file.name}  {latex}")
    for file in FOLDER.glob("*.svg"):
        if file.stem not in wanted:
            file.unlink()
            print(f"{file.name}  dropped")
    return 0


if __name__ == "__main__":
    sys.exit(main())
