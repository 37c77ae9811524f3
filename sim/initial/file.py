"""Tokens from a file of embeddings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from sim.initial import Initial, Start
from sim.io.tables import TokenTable, read_tokens
from sim.settings.knobs import Knob

if TYPE_CHECKING:
    from numpy.random import Generator


@dataclass(frozen=True)
class EmbeddingFile(Initial):
    """Rows of a table: .npz, .npy, .csv or .tsv, with names and groups if it has them.

    See `sim.io.tables.read_tokens` for the names of columns and arrays.
    """

    kind: ClassVar[str] = "file"
    title: ClassVar[str] = "From a file"
    path: Annotated[
        str,
        Knob(
            "path",
            live=False,
            help="Table of tokens, or asset:NAME for a file of the program.",
        ),
    ] = "asset:words.npz"
    centre: Annotated[
        bool,
        Knob(
            "Centre",
            live=False,
            help="Subtract the mean of all tokens, which embeddings have in common, "
            "before they are normalised.",
        ),
    ] = True
    limit: Annotated[
        int,
        Knob(
            "limit",
            0,
            2_000_000,
            scale="asinh",
            live=False,
            help="Number of rows to take from the top; 0 takes all.",
        ),
    ] = 0

    def shape(self, n: int, d: int) -> tuple[int, int]:
        rows, columns = self._table().x.shape
        return rows, columns

    def place(self, n: int, d: int, rng: Generator) -> Start:
        table = self._table()
        x = table.x
        if self.centre and len(x) > 1:
            x = x - x.mean(axis=0)
        return Start(x, table.names, table.groups)

    def _table(self) -> TokenTable:
        return read_tokens(self.path, self.limit)
