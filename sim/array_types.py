"""Names of the types of NumPy arrays, for signatures; shapes stand in docstrings.

Arrays that may be on a GPU are `sim.arrays.Array`.  Imports NumPy only.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

AnyArray = np.ndarray[Any, Any]
Bools = npt.NDArray[np.bool_]
Complexes = npt.NDArray[np.complexfloating[Any, Any]]
Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]
Pixels = npt.NDArray[np.uint8]
Single = npt.NDArray[np.float32]
