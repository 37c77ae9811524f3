"""Validation: errors are asserted here, and kept for a table.

``pytest --oracles FILE`` writes the table; the one that ships is among the help pages.
"""

import os
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from helpers.paths import ROOT

PAGE = ROOT / "assets" / "help" / "oracles.md"
SECTIONS = {
    "A": "Identities of the velocity",
    "B": "Equiangular tokens",
    "C": "Two tokens, two clusters",
    "D": "Energy balance",
    "E": "Attention at β = 0",
    "F": "Polygons on the circle",
    "G": "The uniform measure: its energy and instability",
    "H": "The continuity equation",
    "I": "Limits of repulsion",
    "J": "Value matrices, and consensus",
    "K": "Causal attention",
    "L": "High dimension and long context",
    "M": "Normalisation schemes",
    "N": "Brackets on graphs",
    "O": "Attention without normalisation",
    "P": "Plateaus of the energy",
    "Q": "Output equals what was computed",
    "": "Velocities and runs of other codes",
}
INTRODUCTION = """# Validation

Every row is a result of theory, or a run of another code, that a test compares with.
The error is the largest that was found on the machine that wrote this page; the test
fails if it exceeds the tolerance. Errors are absolute unless the row says *relative*;
numbers are float64. The page is generated: `pytest --oracles assets/help/oracles.md`
runs the tests and writes it again. [The physics](physics.md) has the conventions.
"""
HEAD = "| no. | what | error found | tolerance | test |\n|---|---|---|---|---|"
ROW = re.compile(r"\| (\S+) \| (.+?) \| (\S+) \| (\S+) \| (.+) \|")


class Row(NamedTuple):
    """One line of the table."""

    oracle: str
    what: str
    error: float
    tolerance: float
    test: str

    @property
    def section(self) -> str:
        letter = self.oracle[0]
        return letter if re.fullmatch(r"[A-Z]\d*", self.oracle) else ""

    @property
    def strain(self) -> float:
        """The error as a share of the tolerance; exactness comes last."""
        return self.error / self.tolerance if self.tolerance else self.error

    def __str__(self) -> str:
        error = f"{self.error:.1e}" if self.error else "0"
        tolerance = f"{self.tolerance:g}"
        cells = (self.oracle, self.what, error, tolerance, self.test)
        return f"| {' | '.join(cells)} |"


found: dict[tuple[str, str], Row] = {}
tests_run: set[str] = set()
writing = False


def held(oracle, what, error, tolerance):
    """Assert that `error` is at most `tolerance`, and keep both for the table.

    `oracle` is a letter of `SECTIONS`, with a number or not, or the name of a reference
    file; `what` says in a few words what is compared, the same for all of its cases.
    """
    assert "|" not in what, "a bar would end the table's cell"
    error, test = float(error), _test()
    row = Row(oracle, what, error, tolerance, test)
    tests_run.add(test)
    old = found.get((oracle, what))
    if old is None or not row.strain <= old.strain:
        found[oracle, what] = row
    assert error <= tolerance, f"{oracle}, {what}: {error:.3g} > {tolerance:g}"
    assert writing or (oracle, what) in listed(), (
        f"{PAGE.name} has no row {oracle!r}, {what!r}. Write it anew: "
        f"pytest --oracles {PAGE.relative_to(ROOT).as_posix()}"
    )


def apart(a, b):
    """Return the largest distance of two numbers or arrays, entry by entry."""
    import numpy as np

    return float(np.max(np.abs(np.asarray(a) - np.asarray(b)), initial=0.0))


def missed(number, wanted):
    """Return the relative error of `number`."""
    return abs(number / wanted - 1)


def _test():
    """Return the name of the test that runs, in words."""
    name = os.environ.get("PYTEST_CURRENT_TEST", "?").partition("::test_")[2]
    return words(re.sub(r"\W.*", "", name))


def words(name):
    """Return the name of a test function as the table has it."""
    return name.removeprefix("test_").replace("_", " ")


@cache
def listed():
    """Return the rows of the table that ships, by oracle and what."""
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    rows = [
        Row(oracle, what, float(error), float(tolerance), test)
        for oracle, what, error, tolerance, test in ROW.findall(text)
    ]
    return {(row.oracle, row.what): row for row in rows}


def write(path):
    """Write the table: rows of tests that did not run now stay as they are."""
    kept = {k: row for k, row in listed().items() if row.test not in tests_run}
    rows = sorted((kept | found).values(), key=_place)
    parts = [INTRODUCTION]
    for letter, title in SECTIONS.items():
        mine = [str(row) for row in rows if row.section == letter]
        if mine:
            parts.append("\n".join((f"## {title}\n", HEAD, *mine, "")))
    Path(path).write_text("\n".join(parts), encoding="utf-8")


def _place(row):
    """Return the number of the oracle first, so that A10 comes after A9."""
    number = re.sub(r"\D", "", row.oracle) if row.section else ""
    return int(number or 0), row.oracle, row.what
