"""Start and end of the program, and its relations with the operating system.

May import every room; the only one that imports the window.
"""
