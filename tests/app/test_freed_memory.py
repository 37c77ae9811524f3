"""What was freed goes back to the system when another document is opened."""

import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal

from app.system import freed_memory
from app.system.freed_memory import FreedMemory, return_freed

PIECE = 2000  # bytes: more than Python's own allocator hands out
PIECES = 40_000
PAGE = 4096  # bytes


def resident():
    """Return the bytes of memory in use."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says how much there is")
def test_what_lies_below_a_piece_in_use_goes_back():
    pieces = [bytes(PIECE) for _ in range(PIECES)]
    kept, most = pieces[-1], resident()
    del pieces
    return_freed()
    assert most - resident() > PIECE * PIECES / 2
    assert len(kept) == PIECE


def test_it_goes_back_once_after_documents_were_opened(qtbot, monkeypatch):
    class Opens(QObject):
        opened = Signal(object)

    calls = []
    monkeypatch.setattr(freed_memory, "DELAY_MS", 20)
    monkeypatch.setattr(freed_memory, "return_freed", lambda: calls.append(1))
    session = Opens()
    FreedMemory(session)
    session.opened.emit(None)
    session.opened.emit(None)
    assert calls == []
    qtbot.waitUntil(lambda: calls == [1])
    qtbot.wait(60)
    assert calls == [1]
