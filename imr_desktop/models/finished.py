# SPDX-License-Identifier: AGPL-3.0-or-later
"""A finished letter and the store it came from, as far as the last checks look at them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FinishedLetter:
    """What a finished file says, shows and carries, read back from its bytes.

    ``rendition`` is ``submission``, ``party`` or ``public``. ``pages`` holds the words of each page. ``carried`` holds
    every other text in or about the file under a name for it: document properties, XMP, annotation authors, the
    certificate's subject, file name, paths, attachments. ``wanted`` holds the words of the preview that the reviewer
    saw. None means that the caller has not looked; a check then stays silent about it.
    """

    rendition: str
    pages: tuple[str, ...] = ()
    carried: tuple[tuple[str, str], ...] = ()
    sections: tuple[str, ...] = ()
    wanted: tuple[str, ...] | None = None
    fonts_embedded: bool | None = None
    active_content: tuple[str, ...] = ()
    hidden_text: bool | None = None
    seal_intact: bool | None = None
    seal_covers_all: bool | None = None
    determination: str = ""
    file_digest: str = ""


@dataclass(frozen=True, slots=True)
class StoreState:
    """Whether the case is encrypted at rest, and clear copies of it that were found outside."""

    encrypted: bool
    clear_copies: tuple[str, ...] = ()
