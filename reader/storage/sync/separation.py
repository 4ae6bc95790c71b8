"""Taking papers apart that another device joined, of which this one has no step to take back."""

from __future__ import annotations

from reader.storage.sync import engine
from reader.storage.sync.paper_classes import touch_all
from reader.storage.sync.paper_rows import has_content, paper_cell
from reader.storage.sync.work import Work, milliseconds
from reader.storage.writer import Writer


def separate(writer: Writer, key: str) -> bool:
    """Take the paper that had ``key`` out of the one it was joined into; False if its content is not known.

    What was said of it comes back with it, from its cells. What was said since it was joined stays with both.
    """
    if writer.execute("SELECT 1 FROM sync_me").fetchone() is None:
        return False
    work = Work(writer, milliseconds(writer.clock()))
    engine.flush_all(work)
    uid = work.uid_with_key(key)
    if uid is None or not has_content(work, uid) or len(work.members_of(uid)) == 1:
        return False
    members = work.members_of(uid)
    row = work.papers_of([uid]).get(uid)
    if row is None:
        return False
    heads = work.heads([paper_cell(member, "same") for member in members])
    here = work.uid_of("paper", row)
    for member in members:
        said = {head.value for head in heads.get(paper_cell(member, "same"), ()) if isinstance(head.value, str)}
        if member == uid and said:
            work.write(paper_cell(member, "same"), None)
        elif uid in said:
            work.write(paper_cell(member, "same"), None if member == here else here)
    touch_all(work, members)
    engine.render(work)
    work.store()
    return True
