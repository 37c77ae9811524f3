"""How much a kernel over tokens and harmonics does at a time."""

from __future__ import annotations

from dataclasses import dataclass

from sim.jit.machine import machine

MAX_COLUMNS = {2: 4, 3: 2}  # of sums at a time, by dimension: what registers hold
SLOTS = 8  # turns of the same loop in a row, whose length the machine then foresees
ITEM_BYTES = 8  # all is done in float64


@dataclass(frozen=True, slots=True)
class HarmonicBlocking:
    """How much a kernel does at a time.

    Attributes
    ----------
    width, columns : int
        The dimension of tokens, and how many columns of sums there are.
    """

    width: int
    columns: int

    @property
    def columns_at_once(self) -> int:
        """Columns at a time."""
        return min(self.columns, MAX_COLUMNS[self.width])

    @property
    def registers(self) -> int:
        """Registers side by side: each coefficient is read once for all of them."""
        return max(1, (machine().registers - 2) // (3 + 2 * self.columns_at_once))

    @property
    def lanes(self) -> int:
        """Numbers of a register."""
        return machine().vector_bytes // ITEM_BYTES

    @property
    def rows(self) -> int:
        """Tokens at a time."""
        return SLOTS * self.registers * self.lanes

    @property
    def slot_vectors(self) -> int:
        """Vectors of scratch of one slot: a place, a power, and columns."""
        return self.registers * (self.width + 2 + self.columns_at_once)

    @property
    def scratch_shape(self) -> tuple[int, int]:
        """Shape of the scratch buffer of a kernel."""
        return SLOTS * self.slot_vectors, self.lanes
