"""What kind of work a paper is, in BibTeX's, CSL's and RIS's terms.

Sources: ``btxdoc``, section 3.1; BibLaTeX's manual, section 2.1; CSL 1.0.2, appendix III; RIS's ``TY``. The names that
differ are paired as Zotero pairs them.
"""

from __future__ import annotations

from dataclasses import dataclass

from reader.domain.papers import Paper


@dataclass(frozen=True, slots=True)
class Work:
    """A kind of work: its BibTeX ``entry_type``, CSL's ``csl`` and RIS's ``ris`` type.

    ``venue`` is the BibTeX field that holds what it appeared in, ``issuer`` the one that holds who published it.
    """

    entry_type: str
    csl: str
    ris: str
    venue: str = "journal"
    issuer: str = "publisher"


_KINDS = (
    Work("article", "article-journal", "JOUR"),
    Work("inproceedings", "paper-conference", "CONF", "booktitle"),
    Work("conference", "paper-conference", "CONF", "booktitle"),
    Work("incollection", "chapter", "CHAP", "booktitle"),
    Work("inbook", "chapter", "CHAP", "booktitle"),
    Work("book", "book", "BOOK", "booktitle"),
    Work("proceedings", "book", "BOOK", "booktitle"),
    Work("collection", "book", "EDBOOK", "booktitle"),
    Work("phdthesis", "thesis", "THES", issuer="school"),
    Work("mastersthesis", "thesis", "THES", issuer="school"),
    Work("thesis", "thesis", "THES", issuer="institution"),
    Work("techreport", "report", "RPRT", issuer="institution"),
    Work("report", "report", "RPRT", issuer="institution"),
    Work("manual", "report", "RPRT"),
    Work("unpublished", "manuscript", "UNPB"),
    Work("online", "webpage", "ELEC"),
    Work("dataset", "dataset", "DATA"),
    Work("software", "software", "COMP"),
    Work("patent", "patent", "PAT"),
)
_BY_TYPE = {kind.entry_type: kind for kind in _KINDS}
PREPRINT = Work("misc", "article", "UNPB")
"""What is not known to have been published: ``@misc``, the way arXiv itself and Zotero write preprints."""


def work_of(paper: Paper) -> Work:
    """What kind of work a paper is: as it came, else an article where a venue is known.

    An article without a venue that is on arXiv is a preprint, whatever it was called.
    """
    publication = paper.publication
    kind = _BY_TYPE.get((publication.entry_type or "").lower())
    if kind is None:
        return _BY_TYPE["article"] if publication.venue and not publication.entry_type else PREPRINT
    if paper.arxiv_id and not publication.venue and kind.entry_type in {"article", "unpublished"}:
        return PREPRINT
    return kind
