"""Vectors of papers' texts and how close they are: a disposable cache, and the only importer of numpy.

numpy is imported by the modules of this package alone, and these are imported only when something by meaning is asked
for. Its linear algebra runs on one thread: more of them would wait busily beside the window's own.
"""

import os

for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ.setdefault(_variable, "1")  # read once, when numpy is imported
