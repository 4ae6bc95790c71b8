r"""Identifiers of the work in a BibTeX entry: its arXiv identifier, DOI and addresses, in whichever field they are.

Semantic Scholar writes arXiv's papers as ``journal={ArXiv}, volume={abs/…}``, ADS as ``eid={arXiv:…}``, DBLP as the
volume of "CoRR", al-folio's pages have ``arxiv``, ``pdf`` and ``html``, others keep an address in a note. In addresses
LaTeX's escapes are undone (``\_``, ``\~{}``, ``\href``), dashes and ties are not (:func:`address_text`).
"""

from __future__ import annotations

import re

from reader.domain.arxiv import normalize_arxiv_id
from reader.domain.doi import normalize_doi
from reader.domain.links import find_links, is_safe_url
from reader.formats.bibtex_fields import Fields
from reader.formats.mentions import find_arxiv_class, find_arxiv_id, find_arxiv_id_of_work, find_doi

_TILDE = re.compile(
    r"\$\{?\\(?:sim|tilde(?:\{\s?\})?)\}?\$|\{\\textasciitilde(?:\{\})?\}|\\textasciitilde(?:\{\}|\s)?"
    r"|\{\\~(?:\{\s?\})?\}|\\(?:string)?~(?:\{\s?\})?"
)
_LINK = re.compile(r"\\(?:url|path|nolinkurl|href)\s{0,3}\{([^{}]{1,2000})\}")
_ESCAPED = re.compile(r"\\([%#_&$/{}^])")
_UNSEEN = re.compile(r"\\(?:-|allowbreak|penalty-?\d*|linebreak|discretionary)\s?")
_UNDERSCORE = re.compile(r"\\textunderscore(?:\{\}|\s)?")

_ARXIV_FIELDS = ("arxivid", "arxiv", "arxiv_id", "arxiv-id", "arxivnumber", "eprintid")
_VENUES = ("journal", "journaltitle", "booktitle", "publisher", "series", "school", "institution", "archiveprefix")
_NUMBERS = ("volume", "number", "issue", "eid", "pages", "article-number", "articleno")
_LINKED = (
    *("doi", "url", "journal", "journaltitle", "booktitle", "series", "publisher", "volume", "number", "issue", "eid"),
    *("pages", "howpublished", "pdf", "html", "link", "ee", "urlpdf", "bdsk-url-1", "bdsk-url-2", "institution"),
    *("archive", "type", "code", "website"),
)
_NOTES = ("note", "annote", "annotation", "addendum", "comment", "pubstate", "eprint")
_ADDRESSES = ("url", "howpublished", "html", "link", "ee", "note", "website", "pdf", "urlpdf", "bdsk-url-1")
_DOI_SOURCES = ("url", "ee", "link", "howpublished", "note", "html", "bdsk-url-1", "pdf")


def address_text(source: str) -> str:
    r"""LaTeX source of an address as the address: escapes undone, ``\url`` and braces dropped."""
    if "\\" in source or "$" in source:
        source = _TILDE.sub("~", source)
        source = _UNSEEN.sub("", _LINK.sub(r" \1 ", source))
        source = _ESCAPED.sub(r"\1", _UNDERSCORE.sub("_", source))
    return source.replace("{", "").replace("}", "").strip() if "{" in source or "}" in source else source.strip()


def find_identifier(fields: Fields) -> str | None:
    """The work's arXiv identifier."""
    texts = {name: address_text(value) for name, value in fields.items() if name in _READ}
    archive = _archive(fields)
    named = [texts.get(name, "") for name in _ARXIV_FIELDS]
    if "arxiv" in archive or not archive:
        named.append(texts.get("eprint", ""))
    for text in named:
        bare = text.partition("[")[0]
        if found := normalize_arxiv_id(bare) or find_arxiv_id(text):
            return found
    if found := _with_old_archive(texts.get("eprint", ""), (archive, *_classes(fields))):
        return found
    if found := find_arxiv_id(" ".join(texts[name] for name in _LINKED if name in texts)):
        return found
    return find_arxiv_id_of_work(
        (texts[name] for name in _VENUES if name in texts),
        (texts[name] for name in _NUMBERS if name in texts),
        (texts[name] for name in _NOTES if name in texts and (name != "eprint" or "arxiv" in archive or not archive)),
    )


def find_categories(fields: Fields) -> tuple[str, ...]:
    """The arXiv classes of a work."""
    if classes := _classes(fields):
        return tuple(classes)
    for name in ("eprint", "eid", "note", "journal", "number", "howpublished"):
        text = fields.get(name, "")
        if "[" in text and (name == "eprint" or "arxiv" in text.lower()) and (found := find_arxiv_class(text)):
            return (found,)
    return ()


def find_work_doi(fields: Fields) -> str | None:
    """The work's DOI: its ``doi``, else one that an address or a note names."""
    for text in address_text(fields.get("doi", "")).replace(" ", ";").split(";"):
        if doi := normalize_doi(text):
            return doi
    if fields.get("eprinttype", "").lower() == "doi" and (doi := normalize_doi(address_text(fields.get("eprint", "")))):
        return doi
    return find_doi(" ".join(address_text(fields[name]) for name in _DOI_SOURCES if name in fields))


def find_address(fields: Fields) -> str | None:
    """The work's address: its ``url``, else a link in another field that is no DOI."""
    for name in _ADDRESSES:
        text = address_text(fields.get(name, ""))
        if not text or (name != "url" and "://" not in text and "www." not in text):
            continue
        whole = "".join(text.split())  # one that was wrapped
        links = [whole] if is_safe_url(whole) and whole.count("://") == 1 else [link for *_, link in find_links(text)]
        for link in links:
            if name == "url" or normalize_doi(link) is None:
                return link
    return None


def find_code_address(fields: Fields) -> tuple[str, ...]:
    """The address of the work's code, which personal pages keep in ``code``."""
    address = address_text(fields.get("code", ""))
    return (address,) if is_safe_url(address) else ()


def _archive(fields: Fields) -> str:
    """The archive that ``eprint`` is of, in small letters."""
    named = fields.get("archiveprefix") or fields.get("eprinttype") or fields.get("archive") or ""
    return named.strip(" {}").lower()


def _classes(fields: Fields) -> list[str]:
    shown = address_text(fields.get("primaryclass") or fields.get("eprintclass") or "")
    return shown.replace(",", " ").split()


def _with_old_archive(number: str, archives: tuple[str, ...]) -> str | None:
    """An identifier of the old form whose archive stands in another field (``hep-th`` and ``9901001``)."""
    if not re.fullmatch(r"\d{7}(?:v\d{1,3})?", number.strip()):
        return None
    found = (
        normalize_arxiv_id(f"{archive}/{number.strip()}")
        for archive in archives
        if "/" not in archive and "arxiv" not in archive
    )
    return next((identifier for identifier in found if identifier), None)


_READ = frozenset({*_ARXIV_FIELDS, *_VENUES, *_NUMBERS, *_LINKED, *_NOTES})
