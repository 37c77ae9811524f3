"""Editing scenarios in programs, where a setting without effect is warned of."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from sim import scenario as scenarios
from sim.settings.effect import UnusedSettingWarning, without_effect

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.scenario import Scenario


def edit(scenario: Scenario, changes: Mapping[str, Any]) -> Scenario:
    """Return `scenario` with settings changed by path, in whatever order they stand.

    Kinds are chosen before the settings below them; a part that has its kind already
    keeps its other settings.  A setting that has no effect beside the others is kept,
    for a later edit may give it one, with an `UnusedSettingWarning`.

    Parameters
    ----------
    scenario : Scenario
        The scenario to change.
    changes : mapping of str to value
        Paths such as ``"dynamics.beta"``; a part is selected by its kind, as in
        ``{"space": "flat"}``; text is parsed as the setting's type.

    Raises
    ------
    KeyError
        If there is no such setting.
    ValueError
        If a value is out of bounds or of a wrong type, or a kind is unknown; or if
        the law or the start prescribes another number of tokens or dimensions.
    TypeError
        If `changes` is no mapping.
    """
    found = scenarios.edit(scenario, changes)
    for sentence in without_effect(found, changes):
        warnings.warn(f"{sentence}.", UnusedSettingWarning, stacklevel=2)
    return found
