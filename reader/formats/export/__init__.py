"""Papers and annotations as text for other tools. Pure: values in, text or bytes out, no files, no clock.

:mod:`.inert` and :mod:`.names` make imported text harmless; :mod:`.notes` renders a paper for a Markdown vault and
:mod:`.splice` puts that into a note which its owner has edited; every other module is one form (BibTeX, RIS, …).
"""
