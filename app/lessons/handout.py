"""A lesson as a PDF to print: the words, and a picture of every cue."""

from __future__ import annotations

from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from PySide6.QtCore import QMarginsF, QSizeF, QUrl
from PySide6.QtGui import (
    QImage,
    QPageLayout,
    QPageSize,
    QPdfWriter,
    QTextDocument,
)

from app.export.render_file import render_file
from app.export.render_options import RenderOptions
from app.export.renderer import application
from app.figure_file import PAGES, page_figure
from app.figures import files
from app.labs.figure import figure_of
from app.lessons.cue_document import document_of
from app.theme import fonts
from sim.io.atomic_write import atomic_write
from sim.lessons import answer_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.lessons import Cue, Lesson

PIXELS = 1280, 720  # of a picture of a run
LAB_WIDTH_MM, LAB_DPI = 160.0, 160.0
WIDTH_PX = 520  # of a picture on the page
SHOWN_SHARE = 0.6  # of a run, at which it is drawn
MARGIN_MM = 18.0
PER_PAGE = 2  # cues
DPI = 96  # of the page's own units
STYLE = """
body { font-family: Inter; font-size: 10pt; color: #1C2230; }
h1 { font-size: 20pt; } h2 { font-size: 13pt; margin-top: 18px; }
.muted { color: #5A6478; } .notes { color: #3F4756; font-style: italic; }
"""


def write_handout(
    lesson: Lesson, path: str | Path, report: Callable[[float], None] | None = None
) -> None:
    """Write a PDF, aside first, with the pictures that this program draws.

    Parameters
    ----------
    lesson : Lesson
        What to print.
    path : path
        ``.pdf``.
    report : callable, optional
        Receives the fraction that is done.

    Raises
    ------
    ValueError, OSError, RuntimeError
        If the name is no PDF, a picture cannot be drawn or the file be written.
    """
    path = Path(path)
    if path.suffix.lower() != ".pdf":
        raise ValueError(f"{path.name}: a handout is a PDF. Give a name with .pdf.")
    page = page_of(lesson, report)
    with atomic_write(path) as temporary:
        _print(page, temporary, lesson.title)


def page_of(
    lesson: Lesson, report: Callable[[float], None] | None = None
) -> QTextDocument:
    """Return words and pictures of a lesson as a text that can be printed."""
    application()
    fonts.install()
    page = QTextDocument()
    page.setDefaultStyleSheet(STYLE)
    parts = [f"<h1>{escape(lesson.title)}</h1><p>{escape(lesson.summary)}</p>"]
    for k, cue in enumerate(lesson.cues):
        picture = picture_of(cue)
        if not picture.isNull():
            where = QUrl(f"cue{k}")
            page.addResource(QTextDocument.ResourceType.ImageResource, where, picture)
        parts.append(_html(k, cue, drawn=not picture.isNull()))
        if report is not None:
            report((k + 1) / len(lesson.cues))
    page.setHtml(f"<body>{''.join(parts)}</body>")
    return page


def picture_of(cue: Cue) -> QImage:
    """Return the picture of a cue; none if it has no run."""
    if cue.picture is not None:
        return QImage(str(cue.picture))
    try:
        if cue.lab:
            lab = cue.made_lab
            figure = figure_of(lab, lab.compute())
            return files.image(figure, LAB_WIDTH_MM, LAB_DPI, captioned=False)
        document = document_of(cue)
    except (KeyError, ValueError, OSError):
        return QImage()  # said as a fault of the lesson
    if cue.large and cue.page in PAGES:
        figure = page_figure(document, SHOWN_SHARE * cue.end, cue.page, "numpy")
        return files.image(figure, LAB_WIDTH_MM, LAB_DPI, captioned=False)
    options = RenderOptions(
        size=PIXELS, theme="light", at=SHOWN_SHARE * cue.end, layout="curve"
    )
    with TemporaryDirectory() as folder:
        file = Path(folder) / "cue.png"
        render_file(document, file, options)
        return QImage(str(file))


def _html(k: int, cue: Cue, *, drawn: bool) -> str:
    picture = f'<br><img src="cue{k}" width="{WIDTH_PX}">' if drawn else ""
    page = ' style="page-break-before: always"' if k and k % PER_PAGE == 0 else ""
    out = [f"<h2{page}>{k + 1}. {escape(cue.title)}{picture}</h2>"]
    out += [f"<p>{escape(text)}</p>" for text in cue.text.split("\n\n") if text]
    if cue.question:
        out.append(f"<p><b>{escape(cue.question)}</b> {escape(answer_of(cue))}</p>")
    if cue.notes:
        out.append(f'<p class="notes">{escape(cue.notes)}</p>')
    return "".join(out)


def _print(page: QTextDocument, path: Path, title: str) -> None:
    writer = QPdfWriter(str(path))
    writer.setTitle(title)
    writer.setCreator("Attention Orrery")
    writer.setResolution(DPI)
    layout = QPageLayout(
        QPageSize(QPageSize.PageSizeId.A4),
        QPageLayout.Orientation.Portrait,
        QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM),
        QPageLayout.Unit.Millimeter,
    )
    writer.setPageLayout(layout)
    room = layout.paintRectPixels(DPI).size()
    page.setPageSize(QSizeF(room))
    page.print_(writer)
