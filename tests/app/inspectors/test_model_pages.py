"""Spectra, senses and the law of a trained model: numbers, words, controls, nulls."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from helpers.checkpoints import TINY
from helpers.trained import TEXT, frame_at, shown
from PySide6.QtCore import QPointF

from app.annotations.number_format import fixed
from app.document.attention_look import AttentionLook
from app.document.document import Document
from app.figures.table import tab_separated
from app.inspectors.trained.head_spectra_page import HeadSpectraPage
from app.inspectors.trained.law_page import THIS, LawPage
from app.inspectors.trained.senses_page import OWN, SensesPage, verdict
from app.theme.palette import DARK
from sim.models.head_spectra import head_spectra
from sim.models.language_model import open_model
from sim.models.law_beside_model import (
    law_beside_model,
    law_on_sentence,
    value_traces,
)
from sim.models.senses import APPLE, BANK, Senses, senses

pytestmark = pytest.mark.screen
MODEL = open_model(TINY)


@pytest.fixture(scope="module")
def frame():
    return frame_at(3.0)


def columns(page):
    """Return the copied numbers of a page by their headings."""
    rows = [r.split("\t") for r in tab_separated(page.figure()).splitlines()]
    return {
        name: np.array([float(row[k]) for row in rows[1:] if row[k]])
        for k, name in enumerate(rows[0])
    }


def waited(page, frame, qtbot):
    page.draw(frame)
    qtbot.waitUntil(lambda: page.result is not None, timeout=60_000)
    return page.result


def test_spectra_are_those_of_the_whole_matrices():
    t = MODEL.transformer
    for layer, head in ((0, 0), (3, 2)):
        q, k, through = (m.astype(float) for m in t.attention(layer).head(head))
        found = head_spectra(t, layer, head)
        for matrix, values in ((q @ k.T, found.score), (through, found.value)):
            want = np.linalg.eigvals(matrix)
            largest = want[np.argsort(-np.abs(want))[: len(values)]]
            away = np.abs(largest[:, None] - values).min(1)
            assert away.max() < 1e-5 * np.abs(largest).max()  # V·O is in float32 there
        pull = np.trace(through) / np.linalg.norm(through) / len(values) ** 0.5
        assert abs(found.pull - pull) < 1e-6
        assert value_traces(t)[layer, head] == found.pull
    with pytest.raises(ValueError, match="layer must be from 0 to 3"):
        head_spectra(t, 4, 0)


def test_the_page_of_spectra_has_the_chosen_head(frame, qtbot):
    page = shown(HeadSpectraPage(DARK), frame, qtbot)
    assert page.result.place == (2, 1)  # the layer at t = 3, its first head
    look = dataclasses.replace(
        Document().look, attention=AttentionLook(layer=4, head=3)
    )
    page.show_document(Document(look=look))
    waited(page, frame, qtbot)
    want = head_spectra(MODEL.transformer, 3, 2)
    found = columns(page)
    assert np.array_equal(found["Re λ of D = QᵀK (nats)"], want.score.real)
    assert np.array_equal(found["Im λ of V·O"], want.value.imag)
    assert f"= {fixed(want.pull, 2)}" in page.text()
    edits = []
    page.look_edited.connect(lambda *edit: edits.append(edit))
    page._choose(5)
    assert edits == [("look.attention.layer", 2), ("look.attention.head", 2)]
    page.plot.grab()
    point = want.score[0]
    at = page.plot._painters[0]
    place = QPointF(at.at_x(point.real), at.at_y(point.imag)) * page.plot._unit
    assert f"{point.real:.4g}".replace("-", "−") in page.plot.text_at(place)
    for size in ((330, 420), (640, 400), (640, 200)):  # below, and beside each other
        page.plot.resize(*size)
        page.plot.grab()
        first, second = (at.box for at in page.plot._painters)
        assert not first.intersects(second)
        for at, values in zip(
            page.plot._painters, (want.score, want.value), strict=True
        ):
            across = [at.at_x(v) for v in values.real]
            up = [at.at_y(v) for v in values.imag]
            assert at.box.left() < min(across) <= max(across) < at.box.right()
            assert at.box.top() < min(up) <= max(up) < at.box.bottom()
            one = at.at_x(1) - at.at_x(0)
            assert abs(one - (at.at_y(0) - at.at_y(1))) < 1e-6 * one


def test_senses_have_their_controls(frame, qtbot):
    page = shown(SensesPage(DARK), frame, qtbot)
    want, found = senses(MODEL, "apple", *APPLE), columns(page)
    assert np.array_equal(found["across senses, mean"], want.across.mean(0))
    assert np.array_equal(found["control, first sense"], want.first.mean(0))
    assert np.array_equal(found["control, second sense"], want.second.mean(0))
    assert np.array_equal(found["beyond controls"], want.beyond_controls)
    assert np.array_equal(found["across, pair 4"], want.across[3])
    assert APPLE[0][1] in page.choice.toolTip()
    for text, word in (
        (BANK[1][0], "bank"),
        ("A pear.", "bank"),
        (APPLE[1][1], "apple"),
    ):
        page.show_document(
            Document().edit({"initial": "sentence", "initial.text": text})
        )
        assert page.asked[0] == word


def test_own_sentences_need_controls(frame, qtbot):
    page = shown(SensesPage(DARK), frame, qtbot)
    page.choice.setCurrentText(OWN)
    page._choose(2)
    assert page.own.fields[1].text() == TEXT
    page.draw(frame)
    qtbot.waitUntil(lambda: "says nothing of senses" in page.said.text())
    texts = ("river", TEXT, "a river of ice", "the river bed", "river and bank")
    for field, text in zip(page.own.fields, texts, strict=True):
        field.setText(text)
    found = waited(page, frame, qtbot)
    want = senses(MODEL, "river", texts[1:3], texts[3:])
    assert np.array_equal(found.across, want.across)


@pytest.mark.parametrize(
    "beyond, part",
    [(0.22, "part by 0.22"), (0.07, "nearly nothing"), (-0.1, "do not part")],
)
def test_words_say_whether_senses_part(beyond, part):
    control = np.full((1, 3), 0.85)
    said = verdict(Senses(control - beyond, control, control + 0.1), "bank")
    assert part in said and "the same sense in two sentences 0.85 and 0.95" in said


@pytest.mark.slow
def test_the_law_is_never_without_its_nulls(frame, qtbot):
    page = shown(LawPage(DARK), frame, qtbot, (500, 900))
    law, traces = law_beside_model(MODEL), value_traces(MODEL.transformer)
    found = columns(page)
    for name, part in (
        ("cosine with the law", law.law),
        ("null: mean of other sentences", law.to_mean),
        ("null: directions permuted", law.permuted),
        ("β", law.beta),
    ):
        assert np.array_equal(found[name], part[:, :-1].reshape(-1))
        whole = {"cosine with the law": "whole layer, law"}.get(name, None)
        if whole is not None:
            assert np.array_equal(found[whole], part[:, -1])
    assert np.array_equal(found["tr(V·O)/(|V·O|√e)"], traces.reshape(-1))
    r = np.corrcoef(law.law[:, :-1].reshape(-1), traces.reshape(-1))[0, 1]
    assert f"r = {fixed(r, 2)}" in page.text() and str(law) in page.text()
    for panel in page.panels(DARK)[:2]:
        names = [part.name for part in panel.parts if part.name]
        assert names == ["null: mean", "null: permuted", "law"]
    assert len(page.plot.panels) == 3 and page.which.isHidden()
    page.resize(300, 300)
    page.which.setCurrentIndex(2)
    page._draw()
    assert len(page.plot.panels) == 1 and page.plot.panels[0].note == f"r = {r:.2f}"
    page.of.setCurrentText(THIS)
    found = waited(page, frame, qtbot)
    assert np.array_equal(found.law.law, law_on_sentence(MODEL, TEXT).law)
    assert "β chosen on others" in page.text()


def test_the_law_needs_tokens_to_permute():
    with pytest.raises(ValueError, match="of 3 tokens or more, got 'bank'"):
        law_on_sentence(MODEL, "bank")
