"""The vector unit of the processor that kernels are compiled for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sim.jit.llvm import binding

CACHE_LINE = 64  # bytes


@dataclass(frozen=True, slots=True)
class Machine:
    """What the processor's vector unit holds.

    Attributes
    ----------
    processor : str
        The processor, as LLVM calls it.
    vector_bytes : int
        Bytes of a vector.
    registers : int
        How many vectors there is room for.
    """

    processor: str
    vector_bytes: int
    registers: int


@cache
def machine() -> Machine:
    """Return the machine that this runs on."""
    features = binding.get_host_cpu_features()
    wide = bool(features.get("avx512f") and features.get("avx512dq"))
    return Machine(binding.get_host_cpu_name(), 64 if wide else 32, 32 if wide else 16)
