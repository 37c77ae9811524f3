"""Phase diagrams: drawn, watched as they fill, and written from the command line.

May import the rooms below the window's own; never the window.
"""
