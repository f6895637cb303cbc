# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two letters side by side: what was issued, and the case as it stands, part by part with the changed words marked."""

import difflib
import html
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from imr_desktop.ui.parts import roomy, words

if TYPE_CHECKING:
    from imr_desktop.casework.versions import Changed

_GONE, _COME = "text-decoration: line-through; color: #a3262b;", "font-weight: 600; color: #1d7a3d;"


class CompareDialog(QDialog):
    """The parts that differ, before at the left and after at the right."""

    def __init__(self, before: str, after: str, changed: "Sequence[Changed]", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Compare two letters")
        many = {0: "Nothing differs", 1: "One part of the letter differs"}
        said = many.get(len(changed), f"{len(changed)} parts of the letter differ")
        self.says = words(f"{said}.", "lead")
        self.table = QTextBrowser()
        self.table.setAccessibleName("Parts of the letter that differ")
        self.table.setHtml(_table(before, after, changed))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.says)
        column.addWidget(self.table, 1)
        column.addWidget(buttons)
        roomy(self, 980, 620)


def _table(before: str, after: str, changed: "Sequence[Changed]") -> str:
    head = f"<tr><th width='50%' align='left'>{html.escape(before)}</th><th align='left'>{html.escape(after)}</th></tr>"
    rows = [head]
    for each in changed:
        old, new = _marked(each.before, each.after)
        rows.append(f"<tr><td colspan='2'><br/><b>{html.escape(each.where)}</b></td></tr>")
        rows.append(f"<tr><td valign='top'>{old or '—'}</td><td valign='top'>{new or '—'}</td></tr>")
    return f"<table width='100%' cellspacing='0' cellpadding='6'>{''.join(rows)}</table>"


def _marked(before: str, after: str) -> tuple[str, str]:
    """Both texts with the words that only one of them has marked: struck through before, bold after."""
    old, new = before.split(), after.split()
    left: list[str] = []
    right: list[str] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = html.escape(" ".join(old[a:b])), html.escape(" ".join(new[c:d]))
        if kind == "equal":
            left.append(gone)
            right.append(come)
        else:
            left += [f"<span style='{_GONE}'>{gone}</span>"] if gone else []
            right += [f"<span style='{_COME}'>{come}</span>"] if come else []
    return " ".join(left), " ".join(right)
