"""Settings that several kinds of input files share."""

from __future__ import annotations

from sim.settings.knobs import Knob

ARRAY = Knob("array", help="Name of the array in an .npz; empty takes the first.")
