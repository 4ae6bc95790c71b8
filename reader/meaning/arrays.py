"""The types of numpy's arrays, as this package uses them."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.floating[Any]]
Integers: TypeAlias = NDArray[np.integer[Any]]
Marks: TypeAlias = NDArray[np.bool]
Rows: TypeAlias = NDArray[np.int8]
