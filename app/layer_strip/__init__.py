"""The run as a pipeline of layers, below the picture.

May import the canvas, widgets, annotations, `app.scene` and `app.document`.
"""
