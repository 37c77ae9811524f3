"""Which changed settings have no effect beside the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.settings.knobs import Settings, used

if TYPE_CHECKING:
    from collections.abc import Iterable


def without_effect(record: Settings, paths: Iterable[str]) -> list[str]:
    """Return a sentence for each setting of `paths` that `record` makes no use of."""
    in_use = {path for path, _, _ in used(record)}
    return [
        f"{path} has no effect while the other settings are as they are"
        for path in paths
        if path not in in_use
    ]
