"""A handout has every cue, its picture, and the answer that was computed."""

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QTextDocument

from app.lessons import handout
from app.lessons.handout import page_of, write_handout
from sim.lessons import read_lesson

TEXT = """---
title: For print
---

## One cluster

```cue
preset: collapse
set: tokens=4 step=0.5
until: 12
question: How many are left?
answer: {clusters(12)} of {n}
check: clusters(12) == 1
```

All merge.

## A lab

```cue
lab: look-up
```

A dictionary.
"""


@pytest.mark.slow
def test_it_has_words_pictures_and_answers(tmp_path, qapp, monkeypatch):
    monkeypatch.setattr(handout, "PIXELS", (426, 240))
    monkeypatch.setattr(handout, "LAB_DPI", 60.0)
    path = tmp_path / "a.md"
    path.write_text(TEXT, encoding="utf-8")
    lesson = read_lesson(path)
    page = page_of(lesson)
    for said in ("For print", "1. One cluster", "How many are left? 1 of 4", "A lab"):
        assert said in page.toPlainText()
    kind = QTextDocument.ResourceType.ImageResource
    for k in range(2):
        seen = page.resource(kind, QUrl(f"cue{k}"))
        places = [(x, y) for x in range(0, 600, 7) for y in range(0, 400, 7)]
        assert len({seen.pixel(x, y) for x, y in places}) > 20
    write_handout(lesson, tmp_path / "a.pdf")
    data = (tmp_path / "a.pdf").read_bytes()
    assert data.startswith(b"%PDF-")
    assert data.count(b"/Subtype /Image") >= 2
    with pytest.raises(ValueError, match=r"with \.pdf"):
        write_handout(lesson, tmp_path / "a.doc")
