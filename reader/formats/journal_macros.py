r"""The journals that astronomers' BibTeX names by commands: ``journal = {\apjl}``.

Source: the macros of AASTeX, which NASA's ADS writes into its exports
(https://ui.adsabs.harvard.edu/help/actions/journal-macros).
"""

from __future__ import annotations

import re

_JOURNALS = {
    "aap": "Astronomy and Astrophysics", "aapr": "Astronomy and Astrophysics Reviews",
    "aaps": "Astronomy and Astrophysics Supplement", "aj": "Astronomical Journal", "ao": "Applied Optics",
    "apj": "Astrophysical Journal", "apjl": "Astrophysical Journal Letters", "apjlett": "Astrophysical Journal Letters",
    "apjs": "Astrophysical Journal Supplement", "apjsupp": "Astrophysical Journal Supplement",
    "applopt": "Applied Optics", "apss": "Astrophysics and Space Science",
    "araa": "Annual Review of Astronomy and Astrophysics", "astap": "Astronomy and Astrophysics",
    "baas": "Bulletin of the American Astronomical Society", "gca": "Geochimica et Cosmochimica Acta",
    "grl": "Geophysical Research Letters", "icarus": "Icarus", "jcap": "Journal of Cosmology and Astroparticle Physics",
    "jcp": "Journal of Chemical Physics", "jgr": "Journal of Geophysical Research",
    "jqsrt": "Journal of Quantitative Spectroscopy and Radiative Transfer", "maps": "Meteoritics and Planetary Science",
    "mnras": "Monthly Notices of the Royal Astronomical Society", "nar": "New Astronomy Review",
    "nat": "Nature", "na": "New Astronomy", "pasa": "Publications of the Astronomical Society of Australia",
    "pasj": "Publications of the Astronomical Society of Japan",
    "pasp": "Publications of the Astronomical Society of the Pacific", "physrep": "Physics Reports",
    "physscr": "Physica Scripta", "planss": "Planetary and Space Science", "pra": "Physical Review A",
    "prb": "Physical Review B", "prc": "Physical Review C", "prd": "Physical Review D", "pre": "Physical Review E",
    "prl": "Physical Review Letters", "procspie": "Proceedings of the SPIE", "psj": "Planetary Science Journal",
    "solphys": "Solar Physics", "sovast": "Soviet Astronomy", "ssr": "Space Science Reviews",
}  # fmt: skip
_MACRO = re.compile(r"\s*\\([a-z]{2,9})(?:\s|\{\})*")


def spell_out_journal(source: str) -> str:
    """The name of a journal that a command stands for; other text stays as it is."""
    match = _MACRO.fullmatch(source)
    return _JOURNALS.get(match[1], source) if match else source
