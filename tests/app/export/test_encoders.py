"""Films and stills: what players get, what is inside, and what goes wrong."""

from __future__ import annotations

import errno
import io
import os
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.reformatter import VideoReformatter
from PIL import Image

from app.document.document import Document
from app.document.provenance import embedded_document, embedded_sums
from app.export.encoders import PictureRecorder, recorder_for
from app.export.encoders.gif import Gif
from app.export.encoders.mp4 import Mp4
from app.export.encoders.png import Png
from app.export.encoders.png_sequence import PngSequence
from app.export.encoders.webm import WebM
from app.export.film import COLOUR_TAGS
from app.export.film import _frame as frame
from app.export.render_file import render_file
from app.export.render_options import RenderOptions
from sim.recorders import MethodLog
from sim.recorders.trajectory import Trajectory
from sim.scenario import Scenario
from sim.settings.knobs import knob_of
from sim.simulation import Simulation

W, H, N, FPS = 320, 180, 12, 30.0


@pytest.fixture
def document():
    return Document().edit(
        {"tokens": 31, "title": "“Ünïcode” & −β", "look.colour": "speed"}
    )


def pictures(n=N, size=(W, H)):
    """A soft scene in colours that BT.601 and BT.709 show differently."""
    w, h = size
    y, x = np.mgrid[0:h, 0:w]
    for k in range(n):
        wave = np.sin((x + 7 * k) / 23.0) * np.cos(y / 31.0)
        rgb = [200 + 30 * wave, 40 + 20 * wave, 30 + 10 * np.cos(x / 40.0)]
        yield np.stack(rgb, -1).astype(np.uint8)


def as_qt_keeps_it(picture):
    """The picture in blue, green, red and a fourth byte."""
    return np.ascontiguousarray(np.dstack([picture[..., ::-1], picture[..., :1]]))


def psnr(a, b):
    return 10 * np.log10(255**2 / np.mean((a.astype(float) - b.astype(float)) ** 2))


@pytest.mark.slow
def test_a_video_plays_everywhere(tmp_path, document):
    path = tmp_path / "film.mp4"
    Mp4().record(pictures(), path, FPS, document)
    with av.open(str(path)) as film:
        stream = film.streams.video[0]
        codec = stream.codec_context
        assert codec.name == "h264"
        assert codec.profile == "High"
        assert codec.pix_fmt == "yuv420p"
        assert (codec.width, codec.height) == (W, H)
        assert stream.average_rate == 30
        tags = (codec.colorspace, codec.color_primaries, codec.color_trc)
        assert [int(t) for t in (*tags, codec.color_range)] == [1, 1, 1, 1]
        decoded = [
            f.reformat(format="rgb24", src_colorspace="ITU709").to_ndarray()
            for f in film.decode(stream)
        ]
    assert len(decoded) == N
    for seen, drawn in zip(decoded, pictures(), strict=True):
        assert psnr(seen, drawn) > 30
    data = path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")  # starts before it has all come


@pytest.mark.slow
@pytest.mark.parametrize("kind", [Mp4, WebM])
def test_a_film_is_as_it_was_drawn_whatever_the_order_of_its_colours(
    tmp_path, document, kind
):
    drawn = list(pictures())
    for k, given in enumerate((drawn, map(as_qt_keeps_it, drawn))):
        path = tmp_path / f"{k}{kind.suffix}"
        kind().record(given, path, FPS, document)
        with av.open(str(path)) as film:
            stream = film.streams.video[0]
            assert [getattr(stream.codec_context, tag) for tag in COLOUR_TAGS] == [
                1
            ] * 4
            decoded = [
                f.reformat(format="rgb24", src_colorspace="ITU709").to_ndarray()
                for f in film.decode(stream)
            ]
        for seen, picture in zip(decoded, drawn, strict=True):
            assert psnr(seen, picture) > 38


def test_an_encoder_is_given_the_same_whatever_the_order_of_colours():
    # Films are not compared: two that x264 encodes from the same frames, with weighted
    # prediction and its assembly, sometimes differ.
    reformatter = VideoReformatter()
    for picture in pictures():
        a, b = (
            frame(pixels, reformatter).to_ndarray()
            for pixels in (picture, as_qt_keeps_it(picture))
        )
        assert np.array_equal(a, b)
        assert a.shape == (H * 3 // 2, W)


@pytest.mark.slow
@pytest.mark.parametrize("kind", [Mp4, WebM])
def test_every_quality_that_is_offered_can_be_encoded(tmp_path, document, kind):
    offered, sizes = knob_of(kind, "quality"), []
    for quality in (offered.lo, offered.hi):
        path = tmp_path / f"{quality}{kind.suffix}"
        kind(quality=quality).record(pictures(), path, FPS, document)
        sizes.append(path.stat().st_size)
    assert sizes[0] > 2 * sizes[1]


def test_the_frame_rate_is_exact(tmp_path, document):
    path = tmp_path / "film.mp4"
    Mp4().record(pictures(4), path, 30000 / 1001, document)
    with av.open(str(path)) as film:
        assert str(film.streams.video[0].average_rate) == "30000/1001"


@pytest.mark.parametrize("suffix", [".mp4", ".webm", ".gif", ".png", ".zip"])
def test_a_file_holds_the_document_that_made_it(tmp_path, document, suffix):
    path = tmp_path / f"out{suffix}"
    recorder_for(path).record(pictures(3), path, 25.0, document)
    assert embedded_document(path) == document
    assert os.listdir(tmp_path) == [path.name]


def test_a_still_is_the_last_picture_to_the_pixel(tmp_path, document):
    path = tmp_path / "single_picture.png"
    Png().record(pictures(3), path, FPS, document)
    assert np.array_equal(np.asarray(Image.open(path)), list(pictures(3))[-1])


def test_a_sequence_holds_every_picture_to_the_pixel(tmp_path, document):
    path = tmp_path / "frames.zip"
    PngSequence().record(pictures(3), path, FPS, document)
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        assert names[1:] == ["00001.png", "00002.png", "00003.png"]
        for name, picture in zip(names[1:], pictures(3), strict=True):
            with Image.open(archive.open(name)) as image:
                assert np.array_equal(np.asarray(image), picture)


def test_a_gif_has_all_frames_at_the_asked_rate(tmp_path, document):
    path = tmp_path / "film.gif"
    Gif().record(pictures(5, (64, 48)), path, 25.0, document)
    with Image.open(path) as film:
        assert film.n_frames == 5
        assert film.info["duration"] == 40
        assert film.info["loop"] == 0
    assert Gif(), "its settings are sound"


@pytest.mark.parametrize("suffix", [".mp4", ".webm", ".gif", ".png", ".zip"])
def test_cancelling_leaves_no_half_written_file(tmp_path, document, suffix):
    path = tmp_path / f"out{suffix}"
    path.write_text("what stood here before")

    def cancelled():
        yield from pictures(2)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        recorder_for(path).record(cancelled(), path, FPS, document)
    assert path.read_text() == "what stood here before"
    assert os.listdir(tmp_path) == [path.name]


@pytest.mark.parametrize("suffix", [".mp4", ".webm", ".gif", ".png", ".zip"])
def test_no_pictures_are_no_file(tmp_path, document, suffix):
    path = tmp_path / f"out{suffix}"
    with pytest.raises(ValueError, match="no picture"):
        recorder_for(path).record(iter([]), path, FPS, document)
    assert os.listdir(tmp_path) == []


def test_odd_sizes_are_explained_before_the_first_picture():
    with pytest.raises(ValueError, match=r"width must be even, got 1281\. Use 1280 or"):
        Mp4().check((1281, 720), 60.0)
    with pytest.raises(ValueError, match="height must be even, got 721"):
        Mp4().check((1280, 721), 60.0)
    Png().check((1281, 721), 60.0)


def test_an_odd_picture_that_comes_all_the_same_leaves_nothing(tmp_path, document):
    with pytest.raises(ValueError, match="must be even"):
        Mp4().record(pictures(2, (65, 64)), tmp_path / "a.mp4", FPS, document)
    assert os.listdir(tmp_path) == []


def test_a_gif_says_how_fast_it_can_be():
    with pytest.raises(ValueError, match="at most 50 frames per second, got 60"):
        Gif().check((640, 480), 60.0)


def test_a_missing_encoder_is_explained(monkeypatch):
    monkeypatch.setattr(av, "codecs_available", {"gif"})
    with pytest.raises(RuntimeError, match="without the encoder libx264"):
        Mp4().check((640, 480), 60.0)


@pytest.mark.parametrize("suffix", [".mp4", ".webm", ".gif", ".png", ".zip"])
def test_a_folder_that_is_not_there_is_explained(tmp_path, document, suffix):
    path = tmp_path / "nowhere" / f"out{suffix}"
    with pytest.raises(OSError, match=r"cannot write .*Choose another folder"):
        recorder_for(path).record(pictures(2), path, FPS, document)


@pytest.mark.parametrize("suffix", [".mp4", ".webm", ".gif", ".png", ".zip"])
def test_a_full_disk_is_explained(tmp_path, document, suffix, monkeypatch):
    path = tmp_path / f"out{suffix}"
    replace = Path.replace

    def full(self, target):
        if Path(target) == path:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match=r"No space left on device\. .*free some space"):
        recorder_for(path).record(pictures(2), path, FPS, document)
    monkeypatch.undo()
    assert os.listdir(tmp_path) == []


@pytest.mark.slow
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_disk_that_fills_while_encoding_is_explained(tmp_path, document, monkeypatch):
    import contextlib

    import app.export.film as module

    real = module.atomic_write

    @contextlib.contextmanager
    def on_a_full_disk(path):
        with real(path):
            yield Path("/dev/full")

    monkeypatch.setattr(module, "atomic_write", on_a_full_disk)
    with pytest.raises(OSError, match="cannot write"):
        Mp4().record(pictures(40), tmp_path / "out.mp4", FPS, document)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("suffix", [".mp4", ".webm"])
def test_a_disk_that_fills_before_the_last_picture_is_explained(
    tmp_path, document, monkeypatch, suffix
):
    class Full(io.BytesIO):
        def write(self, data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("app.export.film.TemporaryFile", lambda dir: Full())
    path = tmp_path / f"out{suffix}"
    with pytest.raises(OSError, match=r"No space left on device\. .*free some space"):
        recorder_for(path).record(pictures(3), path, FPS, document)
    assert os.listdir(tmp_path) == []


def test_suffixes_choose_the_recorder():
    kinds = {kind().suffix for kind in PictureRecorder.kinds().values()}
    assert kinds == {".gif", ".mp4", ".png", ".webm", ".zip"}
    assert isinstance(recorder_for("A.MP4"), Mp4)
    with pytest.raises(ValueError, match=r"a\.avi: pictures are written to \.gif, "):
        recorder_for("a.avi")


# Reading back


def test_tables_and_documents_are_read_as_well(tmp_path, document):
    table, plain = tmp_path / "a.csv", tmp_path / "a.json"
    table.write_text(
        f"# scenario: {document.to_json(indent=None)}\nt,f\n0,1\n", encoding="utf-8"
    )
    document.save(plain)
    assert embedded_document(table) == embedded_document(plain) == document


def test_files_without_a_document_hold_none(tmp_path):
    table, picture, film = (tmp_path / f"a.{s}" for s in ("csv", "png", "mp4"))
    table.write_text("t,f\n0,1\n")
    Image.new("RGB", (8, 8)).save(picture)
    with av.open(str(film), "w") as out:
        stream = out.add_stream("libx264", rate=30)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv420p"
        for pixels in pictures(2, (64, 64)):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        out.mux(stream.encode())
    assert (
        embedded_document(table)
        is embedded_document(picture)
        is embedded_document(film)
        is None
    )


@pytest.mark.parametrize("suffix", ["mp4", "gif", "png", "json"])
def test_broken_files_are_one_clear_error(tmp_path, suffix):
    path = tmp_path / f"broken.{suffix}"
    path.write_bytes(b"\x00\xff broken")
    with pytest.raises(ValueError, match=rf"broken\.{suffix}: "):
        embedded_document(path)


def test_documents_that_cannot_be_read_here_say_why(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('# scenario: {"format": 99}\n')
    with pytest.raises(ValueError, match=r"a\.csv: scenario format 99 is newer"):
        embedded_document(path)
    path.write_text('# scenario: {"format": 1, "gravity": 9.81}\n')
    with pytest.raises(ValueError, match=r"a\.csv: .*no setting 'gravity'"):
        embedded_document(path)
    with pytest.raises(ValueError, match=r"a\.txt: documents are read from \.mp4"):
        embedded_document(tmp_path / "a.txt")


def test_a_file_that_is_not_there_is_an_os_error(tmp_path):
    for suffix in ("mp4", "png", "csv", "json"):
        with pytest.raises(FileNotFoundError):
            embedded_document(tmp_path / f"none.{suffix}")


@pytest.mark.skipif(sys.platform == "win32", reason="file modes")
def test_what_is_written_can_be_read_by_others(tmp_path, document):
    path = tmp_path / "a.png"
    Png().record(pictures(1), path, FPS, document)
    mask = os.umask(0)
    os.umask(mask)
    assert path.stat().st_mode & 0o777 == 0o666 & ~mask


# How sums were computed


SAID = ["sums: fused; means miss at most 1e-14 of “x”", "sums from t = 2: circle; β"]


@pytest.mark.parametrize("suffix", [".mp4", ".webm", ".gif", ".png", ".zip"])
def test_a_file_says_how_its_sums_were_computed(tmp_path, document, suffix):
    path, logged = tmp_path / f"out{suffix}", []

    def drawn():
        for k, pixels in enumerate(pictures(3)):
            logged.extend(SAID[k : k + 1])  # as it becomes known
            yield pixels

    recorder_for(path).record(drawn(), path, 25.0, document, logged)
    assert embedded_sums(path) == SAID
    assert embedded_document(path) == document
    Gif().record(pictures(1), tmp_path / "a.gif", 25.0, document)
    assert embedded_sums(tmp_path / "a.gif") == []


def test_a_long_comment_of_a_gif_is_split_and_read_whole(tmp_path, document):
    path, long = tmp_path / "out.gif", ["sums: " + "β" * 400, "sums: " + "n" * 255]
    Gif().record(pictures(4, (64, 48)), path, 25.0, document, long)
    assert embedded_sums(path) == long
    with Image.open(path) as film:
        assert (film.n_frames, film.info["loop"]) == (4, 0)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".mp4", ".gif", ".png", ".csv"])
def test_exports_of_a_run_tell_what_its_frames_say(tmp_path, document, suffix):
    path = tmp_path / f"out{suffix}"
    start = Simulation(document.scenario, "numpy").frame(0.0)
    if suffix == ".csv":
        Trajectory().record([start], path)
    else:
        options = RenderOptions((64, 64), fps=10, seconds=0.2, at=0.0, backend="numpy")
        render_file(document, path, options)
    name, why = start.method
    assert "means miss at most" in why
    assert embedded_sums(path) == [f"sums: {name}; {why}"]


def test_a_method_is_logged_once_and_when_it_changes():
    method_log, frame = MethodLog(), Simulation(Scenario(tokens=8), "numpy").frame(0.0)

    def at(t, method):
        return replace(frame, t=t, method=(method, f"why at {t:g}"))

    logged = [
        method_log.note(at(t, method))
        for t, method in [(0, "fused"), (1, "fused"), (2.5, "nufft"), (3, "fused")]
    ]
    first, _, second, third = logged
    assert logged[1] == ""
    assert (first, second) == ("sums: fused; why at 0", "sums: nufft; why at 2.5")
    assert third == "sums: fused; why at 3"
    assert method_log.lines == [
        "sums: fused; why at 0",
        "sums from t = 2.5: nufft; why at 2.5",
        "sums from t = 3: fused; why at 3",
    ]
