"""The window: PySide6 widgets over ``services.Library``; the only package that imports Qt."""
