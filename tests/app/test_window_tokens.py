"""Tokens that come and go while the window shows them."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.windows import opened
from PySide6.QtCore import QSettings

from app.document.document import Document
from app.theme.theme import ThemeController
from sim import AddedToken, Simulation, TokenEdits

pytestmark = [pytest.mark.screen, pytest.mark.slow]

POINT = (0.0, 0.6, 0.8)
BANK = AddedToken((1.0, 0.0, 0.0), "bank")
EDITS = TokenEdits({2: POINT}, (BANK,), (0, 3))


@pytest.fixture
def window(qapp, tmp_path, qtbot):
    document = Document().edit({"tokens": 12, "dynamics.heads.count": 2})
    settings = QSettings(str(tmp_path / "kept.ini"), QSettings.Format.IniFormat)
    themes = ThemeController(qapp, settings)
    with opened(document, themes, settings, qtbot) as made:
        yield made


def shown(window, qtbot, ids):
    """Wait until the tokens `ids` are on show everywhere, and draw it."""
    qtbot.waitUntil(lambda: window.player.frame.ids.tolist() == ids)
    qtbot.waitUntil(lambda: window.token_view.info.frame.ids.tolist() == ids)
    window.token_view.catch_up()
    window.grab()
    assert len(window.token_view.info.colours) == len(ids)


BEFORE, AFTER = list(range(12)), [1, 2, *range(4, 13)]


def test_edits_seeks_and_undo_show_the_tokens_that_are_there(window, qtbot):
    session, player = window._session, window.player
    player.seek(0.5)
    qtbot.waitUntil(lambda: player.t == 0.5)
    window.token_view.choose((2, 3, 5))
    x = player.frame.x.copy()
    session.edit_tokens(EDITS, player.frame)
    shown(window, qtbot, AFTER)
    assert window.token_view.info.chosen == (2, 5)
    assert session.undo_text == "bank added, token 3 moved, 2 tokens removed"
    (change,) = session.document.changes
    assert (change.t, change.tokens) == (0.5, EDITS)
    for kind in ("attention", "spectra", "modes", "cosines", "checks"):
        window.inspectors.choose_page(kind)
        player.seek(0.8)
        qtbot.waitUntil(lambda: player.t == 0.8)
        shown(window, qtbot, AFTER)
        player.seek(0.2)
        qtbot.waitUntil(lambda: player.t == 0.2)
        shown(window, qtbot, BEFORE)
    player.seek(0.8)
    qtbot.waitUntil(lambda: player.t == 0.8)
    replayed = Simulation(session.document.run, "numpy")
    replayed.reach(0.8)
    assert np.array_equal(replayed.frame(0.8).x, player.frame.x)
    session.undo()
    shown(window, qtbot, BEFORE)
    assert player.t == 0.5
    assert np.array_equal(player.frame.x, x)
    assert session.document.changes == ()
    session.redo()
    shown(window, qtbot, AFTER)


def test_what_cannot_be_is_refused_and_leaves_no_step(window, qtbot):
    session, said = window._session, []
    session.refused.connect(said.append)
    before = session.undo_text
    session.edit_tokens(TokenEdits(remove=(99,)), window.player.frame)
    assert len(said) == 1
    assert "no token 99" in said[0]
    assert session.undo_text == before
    session.edit("dynamics", "bracket")
    qtbot.waitUntil(lambda: window.player.frame.scenario.dynamics.kind == "bracket")
    window.player.seek(0.2)
    qtbot.waitUntil(lambda: window.player.t == 0.2)
    session.edit_tokens(TokenEdits(remove=(1,)), window.player.frame)
    assert "only moved" in said[-1]


def test_moves_of_one_token_are_one_step(window, qtbot):
    session = window._session
    for k in range(4):
        move = TokenEdits({4: (1.0, 0.1 * k, 0.0)})
        session.edit_tokens(move, window.player.frame)
    qtbot.waitUntil(lambda: not session._link.waits)
    qtbot.wait(50)
    assert session.document.changes[0].tokens == move
    session.undo()
    qtbot.waitUntil(lambda: not session.document.changes)
    assert session.undo_text == ""
