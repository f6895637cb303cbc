# SPDX-License-Identifier: AGPL-3.0-or-later
"""The record pane: where the reviewer reads the pages of the case and takes evidence from them."""

from imr_desktop.ui.record.acts import CiteTarget
from imr_desktop.ui.record.bridge import ReaderBridge, RecordReader
from imr_desktop.ui.record.marks import EvidenceMark, MarkRole
from imr_desktop.ui.record.memory import PageFact, RecordMemory, ShortMemory
from imr_desktop.ui.record.pane import RecordPane
from imr_desktop.ui.record.searching import Finder, Hit, IndexFinder, Query
from imr_desktop.ui.record.views import RecordViews

__all__ = [
    "CiteTarget",
    "EvidenceMark",
    "Finder",
    "Hit",
    "IndexFinder",
    "MarkRole",
    "PageFact",
    "Query",
    "ReaderBridge",
    "RecordMemory",
    "RecordPane",
    "RecordReader",
    "RecordViews",
    "ShortMemory",
]
