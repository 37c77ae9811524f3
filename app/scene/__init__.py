"""From a frame to what is drawn: points in R^3, colours, clusters, camera.

May import `app.document`, `app.theme` and `sim`; no Qt, no OpenGL.
"""
