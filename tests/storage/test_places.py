# SPDX-License-Identifier: AGPL-3.0-or-later
"""Folders that a service copies away, network shares and disks that come and go are told, others are not."""

from collections.abc import Iterable
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

import pytest

from imr_desktop.storage.places import Mount, mounts, risk

DISKS = (
    Mount("/", "ext4", "rw"),
    Mount("/home", "btrfs", "rw"),
    Mount("/media/reviewer/STICK", "vfat", "rw"),
    Mount("/run/media/reviewer/DISK", "ext4", "rw"),
    Mount("/mnt/share", "cifs", "rw"),
    Mount("/mnt/nfs", "nfs4", "rw"),
    Mount("/home/reviewer/far", "fuse.sshfs", "rw"),
    Mount("/Volumes/STICK", "msdos", "rw"),
    Mount("C:\\", "NTFS", "rw,fixed"),
    Mount("E:\\", "FAT32", "rw,removable"),
    Mount("Z:\\", "NTFS", "rw,remote"),
)
WINDOWS = {"OneDrive": "C:\\Users\\reviewer\\Documents In The Cloud"}


def _told(folder: PurePath, environment: dict[str, str] | None = None, holds: str = "") -> str | None:
    def names(place: PurePath) -> Iterable[str]:
        return [".dropbox"] if str(place) == holds else []

    return risk(folder, mounted=DISKS, environment=environment or {}, holds=names)


@pytest.mark.parametrize(
    ("folder", "word"),
    [
        (PureWindowsPath("C:/Users/reviewer/OneDrive/vault"), "OneDrive"),
        (PureWindowsPath("C:/Users/reviewer/OneDrive - Clinic/vault"), "OneDrive"),
        (PureWindowsPath("c:/users/REVIEWER/documents in the cloud/vault"), "OneDrive"),
        (PureWindowsPath("C:/Users/reviewer/iCloudDrive/vault"), "iCloud"),
        (PureWindowsPath("//server/share/vault"), "network share"),
        (PureWindowsPath("Z:/vault"), "network drive"),
        (PureWindowsPath("E:/vault"), "unplugged"),
        (PurePosixPath("/home/reviewer/Dropbox/vault"), "Dropbox"),
        (PurePosixPath("/home/reviewer/Dropbox (Personal)/vault"), "Dropbox"),
        (PurePosixPath("/Users/reviewer/Library/Mobile Documents/com~apple~CloudDocs/vault"), "iCloud"),
        (PurePosixPath("/Users/reviewer/Library/CloudStorage/GoogleDrive-a@b.c/My Drive/vault"), "Google Drive"),
        (PurePosixPath("/Users/reviewer/Library/CloudStorage/OneDrive-Clinic/vault"), "OneDrive"),
        (PurePosixPath("/home/reviewer/Google Drive/vault"), "Google Drive"),
        (PurePosixPath("/home/reviewer/Nextcloud/vault"), "Nextcloud"),
        (PurePosixPath("/media/reviewer/STICK/vault"), "unplugged"),
        (PurePosixPath("/run/media/reviewer/DISK"), "unplugged"),
        (PurePosixPath("/Volumes/STICK/vault"), "unplugged"),
        (PurePosixPath("/mnt/share/vault"), "network drive"),
        (PurePosixPath("/mnt/nfs/vault"), "network drive"),
        (PurePosixPath("/home/reviewer/far/vault"), "network drive"),
    ],
)
def test_a_risky_folder_is_told_in_one_sentence(folder: PurePath, word: str) -> None:
    told = _told(folder, WINDOWS)
    assert told is not None
    assert word in told
    assert told.endswith(".")
    assert told.count(". ") == 0


@pytest.mark.parametrize(
    "folder",
    [
        PureWindowsPath("C:/Users/reviewer/AppData/Local/imr-desktop/vault"),
        PureWindowsPath("C:/OneDriveless/vault"),
        PurePosixPath("/home/reviewer/.local/share/imr-desktop/vault"),
        PurePosixPath("/home/reviewer/dropboxes/vault"),
        PurePosixPath("/Users/reviewer/Library/Application Support/imr-desktop/vault"),
        PurePosixPath("/mnt/sharedish/vault"),
    ],
)
def test_an_ordinary_folder_is_not(folder: PurePath) -> None:
    assert _told(folder, WINDOWS) is None


def test_a_folder_that_a_service_marked_is_known_whatever_its_name() -> None:
    assert "Dropbox" in (_told(PurePosixPath("/home/reviewer/Work/vault"), holds="/home/reviewer/Work") or "")


def test_this_computer_can_be_asked(tmp_path: Path) -> None:
    assert any(mount.point == "/" or mount.point.startswith(("C:", "/")) for mount in mounts())
    assert risk(tmp_path / "Dropbox" / "vault") is not None
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain" / ".stfolder").mkdir()
    assert "Syncthing" in (risk(tmp_path / "plain" / "vault") or "")
