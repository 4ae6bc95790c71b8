"""Start Lectern from a checkout: ``python main.py`` is the same as ``lectern``."""

from reader.cli import main

if __name__ == "__main__":
    main()
