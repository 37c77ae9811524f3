"""Tokens from a file of embeddings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from sim.initial import Initial, Start
from sim.settings.knobs import Knob, Settings
from sim.tables.choice import HELP, parsed
from sim.tables.momenta import read_momenta
from sim.tables.reading import read_tokens
from sim.tables.source import ARRAY_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.random import Generator

    from sim.tables.tokens import TokenTable


@dataclass(frozen=True)
class NamesFile(Settings):
    """A second file, with the names of the tokens."""

    path: Annotated[
        str,
        Knob(
            "path",
            live=False,
            help="File with a name for every row, such as metadata.tsv beside "
            "vectors.tsv; empty for none.",
            name="Names file",
        ),
    ] = ""


@dataclass(frozen=True)
class EmbeddingFile(Initial):
    """Rows of a table: text, .npz, .npy or Parquet, with names and groups if it has.

    See `sim.tables` for the names of columns and arrays.  An array called momenta in an
    .npz holds those at the start, of tokens or edges by the law.
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
    columns: Annotated[
        str,
        Knob(
            "columns",
            live=False,
            help=f"Which columns are used, by number or title, such as {HELP}; empty "
            "decides by the table.",
        ),
    ] = ""
    array: Annotated[
        str,
        Knob(
            "array",
            live=False,
            help="Name of the array of tokens in an .npz; empty decides by the arrays.",
        ),
    ] = ""
    metadata: Annotated[
        NamesFile,
        Knob("names", help="A second file, with the names of the tokens."),
    ] = NamesFile()

    def __post_init__(self) -> None:
        super().__post_init__()
        parsed(self.columns)

    def inactive(self) -> frozenset[str]:
        is_array = self.path.lower().endswith(ARRAY_TYPES)
        return super().inactive() | {"columns" if is_array else "array"}

    def shape(self, n: int, d: int) -> tuple[int, int]:
        rows, columns = self.table().x.shape
        return rows, columns

    def place(self, n: int, d: int, rng: Generator) -> Start:
        table = self.table()
        x = table.x
        if self.centre and len(x) > 1:
            x = x - x.mean(axis=0)
        return Start(x, table.names, table.groups, read_momenta(self.path))

    def table(self, progress: Callable[[float], None] | None = None) -> TokenTable:
        """Return what the file holds; `progress` is called with the share read.

        Raises
        ------
        ValueError
            If it cannot be read.
        """
        return read_tokens(
            self.path,
            self.limit,
            self.columns,
            self.metadata.path,
            self.array,
            progress,
        )
