"""What the grid of a table of numbers shows, and how many rows it may have.  No Qt."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.annotations.number_format import general, typed_number
from app.document.setting_names import name_of, owner_of
from sim.masses import Masses
from sim.seed import Seed
from sim.settings.knobs import Knob, knobs
from sim.settings.serialise import family
from sim.weights import Weights
from sim.weights.diagonal import Diagonal
from sim.weights.explicit import GivenMatrices

if TYPE_CHECKING:
    from app.document.document import Document

Rows = tuple[tuple[float, ...], ...]

MAX_MATRIX_SIDE = 8  # rows of a matrix, at most, that are edited in a grid
MAX_MASSES = 64  # masses
MAX_COPIED_NUMBERS = 4096  # numbers that are written into a document unasked, at most
DRAWN_MATRICES = ("query", "key", "value")  # matrices that are drawn by their own name


@dataclass(frozen=True)
class MatrixTable:
    """A table as it is edited.

    Attributes
    ----------
    rows : tuple of tuple of float
        What stands in the grid; what is meant where the setting is empty.
    knob : Knob
        The bounds of an entry.
    sizes : tuple of int
        How many rows there may be; any number if empty.
    down : bool
        Whether the grid is a column of what is a row in the setting.
    name : str
        What the setting is called.
    empty : str
        What it means to leave the setting empty.
    """

    rows: Rows
    knob: Knob
    sizes: tuple[int, ...] = ()
    down: bool = False
    name: str = "M"
    empty: str = ""

    @property
    def large(self) -> bool:
        """Whether it is too large for a grid."""
        wide = len(self.rows[0]) if self.rows else 0
        first = min(self.sizes) if self.sizes else len(self.rows)
        return max(wide, first) > (MAX_MASSES if self.down else MAX_MATRIX_SIDE)

    @property
    def hint(self) -> str:
        """What to do where it is too large for a grid."""
        if self.down:
            return f"Above {MAX_MASSES} numbers, load a file: choose the kind “File”."
        size = f"{MAX_MATRIX_SIDE} × {MAX_MATRIX_SIDE}"
        return f"Above {size}, load a file: choose the kind “File”."

    def heads(self, row: int) -> str:
        """Return what the line `row` is called."""
        block = min(self.sizes) if self.sizes else 0
        if block and len(self.rows) > block:
            head, k = divmod(row, block)
            return f"{head + 1}·{k + 1}" if block > 1 else f"{head + 1}"
        return str(row + 1)

    def sized(self, count: int) -> Rows:
        """Return the rows, `count` of them: repeated, cut, or zeros below."""
        if self.rows and self.sizes:
            return tuple(self.rows[k % len(self.rows)] for k in range(count))
        wide = len(self.rows[0]) if self.rows else 2
        empty = ((0.0,) * wide,) * max(count - len(self.rows), 0)
        return (*self.rows, *empty)[:count]

    def read(self, text: str) -> float:
        """Return the number that is typed in a cell.

        Raises
        ------
        ValueError
            If it is none, or out of bounds; says so.
        """
        lo, hi = (general(v) for v in (self.knob.lo, self.knob.hi))
        try:
            value = float(typed_number(text))
        except ValueError:
            value = math.nan
        if not self.knob.lo <= value <= self.knob.hi:
            raise ValueError(
                f"{self.name} takes numbers in [{lo}, {hi}], got “{text.strip()}”. "
                "Type another, or press Esc."
            )
        return value

    def value(self, rows: Rows) -> Rows:
        """Return the setting that the grid with `rows` stands for."""
        return (tuple(row[0] for row in rows),) if self.down else rows


def matrix_table_of(document: Document, path: str) -> MatrixTable:
    """Return the sheet of the table at `path`, as it is in `document`."""
    owner, name = owner_of(document, path)
    value: Rows = document.get(path)
    knob, scenario = knobs(type(owner))[name], document.scenario
    label, d = name_of(document, path), scenario.dimension
    if isinstance(owner, Masses):
        flat = [v for row in value for v in row] or [1.0] * scenario.tokens
        return MatrixTable(
            tuple((v,) for v in flat), knob, (len(flat),), True, label, "equal"
        )
    if isinstance(owner, GivenMatrices):
        eye = tuple(tuple(float(i == j) for j in range(d)) for i in range(d))
        return MatrixTable(
            value or eye, knob, _sizes(document, d), False, label, "identity"
        )
    if isinstance(owner, Diagonal):
        ones, sizes = ((1.0,) * d,), _sizes(document, 1)
        return MatrixTable(value or ones, knob, sizes, False, label, "identity")
    return MatrixTable(value, knob, name=label)


def _sizes(document: Document, block: int) -> tuple[int, ...]:
    """Return the rows of one matrix for all heads, and of one for each."""
    heads = document.scenario.dynamics.attention_heads
    count = 1 if heads is None else heads.count * heads.depth.layers
    return tuple(sorted({block, count * block}))


def copied_matrix(document: Document, path: str, value: Any) -> dict[str, Any]:
    """Return the edits that choose an explicit matrix equal to the one in force.

    Nothing where `value` does not choose one, or the one in force is not square.
    """
    owner, name = owner_of(document, path)
    if (
        value != GivenMatrices.kind
        or family(owner, name) is not Weights
        or name not in DRAWN_MATRICES
    ):
        return {}
    before, s = document.get(path), document.scenario
    heads, d = s.dynamics.attention_heads, s.dimension
    if heads is None or owner is not heads:
        return {}
    try:
        drawn = before.draw(heads.count * heads.depth.layers, d, Seed(s.seed).rng(name))
    except (OSError, ValueError):
        return {}
    if drawn.shape[1:] != (d, d) or drawn.size > MAX_COPIED_NUMBERS:
        return {}
    alike = bool((drawn == drawn[:1]).all())
    rows = (drawn[0] if alike else drawn.reshape(-1, d)).tolist()
    return {path: value, f"{path}.matrix": tuple(tuple(r) for r in rows)}


def split_cells(text: str) -> list[list[str]]:
    """Return the cells of a piece of a spreadsheet or of CSV text.

    Lines or semicolons part rows; tabs, commas or blanks part cells.
    """
    lines = [line.strip() for line in re.split(r"[\n;]", text.strip())]
    return [
        [c for c in re.split(r"\s*[\t,]\s*|\s+", line) if c] for line in lines if line
    ]
