"""Leaving for the browser: the paper's page, its PDF where it has no file of its own, and its code."""

from __future__ import annotations

from functools import partial

from reader.domain.links import is_safe_url
from reader.domain.papers import Paper
from reader.domain.settings import Reading, Settings
from reader.services.latex_to_unicode import shown_line
from reader.ui.app.browser import page_url, pdf_url, title_search_url
from reader.ui.app.context import Context, Part
from reader.ui.commands.runner import Acts
from reader.ui.look.wording import joined, told

_SHOWN_ADDRESS = 400


class PaperOpening(Part):
    """Opens what belongs to the paper that is shown."""

    def __init__(self, context: Context) -> None:
        """The opener of the context's environment refuses addresses that are not safe."""
        super().__init__(context)
        self._opener = context.environment.opener
        self._starts = Reading().start_on_opening

    def acts(self) -> Acts:
        """The commands carried out here."""
        return {
            "paper.page": self.open_page,
            "paper.code": self.open_code,
        }

    def use(self, settings: Settings) -> None:
        """Whether papers opened are being read from then on is for the settings to say."""
        self._starts = settings.reading.start_on_opening

    def open_page(self) -> None:
        """Open the paper's page; without one, a search for its title."""
        paper = self.paper()
        if paper is None:
            return
        address = page_url(paper)
        if address is not None:
            self._start(paper, address, "Opened the paper’s page")
        else:
            self._start(paper, title_search_url(paper.title), "No arXiv id: searching for the title")

    def open_pdf(self, paper: Paper, page: int | None = None) -> None:
        """Open a paper's PDF, at a page (from 0) if one is given.

        Without an arXiv id there is none, and a search for the title is the next best.
        """
        address = pdf_url(paper)
        if address is not None:
            self._start(paper, address if page is None else f"{address}#page={page + 1}", "Opened the PDF")
        else:
            self._start(paper, title_search_url(paper.title), "No arXiv id, so no PDF: searching for the title")

    def open_code(self) -> None:
        """Open the first repository that the listing or the abstract names."""
        paper = self.paper()
        if paper is None:
            return
        if paper.code_urls:
            self.open_address(paper.code_urls[0], "Opened the code")
        else:
            self._say("No link to code in the listing or the abstract")

    def open_address(self, address: str, said: str = "Opened in the browser") -> bool:
        """Open any address, if it is safe to; tells whether it was opened."""
        is_open = self._opener.open(address)
        if is_open:
            self._say(said)
        else:
            why = "no browser started" if is_safe_url(address) else "not a safe web address"
            self._workspace.failed.emit(f"Address not opened ({why}): {shown_line(address, _SHOWN_ADDRESS)}")
        return is_open

    def _start(self, paper: Paper, address: str, said: str) -> None:
        """Open a paper's page or PDF, or the search for it."""
        if self.open_address(address, said):
            self.begin_reading(paper, said)

    def begin_reading(self, paper: Paper, said: str) -> None:
        """A paper was opened, as ``said``: unless it was decided, it is being read from now on."""
        if self._starts:
            start = partial(self._workspace.library.states.start_reading, [paper.id])
            self._workspace.perform(start, said=lambda change: joined((said, told(change))))

    def paper(self) -> Paper | None:
        """The list's current paper, even if the detail pane has yet to follow."""
        self._reader.show_current_if_due()
        return self._reader.paper
