# SPDX-License-Identifier: AGPL-3.0-or-later
"""Places for a vault: folders that a service copies away, network shares and disks that come and go are told."""

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath, PureWindowsPath
from typing import Final

import psutil

_CLOUDS: Final = {
    "onedrive": "OneDrive",
    "dropbox": "Dropbox",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "my drive": "Google Drive",
    "mobile documents": "iCloud",
    "com~apple~clouddocs": "iCloud",
    "iclouddrive": "iCloud",
    "icloud drive": "iCloud",
    "nextcloud": "Nextcloud",
    "owncloud": "ownCloud",
    "box sync": "Box",
    "pcloud drive": "pCloud",
    "creative cloud files": "Creative Cloud",
    "syncthing": "Syncthing",
}
_MARKERS: Final = {
    ".dropbox": "Dropbox",
    ".dropbox.cache": "Dropbox",
    ".stfolder": "Syncthing",
    ".owncloudsync.log": "Nextcloud",
}
_ONEDRIVE: Final = ("OneDrive", "OneDriveConsumer", "OneDriveCommercial")
_NETWORK: Final = {
    "nfs", "nfs4", "cifs", "smb", "smbfs", "smb2", "smb3", "afpfs", "webdav", "davfs", "davfs2", "fuse.sshfs", "sshfs",
    "9p", "ncpfs", "afs", "ceph", "glusterfs", "fuse.glusterfs", "fuse.rclone", "fuse.gvfsd-fuse", "vboxsf", "prl_fs",
}  # fmt: skip
_CLOUD_MOUNTS: Final = {"fuse.google-drive-ocamlfuse", "fuse.onedriver", "fuse.dropbox", "dropboxfs"}
_LOOSE: Final = ("/media/", "/run/media/", "/Volumes/")


@dataclass(frozen=True, slots=True)
class Mount:
    """Where a disk or share is mounted, its file system, and the system's options for it."""

    point: str
    kind: str
    options: str = ""


def mounts() -> tuple[Mount, ...]:
    """What is mounted on this computer now."""
    try:
        return tuple(Mount(each.mountpoint, each.fstype, each.opts) for each in psutil.disk_partitions(all=True))
    except (OSError, RuntimeError):
        return ()


def risk(
    folder: Path | PurePath,
    *,
    mounted: Iterable[Mount] | None = None,
    environment: Mapping[str, str] | None = None,
    holds: Callable[[PurePath], Iterable[str]] | None = None,
) -> str | None:
    """Why a vault should not be in this folder, as one sentence; None if nothing speaks against it.

    The other arguments stand for this computer's mounts, its environment and a look into a folder.
    """
    place = folder if mounted is not None else Path(folder).expanduser().absolute()
    named = _cloud(place, os.environ if environment is None else environment, holds or _names)
    if named:
        return (
            f"This folder belongs to {named}, which would copy the vault to other computers while it is being written."
        )
    if str(place).startswith(("\\\\", "//")):
        return "This folder is on a network share, where a lost connection can damage the vault."
    mount = _mount_of(place, mounts() if mounted is None else mounted)
    if mount is None:
        return None
    kind = mount.kind.lower()
    if kind in _CLOUD_MOUNTS:
        return "This folder belongs to a cloud service, which would copy the vault while it is being written."
    if kind in _NETWORK or "remote" in mount.options.split(","):
        return "This folder is on a network drive, where a lost connection can damage the vault."
    if "removable" in mount.options.split(",") or _is_loose(mount.point):
        return "This folder is on a disk that can be unplugged, which can damage the vault while it is open."
    return None


def _cloud(place: PurePath, environment: Mapping[str, str], holds: Callable[[PurePath], Iterable[str]]) -> str | None:
    for name in _ONEDRIVE:
        root = environment.get(name)
        if root and _within(place, type(place)(root)):
            return "OneDrive"
    for each in (place, *place.parents):
        part = each.name.lower()
        for word, service in _CLOUDS.items():
            # "OneDrive - Company" and "Dropbox (Personal)" are how the services name a second account.
            if part == word or part.startswith((f"{word} - ", f"{word} (", f"{word}-")):
                return service
        for marker in holds(each):
            if marker.lower() in _MARKERS:
                return _MARKERS[marker.lower()]
    return None


def _names(folder: PurePath) -> Iterable[str]:
    return (name for name in _MARKERS if (Path(folder) / name).exists())


def _mount_of(place: PurePath, mounted: Iterable[Mount]) -> Mount | None:
    over = [mount for mount in mounted if mount.point and _within(place, type(place)(mount.point))]
    return max(over, key=lambda mount: len(mount.point), default=None)


def _within(place: PurePath, root: PurePath) -> bool:
    if isinstance(place, PureWindowsPath) or sys.platform in {"win32", "darwin"}:
        place, root = type(place)(str(place).lower()), type(root)(str(root).lower())
    return place == root or root in place.parents


def _is_loose(point: str) -> bool:
    return any(point.startswith(start) for start in _LOOSE) and point.rstrip("/") != "/Volumes/Macintosh HD"
