"""Compiled functions, and their calls by named arguments.  Only here LLVM compiles."""

from __future__ import annotations

import ctypes
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from sim.jit.llvm import binding
from sim.jit.machine import machine
from sim.jit.scratch import ScratchBuffer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.array_types import AnyArray, Floats
    from sim.jit.signature import Signature

    KernelArray = Floats | ScratchBuffer

at_buffer: Any = ctypes.c_char.from_buffer
address_of = ctypes.addressof


class BoundKernel:
    """A kernel and the arrays that it works on, which live as long as this does."""

    __slots__ = ("_addresses", "_arrays", "_function", "_names")

    def __init__(
        self,
        kernel: Kernel,
        arrays: Sequence[KernelArray],
        addresses: Sequence[int],
    ) -> None:
        self._function, self._names = kernel.function, kernel.integers
        self._arrays, self._addresses = arrays, addresses

    def __call__(self, **integers: int) -> None:
        """Run, given every integer of the signature by name.

        Raises
        ------
        TypeError
            If one is missing or unknown.
        """
        names = self._names
        if (*integers,) == names:  # in order, as a rule
            self._function(*self._addresses, *integers.values())
        elif integers.keys() == frozenset(names):
            self._function(*self._addresses, *[integers[name] for name in names])
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
    integers : tuple of str
        Names of its integers.
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
        self._signature, self.integers = signature, signature.integers
        self._order = tuple(array.name for array in signature.arrays)
        # Layouts that passed the check, and places of arrays that may start anywhere.
        self._last: tuple[list[object], list[int]] = [], []
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
        if (*arrays,) != self._order:
            self._signature.check_names(arrays)
            arrays = {name: arrays[name] for name in self._order}
        ordered = [*arrays.values()]
        # All that the check of an array looks at; inlined, for it is on every path.
        layouts: list[object] = [
            a.request
            if type(a) is ScratchBuffer
            else (a.shape, a.dtype, a.flags.c_contiguous)
            for a in ordered
        ]
        known, unaligned = self._last
        if layouts != known:  # those of the last call, as a rule
            unaligned = self._check(ordered)
            self._last = layouts, unaligned
        addresses = [
            a.address if type(a) is ScratchBuffer else address(a) for a in ordered
        ]
        for k in unaligned:
            if addresses[k] % machine().vector_bytes:
                raise ValueError(f"kernel: {self._order[k]} must start on a vector.")
        return BoundKernel(self, ordered, addresses)

    def _check(self, arrays: Sequence[KernelArray]) -> list[int]:
        """Compare with the signature; return the places of those yet to be aligned."""
        plain = [a.array if isinstance(a, ScratchBuffer) else a for a in arrays]
        for name, a in zip(self._order, plain, strict=True):
            if not a.flags.c_contiguous:
                raise ValueError(f"kernel: {name} must be contiguous in C order.")
        self._signature.check([(str(a.dtype), a.shape) for a in plain])
        return [
            k
            for k, argument in enumerate(self._signature.arrays)
            if argument.aligned and not isinstance(arrays[k], ScratchBuffer)
        ]


def address(a: AnyArray) -> int:
    """Return where the numbers of `a` are."""
    try:
        return address_of(at_buffer(a))  # NumPy's own way is slow
    except (TypeError, ValueError):  # a is read-only, or empty
        return a.ctypes.data


def assembly(text: str, family: str, processor: str) -> str:
    """Return the machine code, as text, of a function for another processor."""
    _prepare()
    binding.initialize_all_targets()
    binding.initialize_all_asmprinters()
    target = binding.Target.from_triple(f"{family}-unknown-linux-gnu")
    machine = target.create_target_machine(cpu=processor, opt=3)
    return machine.emit_assembly(binding.parse_assembly(text))


def _prepare() -> None:
    with suppress(RuntimeError):  # newer versions do it by themselves, and say so
        binding.initialize()
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
