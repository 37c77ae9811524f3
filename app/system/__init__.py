"""Start and end of the program, and what the operating system does to it.

The only room that may import the window.
"""
