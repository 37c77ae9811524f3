"""Compiled functions, and their calls by named arguments.  Only here LLVM compiles."""

from __future__ import annotations

import ctypes
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from sim.jit.llvm import binding
from sim.jit.machine import machine
from sim.jit.scratch import ScratchBuffer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sim.array_types import Floats
    from sim.jit.signature import Signature

    Argument = Floats | ScratchBuffer

MAX_LAYOUTS = 64  # combinations of types and shapes that a kernel remembers as right
at_buffer: Any = ctypes.c_char.from_buffer


class BoundKernel:
    """A kernel and the arrays that it works on, which live as long as this does."""

    __slots__ = ("_addresses", "_arrays", "_function", "_integers")

    def __init__(
        self,
        function: Callable[..., None],
        arrays: Sequence[Argument],
        addresses: Sequence[int],
        integers: tuple[str, ...],
    ) -> None:
        self._function, self._arrays = function, arrays
        self._addresses, self._integers = addresses, integers

    def __call__(self, **integers: int) -> None:
        """Run, given every integer of the signature by name.

        Raises
        ------
        TypeError
            If one is missing or unknown.
        """
        try:
            numbers = [integers.pop(name) for name in self._integers]
        except KeyError as error:
            raise TypeError(f"kernel: needs the integer {error}.") from None
        if integers:
            raise TypeError(f"kernel: takes no integer {', '.join(integers)}.")
        self._function(*self._addresses, *numbers)


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
        self._names = [array.name for array in signature.arrays]
        aligned = enumerate(array.aligned for array in signature.arrays)
        self._aligned = [k for k, must in aligned if must]
        self._checked: set[tuple[object, ...]] = set()
        count = len(signature.arrays) + len(signature.integers)
        kind = ctypes.CFUNCTYPE(None, *[ctypes.c_ssize_t] * count)
        self.function: Callable[..., None] = kind(
            self._engine.get_function_address("kernel")
        )

    def bind(self, **arrays: Argument) -> BoundKernel:
        """Return the kernel with its arrays, given by name.

        Raises
        ------
        TypeError, ValueError
            If one is missing or unknown, or its type, shape or alignment is wrong.
        """
        layouts = (*arrays, *[_layout(array) for array in arrays.values()])
        if layouts not in self._checked:
            self._check(arrays)
            if len(self._checked) >= MAX_LAYOUTS:
                self._checked.clear()
            self._checked.add(layouts)
        ordered = [arrays[name] for name in self._names]
        addresses = [
            a.address if isinstance(a, ScratchBuffer) else address(a) for a in ordered
        ]
        for k in self._aligned:
            if addresses[k] % machine().vector_bytes:
                raise ValueError(f"kernel: {self._names[k]} must start on a vector.")
        integers = self._signature.integers
        return BoundKernel(self.function, ordered, addresses, integers)

    def _check(self, arrays: Mapping[str, Argument]) -> None:
        plain = {
            name: a.array if isinstance(a, ScratchBuffer) else a
            for name, a in arrays.items()
        }
        for name, a in plain.items():
            if not a.flags.c_contiguous:
                raise ValueError(f"kernel: {name} must be contiguous in C order.")
        self._signature.check({n: (str(a.dtype), a.shape) for n, a in plain.items()})


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


def _layout(a: Argument) -> object:
    """Return what the check of an array looks at."""
    if isinstance(a, ScratchBuffer):
        return a.request
    return a.shape, a.dtype, a.flags.c_contiguous


def _prepare() -> None:
    with suppress(RuntimeError):  # newer versions do it by themselves, and say so
        binding.initialize()
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
