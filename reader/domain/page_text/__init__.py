"""The running text of documents from the characters of their pages.

Lines are taken in the order of the file, told apart by kind, and put together to paragraphs and sentences, each kind by
itself (decision 62). Nothing here knows how a file is read.
"""
