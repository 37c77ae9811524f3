"""Compiled functions, and their calls by named arguments.  Only here LLVM compiles."""

from __future__ import annotations

import ctypes
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from sim.jit.llvm import binding
from sim.jit.machine import machine
from sim.jit.scratch import ScratchBuffer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.array_types import Floats
    from sim.jit.signature import Signature

    KernelArray = Floats | ScratchBuffer

at_buffer: Any = ctypes.c_char.from_buffer


class BoundKernel:
    """A kernel and the arrays that it works on, which live as long as this does."""

    __slots__ = ("_arrays", "_names", "_run")

    def __init__(
        self,
        run: Callable[..., None],
        arrays: Sequence[KernelArray],
        names: tuple[str, ...],
    ) -> None:
        self._run, self._arrays, self._names = run, arrays, names

    def __call__(self, **integers: int) -> None:
        """Run, given every integer of the signature by name.

        Raises
        ------
        TypeError
            If one is missing or unknown.
        """
        names = self._names
        if (*integers,) == names:  # in order, as a rule
            self._run(*integers.values())
        elif integers.keys() == frozenset(names):
            self._run(*[integers[name] for name in names])
        else:
            raise TypeError(
                f"kernel: needs the integers {', '.join(names)}, "
                f"got {', '.join(integers)}."
            )


class Kernel:
    """A compiled function of arrays and integers; releases the interpreter's lock.

    Parameters
    ----------
    text : str
        The function, in LLVM's language.
    signature : Signature
        Its arguments.

    Attributes
    ----------
    function : callable
        The function of bare addresses and integers, for who has checked them already.
    """

    def __init__(self, text: str, signature: Signature) -> None:
        _prepare()
        target = binding.Target.from_default_triple().create_target_machine(
            cpu=binding.get_host_cpu_name(),
            features=binding.get_host_cpu_features().flatten(),
            opt=3,
            jit=True,
        )
        module = binding.parse_assembly(text)
        self._engine = binding.create_mcjit_compiler(module, target)
        self._engine.finalize_object()
        self._signature = signature
        self._order = [array.name for array in signature.arrays]
        self._names = set(self._order)
        aligned = enumerate(array.aligned for array in signature.arrays)
        self._aligned = [k for k, must in aligned if must]
        self._vector_mask = machine().vector_bytes - 1
        self._last: list[object] = []
        count = len(signature.arrays) + len(signature.integers)
        kind = ctypes.CFUNCTYPE(None, *[ctypes.c_ssize_t] * count)
        self.function: Callable[..., None] = kind(
            self._engine.get_function_address("kernel")
        )

    def bind(self, **arrays: KernelArray) -> BoundKernel:
        """Return the kernel with its arrays, given by name.

        Raises
        ------
        TypeError, ValueError
            If one is missing or unknown, or its type, shape or alignment is wrong.
        """
        if len(arrays) != len(self._names) or not self._names <= arrays.keys():
            self._signature.check_names(arrays)
        ordered = [arrays[name] for name in self._order]
        layouts = [_layout(array) for array in ordered]
        if layouts != self._last:  # those of the last call, as a rule
            self._check(ordered)
            self._last = layouts
        addresses = [
            a.address if isinstance(a, ScratchBuffer) else address(a) for a in ordered
        ]
        for k in self._aligned:
            if addresses[k] & self._vector_mask:
                raise ValueError(f"kernel: {self._order[k]} must start on a vector.")
        run = partial(self.function, *addresses)
        return BoundKernel(run, ordered, self._signature.integers)

    def _check(self, arrays: Sequence[KernelArray]) -> None:
        plain = [a.array if isinstance(a, ScratchBuffer) else a for a in arrays]
        for name, a in zip(self._order, plain, strict=True):
            if not a.flags.c_contiguous:
                raise ValueError(f"kernel: {name} must be contiguous in C order.")
        self._signature.check([(str(a.dtype), a.shape) for a in plain])


def address(a: Floats) -> int:
    """Return where the numbers of `a` are."""
    if a.flags.writeable and a.size:
        return ctypes.addressof(at_buffer(a))  # NumPy's own way is slow
    return a.ctypes.data


def assembly(text: str, family: str, processor: str) -> str:
    """Return the machine code, as text, of a function for another processor."""
    _prepare()
    binding.initialize_all_targets()
    binding.initialize_all_asmprinters()
    target = binding.Target.from_triple(f"{family}-unknown-linux-gnu")
    machine = target.create_target_machine(cpu=processor, opt=3)
    return machine.emit_assembly(binding.parse_assembly(text))


def _layout(a: KernelArray) -> object:
    """Return all that the check of an array looks at."""
    if isinstance(a, ScratchBuffer):
        return a.request
    return a.shape, a.dtype, a.flags.c_contiguous


def _prepare() -> None:
    with suppress(RuntimeError):  # newer versions do it by themselves, and say so
        binding.initialize()
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
