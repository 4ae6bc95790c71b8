"""The statistics of reading, as charts that can be read by key, and as tables."""
