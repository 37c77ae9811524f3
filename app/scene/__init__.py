"""From a frame to what is drawn: points in R^3, colours, clusters, camera.

Imports the document's look and the theme; no Qt widgets, no OpenGL.
"""
