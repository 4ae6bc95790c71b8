"""A process that reads damaged files, one for each seed from the first to the last, and tells how each ended.

It has the limits of the process that reads files in earnest. What it prints is JSON, a line for each seed.
"""

from __future__ import annotations

import json
import logging
import sys

from reader.formats.pdf.answers import decode, encode_document
from reader.formats.pdf.file_reading import read_pdf
from reader.formats.pdf.problems import PdfError
from reader.formats.pdf.process import limit_process
from tests.formats.pdf.hostile import mutated, sample

if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    limit_process(1_500_000_000, 60)
    whole = sample()
    for seed in range(int(sys.argv[1]), int(sys.argv[2])):
        data = mutated(whole, seed)
        try:
            read = read_pdf(data)
            outcome = "read" if decode(encode_document(read)) == read else "told wrongly"
        except PdfError:
            outcome = "refused"
        except Exception as error:
            outcome = repr(error)
        print(json.dumps([seed, outcome]), flush=True)
