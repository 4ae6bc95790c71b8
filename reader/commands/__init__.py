"""The commands of ``lectern``, one module per subject; :mod:`reader.cli` registers them. None of them imports Qt."""
