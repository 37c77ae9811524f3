"""The only module that imports llvmlite, for which some platforms have no wheel."""

from __future__ import annotations

from importlib import import_module
from typing import Any

ir: Any = None
binding: Any = None
_reason: str | None = None

try:
    binding = import_module("llvmlite.binding")
    ir = import_module("llvmlite.ir")
except (ImportError, OSError) as error:
    _reason = f"needs llvmlite ({error})"


def missing() -> str | None:
    """Say why nothing can be compiled here; None if it can."""
    return _reason
