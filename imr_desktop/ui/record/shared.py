# SPDX-License-Identifier: AGPL-3.0-or-later
"""What several views of one record have in common: pages drawn and read once, one memory, one set of lit terms."""

from collections import deque
from collections.abc import Collection

from PySide6.QtCore import QObject, QTimer

from imr_desktop.models.records import PageRef
from imr_desktop.ui.record.bridge import RecordReader
from imr_desktop.ui.record.coverage import Coverage
from imr_desktop.ui.record.lighting import Lighting
from imr_desktop.ui.record.loader import PageLoader, Want, preview_of
from imr_desktop.ui.record.memory import RecordMemory, ShortMemory
from imr_desktop.ui.record.pages import PageRun
from imr_desktop.ui.record.picture import PictureCache
from imr_desktop.ui.record.searching import Finder, NoFinder

_IDLE_MS = 1500


class Shared(QObject):
    """Loader, memory, coverage and lit terms of one record. In idle moments it has previews made."""

    def __init__(
        self,
        reader: RecordReader,
        memory: RecordMemory | None = None,
        cache: PictureCache | None = None,
        parent: QObject | None = None,
        finder: Finder | None = None,
    ) -> None:
        super().__init__(parent)
        self.memory: RecordMemory = memory or ShortMemory()
        self.loader = PageLoader(reader, cache, self, self.memory)
        self.coverage = Coverage(self.memory, self)
        self._refs: tuple[PageRef, ...] = ()
        self.lighting = Lighting(finder or NoFinder(lambda: self._refs), self)
        self._previews: deque[PageRef] = deque()
        self._idle = QTimer(self, singleShot=True, interval=_IDLE_MS)
        self._idle.timeout.connect(self._begin)
        self._idling = False
        self.loader.spare = self._spare
        self.loader.arrived.connect(self._arrived)

    def show_run(self, run: PageRun) -> None:
        """These are the pages."""
        self.coverage.show_run(run)
        refs = self._refs = tuple(page.ref for page in run.pages)
        self.lighting.show_run(run)
        self._previews = deque(refs)
        self._idling = False
        self._idle.start()

    def words_changed(self, refs: Collection[PageRef]) -> None:
        """The machine has read these pages, or read them better: what was known of their words is looked up anew."""
        self.loader.read_anew(refs)
        self.lighting.refresh()

    def busy(self) -> None:
        """Something moves: leave the reader to it for a while."""
        self._idling = False
        self._idle.start()

    def stop(self) -> None:
        """Do nothing in idle moments any more."""
        self._idle.stop()
        self._idling = False

    def _begin(self) -> None:
        self._idling = True
        self.loader.go_on()

    def _spare(self) -> Want | None:
        """What is worth having when nothing is wanted: previews."""
        if self._idling:
            # The first stays until it has come: a request may be forgotten for the sake of something more urgent.
            while self._previews and self.loader.has(preview_of(self._previews[0])):
                self._previews.popleft()
            if self._previews:
                return preview_of(self._previews[0])
        return None

    def _arrived(self, ref: PageRef) -> None:
        if self.loader.failure(ref) is not None:
            self.coverage.know_failed(self.loader.failed())
