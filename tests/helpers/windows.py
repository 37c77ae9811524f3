"""Windows that are opened for a test, and closed after it."""

from contextlib import contextmanager

from shiboken6 import isValid

from app.document.session import Session
from app.window import Window
from sim import Engine, Simulation

CLOSE_TIMEOUT_S = 30.0  # a busy machine may take longer than closing waits


@contextmanager
def opened(document, theme_controller, settings, qtbot):
    """Open a window of a document, paused and with its first frame; close it after."""
    session = Session(document, Engine(Simulation(document.scenario, "numpy")))
    made = Window(session, theme_controller, settings)
    made.resize(1440, 900)
    made.show()
    session.start(playing=False)
    qtbot.waitUntil(lambda: made.player.frame is not None)
    yield made
    made.stop()
    session.engine._thread.join(CLOSE_TIMEOUT_S)
    made.deleteLater()
    qtbot.waitUntil(lambda: not isValid(made))
