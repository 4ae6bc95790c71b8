"""The library's whole API for the window and the command line."""

from reader.services.library.library import Library, SampleLibrary, open_sample_library
from reader.services.library.location import default_library_folder, location_warning
from reader.services.search.searcher import SearchResult

__all__ = [
    "Library",
    "SampleLibrary",
    "SearchResult",
    "default_library_folder",
    "location_warning",
    "open_sample_library",
]
