"""Text on the picture: caption, legends, labels; painted by Qt.

Imports the scene and the theme below.
"""
