"""Export of videos, pictures and tables: dialogs here, the work in another process.

May import the canvas, widgets, annotations, `app.gl`, `app.scene` and `app.document`.
"""
