"""Whatever an export carries is read, or refused in one message, in bounded memory."""

from __future__ import annotations

import io
import json
import struct
import time
import tracemalloc
import zipfile
import zlib

import numpy as np
import pytest
from helpers.sampling import drawn
from hypothesis import example, given
from hypothesis import strategies as st

from app.document.document import Document
from app.document.look import CameraPose, Look
from app.document.moment import Moment
from app.document.provenance import embedded_document, embedded_sums
from app.export.encoders import recorder_for
from sim.io.embedded_files import Entry, entries_of
from sim.io.limits import MAX_EMBEDDED_BYTES, MAX_EMBEDDED_PARTS
from sim.recording.run_folder import record_run
from sim.scenario import Scenario, edit
from sim.schedule import Change, Run

SUFFIXES = (".png", ".gif", ".mp4", ".webm", ".csv", ".npz", ".json")
MAX_MEMORY = 64 * 2**20
MAX_SECONDS = 20.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("fuzz")


class Originals(dict):
    """The bytes of exports, by suffix; a failing example does not print them."""

    def __repr__(self):
        return "originals"


@pytest.fixture(scope="module")
def originals(folder):
    """The bytes of an export of each kind, with a table of tokens inside."""
    table = folder / "source" / "tokens.csv"
    table.parent.mkdir()
    table.write_text("0.1,0.2,0.7\n-1,2,0.5\n0,0,1\n")
    start = {"initial": "file", "initial.path": str(table), "title": "Fuzz"}
    scenario = edit(Scenario(duration=0.1, step=0.1), start)
    change = Change(0.05, {"dynamics.beta": 3.0})
    document = Document.of_run(Run(scenario, (change,)), moment=Moment(1.0, (2,)))
    made = folder / "made"
    record_run(document.run, made, 1, "numpy", layers=True, window=document.window)
    document.save(made / "saved.json")
    files = {".csv": made / "observables.csv", ".npz": made / "layers.npz"}
    files[".json"] = made / "saved.json"
    for suffix in (".png", ".gif", ".mp4", ".webm"):
        files[suffix] = made / f"film{suffix}"
        pictures = [np.zeros((64, 64, 3), np.uint8)] * 2
        sums = ["sums: direct; here"]
        recorder_for(files[suffix]).record(
            pictures, files[suffix], 10.0, document, sums
        )
    return Originals({suffix: file.read_bytes() for suffix, file in files.items()})


def read(folder, data, suffix):
    """Read bytes as an export; return the document, none, or the error's text."""
    file = folder / f"mutant{suffix}"
    file.write_bytes(data)
    try:
        embedded_sums(file)
    except ValueError as error:
        assert str(error).startswith(file.name)
    try:
        return embedded_document(file)
    except ValueError as error:
        assert str(error).startswith(file.name)
        assert "Traceback" not in str(error)
        return str(error)


def test_the_originals_are_read(folder, originals):
    documents = [read(folder, originals[suffix], suffix) for suffix in SUFFIXES]
    assert all(isinstance(document, Document) for document in documents)
    assert {document.moment for document in documents} == {Moment(1.0, (2,))}


def test_an_open_bracket_in_an_array_is_no_traceback(folder, originals):
    raw = originals[".npz"].replace(b"'shape': (), }", b"'shape': (), {")
    assert raw != originals[".npz"]
    assert isinstance(read(folder, raw, ".npz"), str | None)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", SUFFIXES)
@given(
    st.floats(0, 1, exclude_max=True),
    st.binary(max_size=12),
    st.sampled_from(["replace", "insert", "cut", "end", "repeat"]),
    st.integers(1, 2000),
)
@drawn(60)
def test_changed_bytes_are_no_traceback(
    folder, originals, suffix, share, piece, kind, size
):
    raw = bytearray(originals[suffix])
    start = int(share * len(raw))
    if kind == "replace":
        raw[start : start + len(piece)] = piece
    elif kind == "insert":
        raw[start:start] = piece
    elif kind == "cut":
        del raw[start : start + size]
    elif kind == "end":
        del raw[start:]
    else:
        raw[start:start] = raw[:size]
    read(folder, bytes(raw), suffix)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", SUFFIXES)
@given(st.binary(max_size=300))
@drawn(60)
def test_any_bytes_are_no_traceback(folder, suffix, raw):
    read(folder, raw, suffix)


def chunk(kind, body):
    check = zlib.crc32(kind + body)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", check)


def picture_with(text, *, compressed=False):
    """Return a PNG without pixels that carries some text."""
    flags = b"\1\0" if compressed else b"\0\0"
    body = b"orrery\0" + flags + b"\0\0" + (zlib.compress(text) if compressed else text)
    ends = chunk(b"IHDR", bytes(13)), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + ends[0] + chunk(b"iTXt", body) + ends[1]


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**400), 10**400)
    | st.integers(-3, 2000)
    | st.floats()
    | st.text(st.characters(), max_size=8)
    | st.sampled_from(["file", "a.csv", "../x", "softmax", "\x00", "asset:words.npz"]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner)
    ),
    max_leaves=12,
)
keys = st.sampled_from(
    "format title tokens initial dynamics look moment files schedule path kind t set "
    "page curves camera duration".split()
)
groups = st.dictionaries(keys, values | st.dictionaries(keys, values), max_size=6)


@pytest.mark.slow
@given(
    groups, st.sampled_from(["initial", "moment", "files", "schedule", "look"]), values
)
@example({}, "files", {"a.csv": {"sha256": "0" * 64, "size": 1, "text": "\ud800"}})
@example({"initial": {"kind": "file", "path": "\ud800.csv"}}, "look", {})
@example({"initial": {"kind": "file", "path": "a\x00.csv"}}, "look", {})
@example({"initial": {"kind": "file", "path": "x" * 900}}, "look", {})
@example({"initial": {"kind": "file", "path": "y" * 9000}}, "look", {})
@example({"initial": {"kind": "file", "path": "."}}, "look", {})
@example({}, "schedule", [[[[[[]]]]]] * 3)
@example({}, "moment", {"t": 10**400})
@drawn(100)
def test_any_data_is_a_document_or_one_message(folder, group, key, value):
    data = {"format": 1, **group, key: value}
    text = json.dumps(data).encode()
    read(folder, picture_with(text), ".png")
    read(folder, text, ".json")


def bomb(kind):
    """Return an export that asks for more than it should get, and its suffix."""

    def full(unit):
        head, tail = '{"format":1,"x":[', "1]}"
        size = MAX_EMBEDDED_BYTES - len(head) - len(tail) - 40
        return picture_with((head + unit * (size // len(unit)) + tail).encode())

    if kind == "groups":
        return full('{"a":1},'), ".png"
    if kind == "limit":
        text = '{"format":1,"x":[' + '{"a":1},' * (MAX_EMBEDDED_PARTS - 3) + "1]}"
        return picture_with(text.encode()), ".png"
    if kind == "texts":
        return full('"ab",'), ".png"
    if kind == "numbers":
        return full("1.5,"), ".png"
    if kind == "depth":
        return picture_with(b"[" * (MAX_EMBEDDED_BYTES - 40)), ".png"
    if kind == "compressed":
        return picture_with(b"{" + b" " * 10**8, compressed=True), ".png"
    if kind == "comment":
        return b"GIF89a" + bytes(7) + b"\x21\xfe" + b"\xff" * 2**25 + b"\0", ".gif"
    if kind == "boxes":
        return struct.pack(">I4s", 8, b"free") * 2**20, ".mp4"
    if kind == "line":
        return b"# scenario: " + b"x" * 10**8, ".csv"
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("scenario.npy", "w") as file:
            head = {"descr": "<U50000000", "fortran_order": False, "shape": ()}
            np.lib.format.write_array_header_1_0(file, head)
            file.write(bytes(2 * 10**8))
    return raw.getvalue(), ".npz"


@pytest.mark.slow
@pytest.mark.parametrize(
    "kind",
    "groups limit texts numbers depth compressed comment boxes line archive".split(),
)
def test_what_is_too_large_costs_little(folder, kind):
    data, suffix = bomb(kind)
    file = folder / f"bomb{suffix}"
    file.write_bytes(data)
    del data
    tracemalloc.start()
    start = time.process_time()
    try:
        found = embedded_document(file)
    except ValueError as error:
        found = str(error)
    seconds = time.process_time() - start
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    file.unlink()
    assert found is None or found.startswith(f"bomb{suffix}")
    assert peak < MAX_MEMORY
    assert seconds < MAX_SECONDS  # ten times what it takes unmeasured


# Round trips

numbers = st.floats(0.1, 50)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
moments = st.builds(
    Moment,
    st.floats(0, 1e6),
    st.lists(st.integers(0, 10**6), max_size=6, unique=True).map(tuple),
    st.sampled_from(["", "attention", "cosines", "a page of somebody"]),
    st.lists(st.sampled_from(["energy", "order", "f_hat"]), unique=True).map(tuple),
)
looks = st.builds(
    Look,
    colour=st.sampled_from(["cluster", "speed", "index"]),
    speed=st.floats(0.01, 100),
    arcs=st.booleans(),
    camera=st.builds(
        CameraPose, st.floats(-360, 360), st.floats(-89, 89), st.floats(0.4, 8)
    ),
)
laws = st.sampled_from(["softmax", "hardmax", "linear", "inertial", "sinkhorn"])


@st.composite
def documents(draw):
    scenario = edit(
        Scenario(),
        {
            "title": draw(texts),
            "note": draw(texts),
            "seed": draw(st.integers(0, 2**31 - 1)),
            "tokens": draw(st.integers(1, 500)),
            "dimension": draw(st.integers(2, 40)),
            "dynamics": draw(laws),
            "step": draw(st.floats(1e-3, 1)),
        },
    )
    times = sorted(draw(st.lists(st.floats(0, 20), max_size=4)))
    changes = tuple(
        Change(t, draw(st.sampled_from([{"step": 0.5}, {"space": "flat"}])))
        for t in times
    )
    return Document.of_run(Run(scenario, changes), draw(looks), draw(moments))


@pytest.mark.slow
@given(documents())
@drawn(60)
def test_any_document_comes_back(folder, document):
    assert Document.from_json(document.to_json()) == document
    file = folder / "whole.json"
    document.save(file)
    assert Document.load(file) == document
    document.save(file, local=True)
    assert Document.load(file) == document
    file = folder / "whole.png"
    file.write_bytes(picture_with(document.embedded_text(folder).encode()))
    assert embedded_document(file) == document


@given(st.binary(max_size=2000))
@drawn(40)
def test_any_file_travels_as_it_is(content):
    entry = Entry.of(content)
    plain = json.loads(json.dumps(entry.plain()))
    assert entries_of({"a.bin": plain}) == {"a.bin": entry}
