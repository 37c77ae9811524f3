"""What the window showed is what pictures and films show at the same time."""

from __future__ import annotations

from contextlib import closing

import av
import numpy as np
import pytest
from PIL import Image

from app.document.document import Document
from app.document.player import Player
from app.document.session import Session
from app.export.composition import composed_renderer
from app.export.frame_times import film_times
from app.export.render_file import render_file
from app.export.render_options import RenderOptions
from app.export.renderer import Renderer, application
from app.export.snapshot import Snapshot
from app.theme.palette import THEMES
from sim import Engine, Scenario, Simulation

SIZE = (320, 240)
START = Scenario(tokens=40, duration=4, seed=1)
MIN_PSNR_DB = 38.0


@pytest.fixture
def session(qapp, qtbot):
    application()
    document = Document(START).edit({"look.rotate": 0.0})
    made = Session(document, Engine(Simulation(START, "numpy"), speed=8.0))
    with qtbot.waitSignal(made.arrived):
        made.start(playing=False)
    yield made
    made.close()
    made.deleteLater()


def psnr(a, b):
    return 10 * np.log10(255**2 / np.mean((a.astype(float) - b.astype(float)) ** 2))


def decoded(path):
    with av.open(str(path)) as film:
        return [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]


@pytest.mark.slow
def test_pictures_and_films_show_what_was_seen(session, qtbot, tmp_path):
    player, seen = Player(session), []
    player.shown.connect(seen.append)
    player.play()
    qtbot.waitUntil(lambda: session.t > 0.6)
    session.edit("dynamics.beta", 6.0)
    qtbot.waitUntil(lambda: session.t > 1.2)
    player.play_backwards()
    qtbot.waitUntil(lambda: session.t < 0.9)
    player.pause()
    player.seek(1.05)
    qtbot.waitUntil(lambda: player.t == 1.05 and player.frame is seen[-1])
    still = Snapshot(session, player, tmp_path / "a.png", SIZE, THEMES["dark"], session)
    with qtbot.waitSignal(still.ended) as ended:
        still.start()
    assert ended.args[1] == ""
    picture = np.asarray(Image.open(tmp_path / "a.png").convert("RGB"))

    document = session.recorded()
    options = RenderOptions(SIZE, fps=10.0, seconds=0.3, at=1.05, start=1.05)
    render_file(document, tmp_path / "b.png", options)
    assert np.array_equal(np.asarray(Image.open(tmp_path / "b.png")), picture)
    with closing(Renderer(SIZE, THEMES["dark"], document.look)) as window:
        for frame in seen[:-1:4]:  # a window draws some frames, in any order
            window.advance(frame)
        here = window.draw_without_text(seen[-1])
    times = film_times(document, options.fps, options.seconds, options.start)
    with closing(composed_renderer(document, options, times, print)) as renderer:
        assert np.array_equal(renderer.draw_without_text(seen[-1]), here)
        first = renderer.draw(seen[-1])
    render_file(document, tmp_path / "c.mp4", options)
    assert psnr(decoded(tmp_path / "c.mp4")[0], first) > MIN_PSNR_DB
