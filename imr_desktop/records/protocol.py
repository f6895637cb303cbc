# SPDX-License-Identifier: AGPL-3.0-or-later
"""What may be asked of the PDF reader and what it answers: frozen values that cross from one process to the other."""

import dataclasses
import math
from dataclasses import dataclass

from imr_desktop.models.records import Box, PageRef, PageSize, PageWords, TextLine
from imr_desktop.records.troubles import CannotReadPdf, Why, sentences

_MIB = 1 << 20
PART_BYTES = _MIB
"""A file that is drawn from parts is cut into pieces of so many bytes."""


@dataclass(frozen=True, slots=True)
class Caps:
    """How much a PDF may cost before it is given up.

    ``memory`` (bytes) is what the child may use beside itself and the files it holds open; ``seconds`` the time for
    one page, ``file_seconds`` for opening or measuring a file, ``start_seconds`` for starting the child. ``pixels`` and
    ``side`` clamp a drawn page; ``pages`` and ``words`` are the most a file and a page may have. The child keeps at
    most ``documents`` files of together ``held`` bytes open (but always one). Files of ``large`` bytes and more are
    drawn from the parts of them that a page needs. ``nice`` lowers its priority.
    """

    memory: int = 1024 * _MIB
    seconds: float = 20.0
    pixels: int = 24_000_000
    pages: int = 100_000
    documents: int = 32
    file_seconds: float = 45.0
    start_seconds: float = 60.0
    side: int = 16_000
    words: int = 100_000
    held: int = 128 * _MIB
    large: int = 8 * _MIB
    nice: int = 0


@dataclass(frozen=True, slots=True)
class Measure:
    """Asks how many pages a source file (its SHA-256, hex) has, how large they are and how they are labelled."""

    source: str


@dataclass(frozen=True, slots=True)
class Draw:
    """Asks for a page's pixels.

    ``scale`` is pixels a page point (dpi / 72); ``rotation`` is the viewer's own, clockwise in degrees, on top of how
    the page stands in its file. ``part`` asks for no more than this box of the page (points of the page before that
    rotation), so that a page can be seen much enlarged without drawing all of it. ValueError for a scale that is not
    positive, a rotation that is no quarter turn, or a part without extent.
    """

    page: PageRef
    scale: float
    rotation: int = 0
    part: Box | None = None

    def __post_init__(self) -> None:
        if not (self.scale > 0 and math.isfinite(self.scale)):
            raise ValueError("a page is drawn at a positive scale")
        if self.rotation % 90:
            raise ValueError("a page is turned by quarters")
        if self.part is not None and not (self.part.x1 > self.part.x0 and self.part.y1 > self.part.y0):
            raise ValueError("a part of a page has an extent")


@dataclass(frozen=True, slots=True)
class ReadWords:
    """Asks for the words of a page and where they stand."""

    page: PageRef


@dataclass(frozen=True, slots=True)
class ReadLines:
    """Asks for the printed lines of a page, with what is bold at their beginning."""

    page: PageRef


Request = Measure | Draw | ReadWords | ReadLines


@dataclass(frozen=True, slots=True)
class Measured:
    """Sizes (page points, as shown upright) and printed labels, one each a page; a label is empty if there is none."""

    source: str
    sizes: tuple[PageSize, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page as pixels: 32 bits each in the order blue, green, red, 255 (QImage's RGB32 on a little-endian machine).

    ``scale`` is the scale it was really drawn at, which is smaller than the asked one where the page would have passed
    the cap. ``width`` and ``height`` are in pixels, ``stride`` in bytes. ``part`` is the box that was asked for.
    """

    page: PageRef
    scale: float
    rotation: int
    width: int
    height: int
    stride: int
    pixels: bytes = dataclasses.field(repr=False)
    part: Box | None = None


@dataclass(frozen=True, slots=True)
class WordsRead:
    """The words of a page in reading order."""

    words: PageWords


@dataclass(frozen=True, slots=True)
class LinesRead:
    """The printed lines of a page, top to bottom and then left to right; far-apart cells of a row are separate."""

    page: PageRef
    lines: tuple[TextLine, ...]


@dataclass(frozen=True, slots=True)
class Failed:
    """Why a request got nothing: the two sentences for the reviewer, and which of the known reasons it is."""

    request: Request
    happened: str
    advice: str
    why: Why = Why.PAGE_BROKEN

    def trouble(self) -> CannotReadPdf:
        """The same as something to raise."""
        return CannotReadPdf(self.happened, self.advice, why=self.why)


Answer = Measured | Drawn | WordsRead | LinesRead | Failed


def source_of(request: Request) -> str:
    """The SHA-256 of the source file that a request is about."""
    return request.source if isinstance(request, Measure) else request.page.source


def failed(request: Request, why: Why, caps: Caps, count: int = 0) -> Failed:
    """The failed answer to a request, with its sentences filled in; ``count`` is the number they speak of, if any."""
    page = 0 if isinstance(request, Measure) else request.page.page + 1
    happened, advice = sentences(
        why,
        page=page,
        count=count,
        seconds=caps.seconds,
        file_seconds=caps.file_seconds,
        pages=caps.pages,
    )
    return Failed(request, happened, advice, why)
