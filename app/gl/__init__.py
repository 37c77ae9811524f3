"""Draws a `Scene` with OpenGL, one file for each layer: the only room that uses vispy.

May import `app.scene` and `app.theme`; no Qt but in `native`.
"""
