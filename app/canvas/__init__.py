"""The widgets that show the scene and turn it by mouse and keys.

Imports scene, drawing and annotations below.
"""
