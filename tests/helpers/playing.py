"""Runs that are played and shown as curves."""

from sim import Simulation
from sim.playback import Playback


def playback(curves, scenario):
    """Return a playback of a scenario that samples what the curves want."""
    out = Playback(Simulation(scenario, "numpy"))
    for _ in range(2):  # the first frame may ask for other curves
        show(curves, out)
    return out


def play(curves, played, steps):
    """Play so many steps, showing the frame after each; return the last."""
    for _ in range(steps - 1):
        played.step()
        show(curves, played)
    played.step()
    return show(curves, played)


def show(curves, played):
    """Show the present moment, and return its frame."""
    played.sample(curves.request().series)
    frame = played.frame(None, curves.request())
    curves.show_frames((frame,))
    return frame
