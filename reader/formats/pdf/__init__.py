"""PDF files: their text by PDFium, and what was annotated in them by pypdf.

Only this package imports the two, and only a process of its own should call :func:`.file_reading.read_pdf`: PDFium must
not be called by two threads, and a file may be made to break it. :mod:`.process` is what that process does;
:mod:`.answers` and :mod:`.problems` are what it and its parent have in common. Importing these imports neither library.
"""
