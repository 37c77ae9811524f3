"""The table of word embeddings, of which only the rows in use are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from sim.array_types import AnyArray


class WordTable(Protocol):
    """Embeddings by token: a mapped tensor, or a quantised one."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Words and dimension."""
        ...

    def rows(self, pick: Any, dtype: Any) -> AnyArray:
        """Return some rows in a float type: (n,) -> (n, d)."""
        ...
