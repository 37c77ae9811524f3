"""How a recording was looked at: noted by the time of the run, kept in its document."""

import dataclasses

import numpy as np
import pytest

from app.document.document import Document
from app.document.look import CameraPose, Look
from app.document.look_track import LookRecorder, LookTrack
from app.export.render_file import render_file
from app.export.render_options import RenderOptions
from sim import Scenario

A, B, C = (
    Look(camera=CameraPose(a, 20.0, 1.0), rotate=0.0) for a in (0.0, 90.0, 180.0)
)


def recorded(*seen):
    recorder = LookRecorder()
    for t, look in seen:
        recorder.note(t, look)
    return recorder


def test_looks_hold_until_the_next():
    track = recorded((1.0, A), (1.1, A), (2.0, B), (3.0, B)).track
    assert track == LookTrack((1.0, 2.0), (A, B))
    assert [track.at(t, C) for t in (0.5, 1.0, 1.9, 2.0, 9.0)] == [A, A, A, B, B]
    assert LookTrack().at(1.0, C) == C


def test_the_span_ends_where_recording_did():
    assert recorded((1.0, A), (2.0, B), (4.0, B)).span == (1.0, 4.0)
    assert recorded().span == (0.0, 0.0)


def test_what_is_played_again_replaces_what_was_recorded_later():
    recorder = recorded((1.0, A), (2.0, B), (3.0, A), (1.5, C))
    assert recorder.track == LookTrack((1.0, 1.5), (A, C))
    assert recorder.span == (1.0, 1.5)


def test_a_document_keeps_the_track(tmp_path):
    track = LookTrack((0.0, 1.0), (A, B))
    document = dataclasses.replace(Document(Scenario(tokens=8)), track=track)
    document.save(tmp_path / "a.json")
    assert Document.load(tmp_path / "a.json") == document
    assert '"track"' not in Document().to_json()


@pytest.mark.parametrize(
    "data",
    [
        3,
        [1],
        {"times": [1.0]},
        {"times": [1.0], "looks": []},
        {"times": [True], "looks": [{}]},
        {"times": [-1], "looks": [{}]},
        {"times": [2, 1], "looks": [{}, {}]},
        {"times": [0], "looks": [3]},
        {"times": [0], "looks": [{}], "more": 1},
    ],
)
def test_what_is_no_track_is_refused(data):
    with pytest.raises(ValueError, match="track"):
        LookTrack.from_plain(data)


@pytest.mark.slow
@pytest.mark.screen
def test_a_film_follows_the_track(tmp_path):
    scenario = Scenario(tokens=24, duration=2)
    base = Document(scenario, A)
    options = RenderOptions((320, 180), fps=4, seconds=2.0, backend="numpy")
    films = {}
    for name, document in {
        "a": base,
        "b": dataclasses.replace(base, look=B),
        "ab": dataclasses.replace(base, track=LookTrack((0.0, 1.0), (A, B))),
    }.items():
        render_file(document, tmp_path / f"{name}.gif", options)
        films[name] = pictures(tmp_path / f"{name}.gif")
    for k, picture in enumerate(films["ab"]):
        same, other = ("a", "b") if k < 4 else ("b", "a")
        near = np.abs(picture - films[same][k]).mean()
        assert near < 0.2 * np.abs(picture - films[other][k]).mean()


def pictures(path):
    import av

    with av.open(str(path)) as file:
        return [
            f.to_ndarray(format="rgb24").astype(float) for f in file.decode(video=0)
        ]
