"""``python -m reader`` is ``lectern``."""

from reader.cli import main

if __name__ == "__main__":
    main()
