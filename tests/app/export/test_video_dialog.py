"""The dialog of a video as it is shown."""

from app.document.document import Document
from app.export.video_dialog import VideoDialog
from sim.scenario import Scenario


def test_no_row_is_cut_off_below_a_text_that_wraps(qtbot, tmp_path):
    dialog = VideoDialog(Document(Scenario()), tmp_path, 0.0, None)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    width = dialog.width()
    assert (
        dialog.stack.totalHeightForWidth(width)
        > dialog.stack.totalMinimumSize().height()
    )
    assert dialog.height() >= dialog.stack.totalHeightForWidth(width)
