"""The help pages of assets/help, and the About dialog."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRegularExpression, QSize, Qt, QUrl
from PySide6.QtGui import (
    QDesktopServices,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextTable,
)
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from app.theme import fonts, icons
from app.widgets.page_scroll import screen_room
from sim import __version__
from sim.resources import asset

HELP_FOLDER = asset("help")
FIRST_PAGE = "index"
ABOUT_WIDTH = 380  # pixels of a line of "About" at scale 1
LINE_HEIGHT = 125.0  # per cent
SCRIPT = QRegularExpression(r"[\^_]\{[^{}]*\}")
CELL_PADDING = 5.0  # pixels around the text of a table's cell
ABOUT = (
    "Attention as interacting particles: tokens on the sphere, gathering into "
    "clusters, live. An orrery is the desktop machine on which lecturers showed how "
    "planets move; this one shows how tokens move."
)


def pages() -> dict[str, str]:
    """Return the titles of the help pages by file name without suffix, index first."""
    found = sorted(
        HELP_FOLDER.glob("*.md"), key=lambda p: (p.stem != FIRST_PAGE, p.stem)
    )
    return {page.stem: _title(page) for page in found}


def _title(page: Path) -> str:
    for line in page.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            return line.removeprefix("# ").strip()
    return page.stem.replace("-", " ").capitalize()


class Browser(QTextBrowser):
    """Shows Markdown pages; links between them stay inside, others go outside."""

    def __init__(self, scale: float) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setSearchPaths([str(HELP_FOLDER)])
        self.setOpenLinks(False)
        self.document().setDocumentMargin(round(16 * scale))
        self.document().setDefaultFont(fonts.font(11 * scale))
        self.anchorClicked.connect(self._follow)

    def _follow(self, link: QUrl) -> None:
        if link.scheme() in ("http", "https", "mailto"):
            QDesktopServices.openUrl(link)
        elif link.path():
            self.turn_to(Path(link.path()).stem, link.fragment())
        else:
            self.scrollToAnchor(link.fragment())

    def turn_to(self, page: str, anchor: str = "") -> None:
        """Show the page, from the heading `anchor` if given."""
        if (HELP_FOLDER / f"{page}.md").is_file():
            self.setSource(
                QUrl(f"{page}.md"), QTextDocument.ResourceType.MarkdownResource
            )
            self._set()
        if anchor:
            self.scrollToAnchor(anchor)

    def _set(self) -> None:
        """Give lines and tables air."""
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        air = QTextBlockFormat()
        proportional = QTextBlockFormat.LineHeightTypes.ProportionalHeight
        air.setLineHeight(LINE_HEIGHT, proportional.value)
        cursor.mergeBlockFormat(air)
        for frame in self.document().rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                form = frame.format().toTableFormat()
                form.setBorder(0)
                form.setCellPadding(CELL_PADDING)
                frame.setFormat(form)
        raise_scripts(self.document())


def raise_scripts(document: QTextDocument) -> None:
    """Raise what is written e^{x} in plain text, and lower what is written P_{x}."""
    at = document.find(SCRIPT)
    while not at.isNull():
        text, form = at.selectedText(), at.charFormat()
        places = QTextCharFormat.VerticalAlignment
        high = text.startswith("^")
        form.setVerticalAlignment(
            places.AlignSuperScript if high else places.AlignSubScript
        )
        at.insertText(text[2:-1], form)
        at = document.find(SCRIPT, at)


class Help(QDialog):
    """A list of pages, and the page."""

    def __init__(self, page: str, scale: float, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Help")
        self._pages = list(pages())
        self.list = QListWidget()
        self.list.addItems(list(pages().values()))
        self.list.setFixedWidth(round(190 * scale))
        self.list.setAccessibleName("Pages")
        self.browser = Browser(scale)
        self.browser.sourceChanged.connect(self._mark)
        self.list.currentRowChanged.connect(self._turn)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 12, 12, 12)
        row.setSpacing(8)
        row.addWidget(self.list)
        row.addWidget(self.browser, 1)
        wanted = QSize(round(920 * scale), round(640 * scale))
        self.resize(wanted.boundedTo(screen_room(self)))
        self.list.setCurrentRow(max(0, self._row_of(page)))
        self.browser.setFocus()

    def _row_of(self, page: str) -> int:
        return self._pages.index(page) if page in self._pages else -1

    def _turn(self, row: int) -> None:
        if self.browser.source().path() != f"{self._pages[row]}.md":
            self.browser.turn_to(self._pages[row])

    def _mark(self, source: QUrl) -> None:
        row = self._row_of(Path(source.path()).stem)
        if row >= 0:
            self.list.setCurrentRow(row)


class About(QDialog):
    """Name, version, licence."""

    def __init__(self, scale: float, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("About Attention Orrery")
        sign = QLabel()
        sign.setPixmap(icons.pixmap(icons.APP, icons.INK, round(112 * scale)))
        title = QLabel("Attention Orrery")
        title.setProperty("role", "head")
        version = QLabel(f"Version {__version__}")
        version.setProperty("role", "muted")
        words = QLabel(ABOUT)
        words.setWordWrap(True)
        words.setFixedWidth(round(ABOUT_WIDTH * scale))
        small = QLabel("MIT licence. Letters: Inter, SIL Open Font License 1.1.")
        small.setProperty("role", "small")
        column = QVBoxLayout()
        column.setSpacing(8)
        for part in (title, version, words, small):
            column.addWidget(part)
        column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 24, 24, 24)
        row.setSpacing(24)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        row.setSizeConstraint(QHBoxLayout.SizeConstraint.SetFixedSize)
