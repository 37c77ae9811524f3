"""The run as a pipeline of layers, below the picture.

Imports scene, canvas and widgets below.
"""
