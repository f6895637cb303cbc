# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reading a case behind the reviewer's back: page by page, resumable at any moment, what is on screen first."""

import os
import queue
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import psutil

from imr_desktop.casework import page_steps
from imr_desktop.casework.page_steps import Kept
from imr_desktop.casework.progress import Progress
from imr_desktop.models.case import Case
from imr_desktop.models.readable import Record, RecordPage
from imr_desktop.models.records import Page, PageRef, PageSize, PageWords
from imr_desktop.records import Answer, Caps, Draw, Drawn, Failed, Reader, ReadWords, WordsRead
from imr_desktop.records.blanks import BLANK, INK_SCALE, STAMP_WORDS, ink
from imr_desktop.records.ocr import Engine, Engines, NotRecognised, Picture, Recognised, Recognizer, engines
from imr_desktop.storage import CaseStore, Table
from imr_desktop.storage.page_index import PageReading, Stage

_NICE = 15
_TRIES = 4
_AHEAD = 4
_OFTEN_KILLED = "the program stopped each time while it was being read"
_NOT_YET = {
    Stage.WORDS: "it has not been read yet",
    Stage.QUICK_OCR: "its picture has not been read yet",
    Stage.STRONG_OCR: "",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """How a case is read. Without ``ocr`` only digital words are read, and pictures stay told as unread.

    ``workers`` is how many processes recognise words. ``patience`` is how long (seconds) one ``next`` may wait for
    news: 0 for a window that pumps it. ``paused`` is asked before each page that would be recognised.
    """

    ocr: bool = True
    engines: Engines | None = None
    workers: int = 0
    patience: float = 0.2
    paused: Callable[[], bool] = lambda: False


def on_battery() -> bool:
    """Whether the machine runs on its battery; False where that is not known. Made for ``Plan.paused``."""
    sensors = getattr(psutil, "sensors_battery", None)
    battery = None if sensors is None else sensors()
    return battery is not None and battery.power_plugged is False


def pages_of(case: Case) -> tuple[Page, ...]:
    """Every page of the case in its order."""
    return tuple(page for source in case.sources for page in source.pages())


def read(store: CaseStore, plan: Plan = Plan()) -> Iterator[Progress]:
    """Read every page of the case that has not been read; each page is kept as soon as it is done.

    Can be closed between any two steps, and started again: it goes on where it was. Pages asked for by
    ``store.pages.index.prefer`` come first. The last Progress tells how many pages could not be read.
    """
    room = _ReadingRoom(store, plan)
    try:
        yield from room.run()
    finally:
        room.close()


def read_again(store: CaseStore, refs: Iterable[PageRef]) -> None:
    """Have pages recognised anew at the next ``read``, before all others; their words stay until then."""
    refs = tuple(refs)
    store.pages.index.again(refs)
    store.pages.index.prefer(refs)


def record(store: CaseStore, case: Case | None = None) -> Record:
    """The record as it can be searched: each page with its text, or why its silence means nothing."""
    case = store.read() if case is None else case
    index = store.pages.index
    texts, seen = index.texts(), store.seen()
    readings = {reading.ref: reading for reading in index.readings()}
    repeats = {ref: PageRef(*value["of"]) for ref, value in index.noted("repeat").items()}
    dismissed = _dismissed(store)
    received = {source.sha256: source.received_on for source in case.sources}
    pages = []
    for page in pages_of(case):
        reading = readings.get(page.ref, PageReading(page.ref, page.case_page))
        text = texts.get(page.ref, "")
        pages.append(
            RecordPage(
                page.ref,
                page.case_page,
                text,
                reading.origin,
                reading.why or _NOT_YET.get(reading.stage, ""),
                blank=is_blank(reading, text),
                repeats=repeats.get(page.ref),
                seen=seen.get(page.ref),
                dismissed=dismissed.get(page.ref, ""),
                received_on=received.get(page.ref.source),
            )
        )
    return Record(tuple(pages))


def attended(known: Record, store: CaseStore) -> Record:
    """The same record with the pages seen and dismissed by now; of what pages say, nothing is fetched anew."""
    seen, dismissed = store.seen(), _dismissed(store)
    return Record(
        tuple(
            page
            if (page.seen, page.dismissed) == (now := (seen.get(page.ref), dismissed.get(page.ref, "")))
            else replace(page, seen=now[0], dismissed=now[1])
            for page in known.pages
        )
    )


def _dismissed(store: CaseStore) -> dict[PageRef, str]:
    return {each.ref: each.dismissal.words for each in store.kept(Table.CARE) if each.dismissal is not None}


def is_blank(reading: PageReading, text: str) -> bool:
    """Whether a page was read and found to have nothing on it, or to say so itself."""
    if reading.stage is not Stage.READ:
        return False
    few = len(text.split()) <= STAMP_WORDS
    return few and ((reading.ink is not None and reading.ink < BLANK) or "left blank" in text.lower())


@dataclass
class _Page:
    """A page in hand: what has come in about it so far."""

    reading: PageReading
    words: PageWords | None = None
    parts: int = 0
    trouble: str = ""
    drawn: Drawn | None = None


class _ReadingRoom:
    """One run over a case; everything in it but the queue of news belongs to the thread that runs it."""

    def __init__(self, store: CaseStore, plan: Plan) -> None:
        self._store = store
        self._plan = plan
        self._index = store.pages.index
        self._sizes: dict[PageRef, PageSize] = {}
        self._news: queue.SimpleQueue[tuple[PageRef, Answer | Recognised | NotRecognised]] = queue.SimpleQueue()
        self._in_hand: dict[PageRef, _Page] = {}
        self._reader: Reader | None = None
        self._recognizers: list[Recognizer] = []
        self._numbers: dict[int, PageRef] = {}
        self._busy: dict[PageRef, Recognizer] = {}
        self._begun = time.monotonic()
        self._finished = 0

    def run(self) -> Iterator[Progress]:
        """The whole reading."""
        case = self._store.read()
        pages = pages_of(case)
        self._sizes = {page.ref: page.size for page in pages}
        self._index.expect(pages)
        known = (engines() if self._plan.engines is None else self._plan.engines) if self._plan.ocr else Engines()
        yield self._progress("Reading the words of the pages")
        yield from self._stage(Stage.WORDS, None)
        if known.quick is not None:
            yield from self._stage(Stage.QUICK_OCR, known.quick, strong_is_left=known.strong is not None)
            if known.strong is not None:
                yield from self._stage(Stage.STRONG_OCR, known.strong)
        if self._finished:
            self._index.tidy()
        yield self._progress(self._summary())

    def close(self) -> None:
        """Stop the processes; pages in hand stay where they were."""
        for recognizer in self._recognizers:
            recognizer.close()
        self._recognizers = []
        if self._reader is not None:
            self._reader.close()
            self._reader = None
        for page in self._in_hand.values():
            self._index.settle(page.reading)
        self._in_hand.clear()

    # -- one stage --------------------------------------------------------------------------------------------

    def _stage(self, stage: Stage, engine: Engine | None, strong_is_left: bool = False) -> Iterator[Progress]:
        workers = self._workers() if engine else _AHEAD
        what = "Reading the words of the pages" if engine is None else "Recognising the words on pictures"
        self._begun, self._finished = time.monotonic(), 0
        while True:
            paused = engine is not None and self._plan.paused()
            if not paused:
                self._fill(stage, engine, workers + (1 if engine else 0))
            if not self._in_hand:
                if not paused:
                    break
                time.sleep(self._plan.patience)
                yield self._progress("Waiting for mains power")
                continue
            self._take_news(engine, strong_is_left)
            yield self._progress(what, stage)
        for recognizer in self._recognizers:
            recognizer.close()
        self._recognizers = []

    def _fill(self, stage: Stage, engine: Engine | None, room: int) -> None:
        if len(self._in_hand) >= room:
            return
        for reading in self._index.waiting(stage, room + len(self._in_hand)):
            if len(self._in_hand) >= room:
                return
            if reading.ref in self._in_hand:
                continue
            if reading.ref not in self._sizes:
                self._index.settle(replace(reading, stage=Stage.UNREADABLE, why="its file is not in the case"))
                continue
            if reading.tries >= _TRIES:
                self._keep(page_steps.given_up(reading, self._words(reading.ref), _OFTEN_KILLED))
                continue
            self._index.begin(reading.ref)
            self._in_hand[reading.ref] = _Page(reading)
            if engine is None:
                self._ask(ReadWords(reading.ref))
                self._ask(Draw(reading.ref, INK_SCALE))
            else:
                self._ask(Draw(reading.ref, engine.dpi / 72))

    def _ask(self, request: ReadWords | Draw) -> None:
        if self._reader is None:
            self._reader = Reader(
                self._store.open_source, self._heard, caps=Caps(nice=_NICE), passwords=self._store.passwords()
            )
        self._reader.send(request)

    def _heard(self, _: int, answer: Answer) -> None:
        # On the reader's thread: only handed on.
        match answer:
            case WordsRead(words):
                self._news.put((words.ref, answer))
            case Drawn(page=page):
                self._news.put((page, answer))
            case Failed(request=ReadWords(page) | Draw(page)):
                self._news.put((page, answer))

    def _take_news(self, engine: Engine | None, strong_is_left: bool) -> None:
        try:
            ref, news = self._news.get(timeout=self._plan.patience) if self._plan.patience else self._news.get_nowait()
        except queue.Empty:
            return
        page = self._in_hand[ref]
        if engine is None:
            self._words_news(page, news)
        else:
            self._picture_news(page, news, engine, strong_is_left)

    def _words_news(self, page: _Page, news: Answer | Recognised | NotRecognised) -> None:
        page.parts += 1
        match news:
            case WordsRead(words):
                page.words = words
            case Drawn():
                page.drawn = news
            case Failed(happened=happened):
                page.trouble = happened
        if page.parts < 2:
            return
        size = self._sizes[page.reading.ref]
        if page.words is None and page.drawn is None:
            self._keep(page_steps.given_up(page.reading, PageWords(page.reading.ref, size), page.trouble))
            return
        known = () if page.words is None else page.words.words
        whole = None if page.drawn is None else ink(page.drawn)
        beside = None if page.drawn is None else ink(page.drawn, known)
        self._keep(page_steps.after_words(page.reading, size, page.words, whole, beside))

    def _picture_news(
        self, page: _Page, news: Answer | Recognised | NotRecognised, engine: Engine, strong_is_left: bool
    ) -> None:
        ref = page.reading.ref
        match news:
            case Drawn():
                turned = page.reading.turned if page.reading.stage is Stage.STRONG_OCR else None
                picture = Picture(news.width, news.height, news.scale, news.pixels, turned)
                self._recognise(ref, picture, engine)
            case Recognised():
                self._done(ref)
                self._keep(page_steps.after_ocr(page.reading, self._words(ref), news, strong_is_left))
            case NotRecognised(stopped=True):
                # Somebody may have ended the process: the page waits again, until it was begun too often.
                self._done(ref)
                del self._in_hand[ref]
            case NotRecognised(why):
                self._done(ref)
                self._keep(page_steps.given_up(page.reading, self._words(ref), why))
            case Failed(happened=happened):
                self._keep(page_steps.given_up(page.reading, self._words(ref), happened))

    def _recognise(self, ref: PageRef, picture: Picture, engine: Engine) -> None:
        load = {id(recognizer): 0 for recognizer in self._recognizers}
        for recognizer in self._busy.values():
            load[id(recognizer)] += 1
        free = [recognizer for recognizer in self._recognizers if not load[id(recognizer)]]
        if not free and len(self._recognizers) < self._workers():
            free = [Recognizer(engine, self._recognised, nice=_NICE)]
            self._recognizers += free
        chosen = free[0] if free else min(self._recognizers, key=lambda one: load[id(one)])
        number = len(self._numbers)
        self._numbers[number] = ref
        self._busy[ref] = chosen
        chosen.send(number, picture)

    def _recognised(self, number: int, answer: Recognised | NotRecognised) -> None:
        # On the recognizer's thread: only handed on.
        self._news.put((self._numbers[number], answer))

    def _done(self, ref: PageRef) -> None:
        self._busy.pop(ref, None)

    def _keep(self, kept: Kept) -> None:
        self._store.pages.keep_read(kept.words, kept.reading)
        self._in_hand.pop(kept.reading.ref, None)
        self._finished += 1

    def _words(self, ref: PageRef) -> PageWords:
        return self._store.words(ref) or PageWords(ref, self._sizes[ref])

    # -- telling ----------------------------------------------------------------------------------------------

    def _workers(self) -> int:
        return self._plan.workers or min(3, max(1, (os.cpu_count() or 2) - 1))

    def _progress(self, what: str, stage: Stage | None = None) -> Progress:
        counts = self._index.counts()
        done = counts[Stage.READ] + counts[Stage.UNREADABLE]
        left = 0 if stage is None else counts[stage]
        if self._finished >= 3 and left:
            seconds = (time.monotonic() - self._begun) / self._finished * left
            what = f"{what}: {left} to go, about {_spoken(seconds)} left"
        return Progress(done, sum(counts.values()), what, self._store.id)

    def _summary(self) -> str:
        counts = self._index.counts()
        total, unread = sum(counts.values()), counts[Stage.UNREADABLE]
        waiting = total - unread - counts[Stage.READ]
        parts = [f"{total:,} pages read" if not unread + waiting else f"{counts[Stage.READ]:,} of {total:,} pages read"]
        if unread:
            parts.append(f"{unread:,} cannot be read")
        if waiting:
            parts.append(f"{waiting:,} are pictures that wait to be recognised")
        return "; ".join(parts) + "."


def _spoken(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes} minutes" if minutes > 1 else "a minute"
