"""Where a library lies: the default folder, and a warning for folders in which a database comes to harm.

SQLite's own advice (https://sqlite.org/howtocorrupt.html, "Filesystems with broken or missing lock implementations")
is to keep databases off network file systems; a program that synchronises a folder copies a database while it is
being written.
"""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

ENVIRONMENT_VARIABLE = "LECTERN_LIBRARY"
_SYNCHRONISED = {
    "dropbox": "Dropbox",
    "onedrive": "OneDrive",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "my drive": "Google Drive",
    "mobile documents": "iCloud Drive",
    "icloud drive": "iCloud Drive",
    "icloud~": "iCloud Drive",
    "nextcloud": "Nextcloud",
    "owncloud": "ownCloud",
    "pcloud": "pCloud",
    "pclouddrive": "pCloud",
    "mega": "MEGA",
    "megasync": "MEGA",
    "seafile": "Seafile",
}
_SYNCHRONISED_MARKS = {".stfolder": "Syncthing", ".dropbox": "Dropbox", ".nextcloudsync.log": "Nextcloud"}
_NETWORK_FILE_SYSTEMS = {
    "nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afpfs", "webdav", "davfs", "davfs2", "fuse.sshfs", "sshfs",
    "fuse.davfs2", "fuse.rclone", "fuse.gvfsd-fuse", "ncpfs", "afs", "glusterfs", "fuse.glusterfs", "ceph", "lustre",
}  # fmt: skip


def default_library_folder() -> Path:
    """The library's folder where none is named: ``LECTERN_LIBRARY``, else the user's data folder."""
    named = os.environ.get(ENVIRONMENT_VARIABLE)
    return Path(named).expanduser() if named else Path(platformdirs.user_data_path("lectern", appauthor=False))


def location_warning(folder: Path, mounts: str | None = None) -> str | None:
    r"""One sentence if a library in ``folder`` is at risk or cannot be written to, else None.

    ``mounts`` is a table of mounted file systems in the form of Linux's ``/proc/mounts``, read from there by default;
    where there is none (macOS, Windows), network folders are recognised by a ``\\server`` path only.
    """
    folder = folder.expanduser().absolute()
    service = _synchronising_service(folder)
    if service is not None:
        return (
            f"The library {folder} lies in a folder that {service} synchronises, which can damage it; "
            f"keep it elsewhere and let {service} have the exports."
        )
    if str(folder).startswith("\\\\") or _file_system(folder, mounts) in _NETWORK_FILE_SYSTEMS:
        return f"The library {folder} lies on a network drive, which can damage it; keep it on a disk of this computer."
    existing = next(parent for parent in (folder, *folder.parents) if parent.exists())
    if not os.access(existing, os.W_OK):
        return f"The folder {existing} may not be written to; nothing that you do will be kept."
    return None


def _synchronising_service(folder: Path) -> str | None:
    """The service that keeps a folder in step with other computers, if any."""
    for part in folder.parts:
        name = part.casefold()
        for beginning, service in _SYNCHRONISED.items():
            if name == beginning or name.startswith((f"{beginning} ", f"{beginning}-")):
                return service
    for parent in (folder, *folder.parents):
        for mark, service in _SYNCHRONISED_MARKS.items():
            if (parent / mark).exists() and parent != Path.home():
                return service
    return None


def _file_system(folder: Path, mounts: str | None) -> str | None:
    """The type of the file system that a folder lies on, where the system tells."""
    if mounts is None:
        try:
            mounts = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return None
    best, kind = "", None
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        place = fields[1].replace("\\040", " ")
        if len(place) >= len(best) and folder.is_relative_to(place):
            best, kind = place, fields[2]
    return kind
