"""Machine code made from the text of a function.  Only here does LLVM compile."""

from __future__ import annotations

import ctypes
from contextlib import suppress

from sim.jit.llvm import binding


class Kernel:
    """A compiled function of whole numbers; releases the interpreter's lock."""

    def __init__(self, text: str) -> None:
        _prepare()
        target = binding.Target.from_default_triple().create_target_machine(
            cpu=binding.get_host_cpu_name(),
            features=binding.get_host_cpu_features().flatten(),
            opt=3,
            jit=True,
        )
        module = binding.parse_assembly(text)
        (function,) = (f for f in module.functions if not f.is_declaration)
        self._engine = binding.create_mcjit_compiler(module, target)
        self._engine.finalize_object()
        count = len(list(function.arguments))
        kind = ctypes.CFUNCTYPE(None, *[ctypes.c_ssize_t] * count)
        self._call = kind(self._engine.get_function_address("kernel"))

    def __call__(self, *arguments: int) -> None:
        """Call with addresses and whole numbers."""
        self._call(*arguments)


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
