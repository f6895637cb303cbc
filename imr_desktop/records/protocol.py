# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is asked of the child that reads PDFs, and what it answers: frozen values that can cross a pipe."""

from dataclasses import dataclass

from imr_desktop.errors import Trouble
from imr_desktop.models.records import PageRef, PageSize, PageWords, TextLine


@dataclass(frozen=True, slots=True)
class Caps:
    """How much one child may take: memory (bytes), seconds for one request, pixels of one picture, pages of a file."""

    memory: int = 3 << 30
    seconds: float = 20.0
    pixels: int = 24_000_000
    pages: int = 100_000
    documents: int = 3


@dataclass(frozen=True, slots=True)
class Measure:
    """Ask for the sizes and labels of all pages of a source file (SHA-256)."""

    source: str


@dataclass(frozen=True, slots=True)
class Draw:
    """Ask for a page as a picture: ``scale`` in pixels a point, ``rotation`` clockwise on top of the page's own."""

    page: PageRef
    scale: float
    rotation: int = 0


@dataclass(frozen=True, slots=True)
class ReadWords:
    """Ask for a page's words with their boxes."""

    page: PageRef


@dataclass(frozen=True, slots=True)
class ReadLines:
    """Ask for a page's printed lines from top to bottom, with what of each is bold."""

    page: PageRef


Request = Measure | Draw | ReadWords | ReadLines


@dataclass(frozen=True, slots=True)
class Measured:
    """The pages of a source file: one size (page points, as shown upright) and one printed label each."""

    source: str
    sizes: tuple[PageSize, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page as a picture: rows of ``stride`` bytes, four a pixel (blue, green, red, unused).

    ``scale`` is the one really used, smaller than the one asked for where the picture would have been too large.
    """

    page: PageRef
    scale: float
    rotation: int
    width: int
    height: int
    stride: int
    pixels: bytes


@dataclass(frozen=True, slots=True)
class WordsRead:
    """The words of a page."""

    words: PageWords


@dataclass(frozen=True, slots=True)
class LinesRead:
    """The printed lines of a page."""

    page: PageRef
    lines: tuple[TextLine, ...]


@dataclass(frozen=True, slots=True)
class Failed:
    """A request that could not be answered: what happened and what to do, as two sentences."""

    request: Request
    happened: str
    advice: str

    def trouble(self) -> "CannotReadPdf":
        """The same as Trouble."""
        return CannotReadPdf(self.happened, self.advice)


Answer = Measured | Drawn | WordsRead | LinesRead | Failed


class CannotReadPdf(Trouble):
    """A PDF, or one page of it, cannot be read."""

    default_advice = "Open it in another reader; if it opens there, print it to PDF and use that copy."


def source_of(request: Request) -> str:
    """The SHA-256 of the source file that a request is about."""
    return request.source if isinstance(request, Measure) else request.page.source
