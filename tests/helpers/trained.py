"""A short sentence in the small model of the tests, as scenarios, frames and pages."""

from helpers.checkpoints import TINY
from sim import Scenario, Simulation, edit
from sim.models.language_model import open_model

TEXT = "the bank of the river"
SENTENCE = {
    "initial": "sentence",
    "initial.path": str(TINY),
    "initial.text": TEXT,
    "dynamics": "trained",
    "dynamics.path": str(TINY),
    "space": "flat",
    "integrator": "euler",
    "step": 1.0,
    "duration": 8.0,
}
RESULT_TIMEOUT_MS = 60_000


def scenario(**changes):
    """Return the scenario of the sentence; `a__b` is the setting a.b."""
    more = {key.replace("__", "."): value for key, value in changes.items()}
    return edit(Scenario(), SENTENCE | more)


def frame_at(t=3.0, request=None, **changes):
    """Return the frame of the sentence's run at a time."""
    run = Simulation(scenario(**changes), "numpy")
    run.advance(t)
    return run.frame(None, request)


def forward(text=TEXT):
    """Return the forward pass in float64."""
    return open_model(TINY).forward(text, float)


def shown(made, frame, qtbot, size=(327, 400)):
    """Show a page with a frame, and wait for its result; return the page."""
    qtbot.addWidget(made)
    made.resize(*size)
    made.show()
    made.show_frames((frame,))
    made.draw(frame)
    qtbot.waitUntil(lambda: made.result is not None, timeout=RESULT_TIMEOUT_MS)
    return made
