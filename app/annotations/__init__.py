"""Text on the picture: caption, legends and labels, painted by Qt.

May import `app.gl`, `app.scene`, `app.document`, `app.theme` and `sim`.
"""
