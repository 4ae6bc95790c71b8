"""The commands of ``lectern``, by subject; :mod:`reader.cli` puts them together. None of them imports Qt."""
