"""``orrery doctor``: what is here, what is missing, and the line that installs it."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from importlib import metadata

from app.system.display import (
    DRIVER_PACKAGE,
    LIBRARIES,
    advice,
    missing_packages,
    why_no_window,
)

PACKAGES = (
    "attention-orrery",
    "numpy",
    "scipy",
    "llvmlite",
    "finufft",
    "PySide6-Essentials",
    "pyqtgraph",
    "vispy",
    "cmap",
    "av",
    "Pillow",
    "ziamath",
    "cupy-cuda12x",
    "cupy-cuda13x",
    "cufinufft",
)
EXTRAS = {"cupy-cuda12x": "cuda12", "cupy-cuda13x": "cuda13", "cufinufft": "cuda12"}
GL_PROBE_TIMEOUT_S = 60
FEW_TOKENS = 1000  # tokens: a card sums them faster than kernels are launched
MANY_TOKENS = 100_000  # tokens: from here on single precision is what one would take

GL_PROBE = """
from app.gl.offscreen import Offscreen
from app.theme.palette import DARK
print(Offscreen(DARK).renderer)
"""


def report() -> dict[str, str]:
    """Return the findings, by name; a finding that needs action says what to do."""
    return {
        "system": f"{platform.platform()}, Python {platform.python_version()}, "
        f"{os.cpu_count()} processors",
        **{name: _version(name) for name in PACKAGES},
        "window": why_no_window() or "can be opened",
        "OpenGL": _renderer(),
        "arrays": _arrays(),
        "sums": _sums(),
        "launches": _launches(),
        "video": _video(),
        "fonts": _fonts(),
    }


def print_report(*, as_json: bool) -> int:
    """Print the findings; return 0 if all that is needed is here, else 1."""
    found = report()
    if as_json:
        print(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        wide = max(map(len, found))
        print("\n".join(f"{name:<{wide}}  {text}" for name, text in found.items()))
    return int(any(text.startswith("missing:") for text in found.values()))


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        extra = EXTRAS.get(name)
        return f"not installed (optional extra {extra})" if extra else "not installed"


def _renderer() -> str:
    """Ask OpenGL in a process of its own: a broken driver can end the asker."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", GL_PROBE],
            capture_output=True,
            text=True,
            timeout=GL_PROBE_TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "missing: the driver did not answer. Try LIBGL_ALWAYS_SOFTWARE=1."
    if done.returncode == 0 and done.stdout.strip():
        return done.stdout.strip().splitlines()[-1]
    last = (done.stderr.strip().splitlines() or [f"ended with {done.returncode}"])[-1]
    packages = missing_packages(LIBRARIES) or ["libegl1", DRIVER_PACKAGE]
    return f"missing: {last.rstrip('.')}. {advice(packages)}"


def _arrays() -> str:
    from sim.arrays import load

    backend = load("auto")
    return f"{backend.name} ({backend.reason})"


def _sums() -> str:
    """Say how sums would be done for a few runs, which is no matter of the machine."""
    from sim.scenario import Scenario, edit
    from sim.simulation import Simulation

    said: list[str] = []
    for n, d in ((1000, 2), (1000, 3), (1000, 64), (200_000, 3)):
        precision = "float64" if n < MANY_TOKENS else "float32"
        asked = {"tokens": n, "dimension": d, "precision": precision}
        scenario = edit(Scenario(), asked)
        method, why = Simulation(scenario, "numpy").method
        said.append(f"{n} tokens, d = {d}, {precision}: {method} ({why})")
    return "; ".join(said)


def _launches() -> str:
    """Say how a card is given the kernels of a step."""
    from sim.arrays import load
    from sim.scenario import Scenario, edit
    from sim.simulation import Simulation

    scenario = edit(Scenario(), {"tokens": FEW_TOKENS, "precision": "float32"})
    said = Simulation(scenario, load("auto")).launch_mode
    return f"{FEW_TOKENS} tokens: {said}" if said else "no CUDA device"


def _video() -> str:
    try:
        import av

        av.CodecContext.create("libx264", "w")
    except Exception as error:
        return f"missing: H.264 cannot be written ({error}). Reinstall av."
    return f"H.264 by libx264, PyAV {av.__version__}"


def _fonts() -> str:
    from sim.resources import asset

    folder = asset("fonts")
    names = sorted(
        f.name for f in folder.iterdir() if f.name.endswith((".otf", ".ttf"))
    )
    return ", ".join(names) or "missing: reinstall attention-orrery."
