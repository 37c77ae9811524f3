"""Everything that determines a run, in one immutable record."""

from __future__ import annotations

import dataclasses
import json
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from sim.clocks import Clock
from sim.clocks.steady import Steady
from sim.dynamics import Dynamics
from sim.dynamics.softmax import Softmax
from sim.given_arrays import GivenArrays
from sim.initial import Initial
from sim.initial.uniform import Uniform
from sim.integrators import Integrator
from sim.integrators.rk4 import RK4
from sim.io.atomic_write import atomic_write
from sim.io.limits import parsed_json
from sim.io.packing import packed
from sim.io.run_files import read_file
from sim.positions import Positions
from sim.positions.none import NoPositions
from sim.scenario_format import FORMAT, settings_in
from sim.settings.effect import UnusedSettingWarning, unused_message
from sim.settings.knobs import Knob, Settings
from sim.settings.serialise import edited, plain_record, record
from sim.spaces import Space
from sim.spaces.sphere import Sphere

if TYPE_CHECKING:
    from collections.abc import Mapping

SIZES = ("tokens", "dimension")  # that a start or a law may prescribe


@dataclass(frozen=True)
class Scenario(GivenArrays, Settings):
    """All settings of a run, which repeat it exactly."""

    title: Annotated[str, Knob("Title", help="The title in the caption.")] = ""
    note: Annotated[str, Knob("Note", help="One sentence on what to observe.")] = ""
    reference: Annotated[str, Knob("Reference", help="The source of the example.")] = ""
    tokens: Annotated[
        int,
        Knob(
            "n",
            1,
            2_000_000,
            scale="log",
            live=False,
            help="Number of tokens at the start.",
            name="Tokens n",
            soft=(2, 20_000),
        ),
    ] = 128
    dimension: Annotated[
        int,
        Knob(
            "d",
            2,
            4096,
            scale="log",
            live=False,
            help="Dimension of the tokens.",
            name="Dim. d",
            soft=(2, 1024),
        ),
    ] = 3
    seed: Annotated[
        int,
        Knob(
            "seed",
            0,
            2**31 - 1,
            live=False,
            help="The seed of every random choice of the run.",
        ),
    ] = 0
    initial: Annotated[Initial, Knob("Start", help="Where tokens begin.")] = field(
        default_factory=Uniform
    )
    encoding: Annotated[
        Positions,
        Knob(
            "Input PE",
            help="Positional encoding of the tokens at t = 0.  A change "
            "restarts the run.",
        ),
    ] = field(default_factory=NoPositions)
    space: Annotated[
        Space,
        Knob("Surface", help="The surface that layer normalisation keeps tokens on."),
    ] = field(default_factory=Sphere)
    dynamics: Annotated[
        Dynamics, Knob("Law", help="The equation of motion of the tokens.")
    ] = field(default_factory=Softmax)
    integrator: Annotated[
        Integrator,
        Knob("Method", help="How the equation of motion is integrated in time."),
    ] = field(default_factory=RK4)
    step: Annotated[
        float,
        Knob(
            "h",
            1e-4,
            2,
            scale="log",
            help="Time step; smaller is more accurate and slower.",
            name="Step h",
            soft=(1e-3, 1),
        ),
    ] = 0.05
    clock: Annotated[
        Clock, Knob("Clock", help="How fast simulated time passes on screen.")
    ] = field(default_factory=Steady)
    duration: Annotated[
        float,
        Knob(
            "T",
            0.01,
            1e7,
            scale="log",
            help="How long the run is recorded.",
            name="Duration T",
            soft=(1, 1000),
        ),
    ] = 20.0
    precision: Annotated[
        Literal["float32", "float64"],
        Knob("precision", live=False, help="Floating-point type of the computation."),
    ] = "float64"

    @classmethod
    def load(cls, path: str | Path, *, allow_files: bool = False) -> Scenario:
        """Read a scenario file; paths in it are relative to its folder.

        Settings away from their defaults that have no effect are warned of.

        Raises
        ------
        ValueError
            If the file is not a scenario, has a newer format, or has an unknown
            setting, kind or value; or if it names files outside its folder, without
            `allow_files`.
        OSError
            If it cannot be read.
        """
        found = read_file(path, from_plain, allow_files=allow_files)
        if said := unused_message(found):
            said = f"{Path(path).name}: {said}"
            warnings.warn(said, UnusedSettingWarning, stacklevel=2)
        return found

    def save(self, path: str | Path) -> None:
        """Write the scenario to a file that `load` reads, atomically.

        Files that it names stay where they are if that is beside it; else small ones
        travel inside.
        """
        data = packed(plain(self), Path(path).parent, beside=True)
        with atomic_write(path) as temporary:
            text = json.dumps(data, indent=2, ensure_ascii=False)
            temporary.write_text(text + "\n", encoding="utf-8")


def edit(scenario: Scenario, changes: Mapping[str, Any]) -> Scenario:
    """Return `scenario` with settings changed by path; `sim.edit` without its warnings.

    Raises
    ------
    KeyError, ValueError
        As `sim.edit`.
    """
    wanted = edited(scenario, changes)
    found = fitted(wanted)
    for path in SIZES:
        asked, have = getattr(wanted, path), getattr(found, path)
        if path in changes and asked != have:
            raise ValueError(
                f"{path}: must be {have}, as the start or the law prescribes, got "
                f"{asked}. Leave it out, or choose another start."
            )
    return found


def fitted(scenario: Scenario) -> Scenario:
    """Return `scenario` with the n and d that its law and initial condition require."""
    n, d = scenario.dynamics.shape(scenario.tokens, scenario.dimension)
    n, d = scenario.initial.shape(n, d)
    if (n, d) == (scenario.tokens, scenario.dimension):
        return scenario
    return dataclasses.replace(scenario, tokens=n, dimension=d)


def to_json(scenario: Scenario, indent: int | None = 2) -> str:
    """Write `scenario` as JSON text."""
    return json.dumps(plain(scenario), indent=indent, ensure_ascii=False)


def from_json(text: str, folder: Path | None = None) -> Scenario:
    """Read JSON text written by `to_json`; missing settings have their defaults.

    Relative file paths in it are relative to `folder`.

    Raises
    ------
    ValueError
        If the text is not JSON, has a newer format, or has an unknown setting, kind or
        value.
    """
    return from_plain(parsed_json(text), folder)


def plain(scenario: Scenario) -> dict[str, Any]:
    """Return `scenario` as dictionaries, lists, numbers and text."""
    return {"format": FORMAT, **plain_record(scenario)}


def from_plain(data: Any, folder: Path | None = None) -> Scenario:
    """Return the scenario of `plain`; what belongs to the window is left out.

    Relative file paths in it are relative to `folder`, and none may lead out of it;
    without one all are taken as they are.

    Raises
    ------
    ValueError
        See `from_json`.
    """
    return fitted(record(Scenario, settings_in(data, folder), ""))
