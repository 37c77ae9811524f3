"""Curves against time, beside the picture.

May import widgets, annotations, `app.scene`, `app.document` and `app.theme`.
"""
