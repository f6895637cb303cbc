# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writing in an open case: spelling, snippets, citing by ``@``, find and replace, and where the record says it."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from imr_desktop.casework import snippets as kept
from imr_desktop.casework import spelling
from imr_desktop.casework.request_wording import RequestPart
from imr_desktop.casework.scaffold import whole_document
from imr_desktop.casework.search import CannotSearch, Found, Hit
from imr_desktop.casework.snippets import Snippet, SnippetUse
from imr_desktop.casework.whereabouts import passage_of, where
from imr_desktop.models.items import DisputedItem
from imr_desktop.models.places import Part, Place
from imr_desktop.ui.form.completing import Completing, Offer
from imr_desktop.ui.form.labels import document_name
from imr_desktop.ui.form.naming import EvidenceNames
from imr_desktop.ui.form.narrative_edit import NarrativeEdit
from imr_desktop.ui.form.spell_marks import SpellMarks
from imr_desktop.ui.picker import Choice, PickAct, Picker
from imr_desktop.ui.replace_dialog import ReplaceDialog
from imr_desktop.ui.request_dialog import RequestDialog
from imr_desktop.ui.snippets_dialog import SnippetsDialog
from imr_desktop.ui.work import Aside

if TYPE_CHECKING:
    from imr_desktop.casework.desk import Desk
    from imr_desktop.ui.form.form import CaseForm
    from imr_desktop.ui.session import Session


class Writing(QObject):
    """What helps in the narratives of one case. ``told`` is worth a notice, ``noted`` passes below the page."""

    told = Signal(str)
    noted = Signal(str)
    page_wanted = Signal(object, object)
    place_wanted = Signal(object)

    def __init__(self, desk: "Desk", form: "CaseForm", session: "Session", today: Callable[[], date]) -> None:
        super().__init__(form)
        self._desk, self._form, self._session, self._today = desk, form, session, today
        self.speller = spelling.Speller(session.setting(spelling.OWN_WORDS) or (), spelling.names_in(desk.case))
        self._fields = (form.summary_panel.text, form.items_panel.form.rationale)
        self.completing = {field: Completing(field, self._offers, self._expansion) for field in self._fields}
        self.spelling = {field: SpellMarks(field, self.speller) for field in self._fields}
        for marks in self.spelling.values():
            marks.added.connect(lambda _: self._keep_words())
        self._warming = Aside(self)
        self._last: NarrativeEdit = self._fields[0]
        QApplication.instance().focusChanged.connect(self._focused)  # type: ignore[union-attr]

    def begin(self) -> None:
        """Read the dictionaries aside, then look at what is written."""
        self._warming.done.connect(lambda _: self._look())
        self._warming.start(spelling.warm_up)

    def close(self) -> None:
        """Hear nothing any more: the case is being closed."""
        QApplication.instance().focusChanged.disconnect(self._focused)  # type: ignore[union-attr]
        for field in self._fields:
            field.removeEventFilter(self.completing[field])

    def acts(self) -> dict[str, Callable[[], object]]:
        """What the commands of writing do here."""
        return {
            "replace": self.find_and_replace,
            "snippet": self.insert_snippet,
            "snippets": self.manage_snippets,
            "keep_snippet": self.keep_snippet,
            "reuse_rationale": self.reuse_rationale,
            "next_misspelling": self.next_misspelling,
            "own_words": self.own_words,
            "where": self.where_does_it_say,
            "split_request": self.split_request,
            "scaffold": self.scaffold,
        }

    # -- snippets ---------------------------------------------------------------------------------------------

    def snippets(self) -> tuple[Snippet, ...]:
        """The reviewer's snippets."""
        return kept.from_setting(self._session.setting(kept.SNIPPETS))

    def insert_snippet(self) -> Picker | None:
        """Choose a snippet and put it in at the caret."""
        mine = self.snippets()
        if not mine:
            self.manage_snippets()
            return None
        choices = [Choice(_named(each), f"{each.text}\n\n{each.told()}", each) for each in mine]
        return self._pick("Snippets", "", choices, [PickAct("Insert", self.put_in, "Enter")])

    def put_in(self, snippet: Snippet) -> None:
        """Put a snippet in at the caret with its fields filled; the first blank is selected."""
        field, item = self._field(), self._item()
        made = kept.expand(snippet.text, self._desk.case, item, self.snippets())
        start = field.textCursor().selectionStart()
        field.textCursor().insertText(made.text)
        if made.blanks:
            cursor = field.textCursor()
            cursor.setPosition(start)
            field.setTextCursor(cursor)
            self.completing[field].find_blank()
        field.setFocus()
        self._remember(snippet)
        for note in made.notes:
            self.told.emit(note)

    def manage_snippets(self) -> SnippetsDialog:
        """Edit the snippets."""
        dialog = SnippetsDialog(self.snippets(), self._keep_snippets, self._form.window())
        dialog.show()
        return dialog

    def keep_snippet(self) -> SnippetsDialog | None:
        """Make a snippet of the selected words."""
        text = self._selected()
        if not text:
            self.told.emit("Select the words that are to become a snippet first.")
            return None
        taken = {each.name for each in self.snippets()}
        words = " ".join(text.split()[:5])
        name = next(each for each in (words, *(f"{words} {number}" for number in range(2, 99))) if each not in taken)
        dialog = SnippetsDialog((*self.snippets(), Snippet(name, text)), self._keep_snippets, self._form.window())
        dialog.form.rows.choose(len(dialog.form.value) - 1)
        dialog.show()
        return dialog

    def reuse_rationale(self) -> Picker | None:
        """Choose a rationale of another item or case; its facts come as blanks."""
        choices = list(self._own_rationales())
        if not choices:
            self.told.emit("No other rationale is there yet to be reused.")
            return None
        told = "Dates, ages, sides, levels, numbers and names come as blanks; Tab walks them."
        return self._pick("Own rationales", told, choices, [PickAct("Insert with blanks", self._reuse, "Enter")])

    # -- spelling ---------------------------------------------------------------------------------------------

    def next_misspelling(self) -> None:
        """Select the next misspelled word, here or in the other field; its menu says what may have been meant."""
        here = self._field()
        for field in (here, *(each for each in self._fields if each is not here)):
            self.spelling[field].look()
            if self.spelling[field].wrong:
                self._form.show_place(self._place_of(field))
                self.spelling[field].next_wrong()
                return
        self.noted.emit("No misspelled word is left in the summary and this rationale.")

    def own_words(self) -> Picker:
        """The words that the reviewer added; each can be taken out again."""
        choices = [Choice(word, f"“{word}” is never told as misspelled.", word) for word in self.speller.own]
        told = "Words that you added to the dictionary." if choices else "You have added no words yet."
        return self._pick("My words", told, choices, [PickAct("Take out", self._forget_word, "Enter")])

    # -- the record -------------------------------------------------------------------------------------------

    def where_does_it_say(self) -> Picker | None:
        """List the pages that carry the selected number, date or words; one more key makes the anchor."""
        text = self._selected()
        if not text:
            self.told.emit("Select a number, a date or words of your text first.")
            return None
        self._form.flush()
        field = self._field()
        try:
            found = where(self._desk.store, text)
        except CannotSearch as trouble:
            self.told.emit(f"{trouble.happened} {trouble.advice}")
            return None
        acts = [
            PickAct("Show the page", self._show_hit, "Enter", closes=False),
            PickAct("Cite it", lambda hit: self._cite_hit(hit, field), "Ctrl+Return"),
        ]
        return self._pick(f"Where does it say “{text[:40]}”?", found.told(), self._hits(found), acts)

    def split_request(self) -> RequestDialog:
        """Cut the selected words, or the treatments as the application words them, into items to be confirmed."""
        text = self._selected() or self._desk.case.header.treatments_in_dispute_raw
        dialog = RequestDialog(text, self._add_items, self._form.window())
        dialog.show()
        return dialog

    def scaffold(self) -> None:
        """Put the scaffold of what was gathered behind the summary."""
        self._form.flush()
        count = self._desk.write_scaffold()
        self._form.show_place(Place(Part.SUMMARY))
        if count:
            self.noted.emit("The scaffold stands behind the summary, each sentence with its source. Rewrite it.")
        else:
            self.told.emit("Nothing is gathered yet. Keep evidence, or fill in the case's dates, then try again.")

    # -- find and replace -------------------------------------------------------------------------------------

    def find_and_replace(self) -> ReplaceDialog:
        """Find and replace across the letter."""
        self._form.flush()
        dialog = ReplaceDialog(self._desk, self._form, self._selected(), self._form.window())
        dialog.place_wanted.connect(self.place_wanted)
        dialog.show()
        return dialog

    # -- inside -----------------------------------------------------------------------------------------------

    def _offers(self) -> Sequence[Offer]:
        names, case = self._form.evidence_panel.names(), self._desk.case
        offers = [Offer(label, names.quote(each), lambda each=each: each) for each, label in names.all()]  # type: ignore[misc]
        for document in case.documents:
            if document.pages and document.pages[0].source:
                make = whole_document(document, "")
                offers.append(
                    Offer(
                        document_name(document),
                        ", ".join(part for part in ("Document", document.author) if part),
                        lambda passage=make.passage: self._desk.add_evidence(passage),  # type: ignore[misc]
                    )
                )
        return offers

    def _expansion(self, word: str) -> str | None:
        for each in self.snippets():
            if each.abbreviation and each.abbreviation == word:
                self._remember(each)
                return kept.expand(each.text, self._desk.case, self._item(), self.snippets()).text
        return None

    def _remember(self, snippet: Snippet) -> None:
        item = self._item()
        case = self._desk.case
        number = case.header.case_number or case.id
        use = SnippetUse(number, 0 if item is None else case.ordinal(item.id), self._today())
        changed = [each.used(use) if each.name == snippet.name else each for each in self.snippets()]
        self._session.keep_setting(kept.SNIPPETS, kept.to_setting(changed))

    def _keep_snippets(self, changed: Sequence[Snippet]) -> None:
        self._session.keep_setting(kept.SNIPPETS, kept.to_setting(changed))
        self.noted.emit("1 snippet is kept." if len(changed) == 1 else f"{len(changed)} snippets are kept.")

    def _own_rationales(self) -> Sequence[Choice]:
        here = self._item()
        choices = []
        for case_id, name in self._session.case_names().items():
            if "(archived)" in name:
                continue
            case = self._desk.case if case_id == self._desk.case.id else self._session.case(case_id)
            for number, item in enumerate(case.items, 1):
                if item.rationale and item != here:
                    outcome = item.outcome.value if item.outcome else "undecided"
                    title = f"{name}, item {number}: {item.heading or 'no wording'} ({outcome})"
                    says = EvidenceNames(case).reading(item.rationale)
                    choices.append(Choice(title, says, (name, item, spelling.names_in(case))))
        return choices

    def _reuse(self, chosen: tuple[str, DisputedItem, frozenset[str]]) -> None:
        name, item, names = chosen
        text = kept.blanked(item.rationale.text, tuple(names))
        self.put_in(Snippet(f"From {name}", text.replace("{", "(").replace("}", ")")))
        self.noted.emit(f"Reused from {name}. Every blank must be filled before the letter can be issued.")

    def _hits(self, found: Found) -> Sequence[Choice]:
        choices = []
        for hit in found.hits:
            named = "" if hit.document is None else f", {document_name(hit.document)}"
            says = f"{hit.before}{hit.text}{hit.after}"
            choices.append(Choice(f"Page {hit.case_page}{named}: {' '.join(says.split())}", says, hit))
        return choices

    def _show_hit(self, hit: Hit) -> None:
        part = passage_of(self._desk.store, hit).parts[0]
        self.page_wanted.emit(part.page, part.boxes)

    def _cite_hit(self, hit: Hit, field: NarrativeEdit) -> None:
        evidence = self._desk.add_evidence(passage_of(self._desk.store, hit))
        cursor = field.textCursor()
        cursor.setPosition(cursor.selectionEnd())
        field.setTextCursor(cursor)
        field.insert_anchor(evidence)
        field.commit()
        field.setFocus()

    def _add_items(self, parts: Sequence[RequestPart]) -> None:
        self._form.flush()
        self._desk.keep_new_items([part.item() for part in parts])
        self._form.show_place(Place(Part.ITEMS, self._desk.case.items[-len(parts)].id))
        self.noted.emit("1 item is added." if len(parts) == 1 else f"{len(parts)} items are added.")

    def _forget_word(self, word: str) -> None:
        self.speller.forget(word)
        self._keep_words()
        self._look()

    def _keep_words(self) -> None:
        self._session.keep_setting(spelling.OWN_WORDS, list(self.speller.own))

    def _look(self) -> None:
        for marks in self.spelling.values():
            marks.look()

    def _pick(self, title: str, told: str, choices: Sequence[Choice], acts: Sequence[PickAct]) -> Picker:
        picker = Picker(title, told, choices, acts, self._form.window())
        picker.show()
        return picker

    def _focused(self, _before: QWidget | None, now: QWidget | None) -> None:
        for field in self._fields:
            if now is field:
                self._last = field

    def _field(self) -> NarrativeEdit:
        shown = {"Summary": self._fields[0], "Items": self._fields[1]}
        return shown.get(self._form.shown(), self._last)

    def _item(self) -> DisputedItem | None:
        if self._field() is self._fields[0]:
            return None
        current = self._form.current_item()
        return None if current is None else self._desk.case.item(current)

    def _place_of(self, field: NarrativeEdit) -> Place:
        if field is self._fields[0]:
            return Place(Part.SUMMARY)
        return Place(Part.ITEMS, self._form.current_item(), "rationale")

    def _selected(self) -> str:
        focus = QApplication.focusWidget()
        if isinstance(focus, QLineEdit):
            return focus.selectedText()
        field: QTextEdit | QPlainTextEdit = focus if isinstance(focus, QTextEdit | QPlainTextEdit) else self._field()
        cursor: QTextCursor = field.textCursor()
        return cursor.selectedText().replace("\u2029", "\n").replace("\ufffc", "").strip()


def _named(snippet: Snippet) -> str:
    return f"{snippet.name} ({snippet.abbreviation})" if snippet.abbreviation else snippet.name
