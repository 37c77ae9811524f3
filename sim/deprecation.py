"""Warnings for names of the public interface that have changed."""

from __future__ import annotations

import warnings


def warn_renamed(old: str, new: str) -> None:
    """Warn the caller of the function that calls this that `old` is now `new`."""
    text = f"{old} is now {new}; the old name goes in 0.3."
    warnings.warn(text, DeprecationWarning, stacklevel=3)
