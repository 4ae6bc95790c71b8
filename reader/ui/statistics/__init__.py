"""The statistics view: how one reads, as pictures that can be walked by key, and as tables."""
