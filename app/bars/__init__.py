"""The bars around the picture: menus, toolbar, playback and timeline.

May import every room of `app` below the window.
"""
