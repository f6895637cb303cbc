# SPDX-License-Identifier: AGPL-3.0-or-later
"""The table of commands: every act with its menu, its keys, what it does, and other names for it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtGui import QKeySequence

from imr_desktop.ui.command_scope import Scope


class Section(StrEnum):
    """The menus, in their order."""

    FILE = "&File"
    EDIT = "&Edit"
    VIEW = "&View"
    GO = "&Go"
    CASE = "&Case"
    WRITE = "&Write"
    HELP = "&Help"


@dataclass(frozen=True, slots=True)
class Command:
    """One act: its id, its text in menus (with ``&``), its keys, what it does in a sentence, and other names for it."""

    id: str
    text: str
    keys: tuple[str, ...]
    tip: str
    section: Section
    scope: Scope
    also: tuple[str, ...] = ()
    divides: bool = False

    @property
    def name(self) -> str:
        """The text as read aloud: without ``&`` and dots."""
        return self.text.replace("&", "").rstrip("…")

    def shown_keys(self) -> str:
        """The first keys as this platform writes them."""
        return QKeySequence(self.keys[0]).toString(QKeySequence.SequenceFormat.NativeText) if self.keys else ""


_PANEL_ALSO = {
    "Case": "header facts dates deadline due claim employee",
    "Documents": "records files list",
    "Chronology": "history dates timeline",
    "Summary": "clinical history",
    "Items": "decide decision uphold upheld overturn overturned outcome rationale guideline treatment",
    "Checks": "findings warnings",
    "Letter": "preview determination",
    "Evidence": "quotes citations",
}
PANELS = tuple(_PANEL_ALSO)
_ISSUE_ALSO = "sign send finish finalize finalise submit letter seal decision"


def _file() -> Iterator[Command]:
    make = _maker(Section.FILE, Scope.VAULT)
    yield make("new_case", "&New case", "Ctrl+N", "Begin a case with empty fields", "create add")
    yield make("import_files", "&Import PDFs…", "Ctrl+O", "Make a case from PDF files", "open add files")
    yield make("import_folder", "Import a f&older…", "Ctrl+Shift+O", "Make a case from a folder of PDFs", "directory")
    make = _maker(Section.FILE, Scope.CASE)
    yield make(
        "add_files", "&Add late records…", "Ctrl+Shift+A", "Add PDF files to this case", "import pdf", divides=True
    )
    yield make("close_case", "&Back to the worklist", "Ctrl+W", "Leave this case; everything is kept", "close cases")
    make = _maker(Section.FILE, Scope.VAULT)
    yield make(
        "precedents", "&Precedents…", "Ctrl+Alt+P", "Search published determinations", "library similar earlier imr"
    )
    yield make(
        "attest", "Conflicts of in&terest…", "Ctrl+Alt+C", "Attest that you have no tie to anybody named", "attestation"
    )
    yield make("statistics", "My work in fi&gures…", "Ctrl+Alt+G", "Turnaround and outcomes", "statistics plots charts")
    yield make(
        "archive_case", "Arc&hive the case", "Ctrl+Alt+A", "Move it from the worklist to the archive", "put away"
    )
    yield make(
        "identities",
        "Signing i&dentities…",
        "Ctrl+Alt+I",
        "Create, import and look at signing identities",
        "certificate p12 pkcs12",
        divides=True,
    )
    yield make(
        "verify",
        "Verif&y a PDF…",
        "Ctrl+Alt+Y",
        "Who signed it, when, and whether it is intact",
        "signature seal trust",
    )
    yield make(
        "sign", "Co&untersign or stamp…", "Ctrl+Shift+S", "The Medical Director's signature, the time", "token director"
    )
    yield make(
        "settings",
        "&Settings…",
        "Ctrl+,",
        "Reviewer profile, organisation and colours",
        "profile preferences reviewer licence license organisation organization holidays theme dark light mode "
        "contrast colors text size font lock battery",
    )
    yield make(
        "vault",
        "&Vault…",
        "Ctrl+Alt+V",
        "Ways in, backups, check, audit trail and archive",
        "backup change passphrase password recovery sheet keyring check archive delete case retention",
    )
    yield make("lock", "&Lock", "Ctrl+L", "Close the vault and ask for the passphrase", "log out close")
    make = _maker(Section.FILE, Scope.ALWAYS)
    yield make("quit", "&Quit", "Ctrl+Q", "Close the window; everything is kept", "exit", divides=True)


def _edit() -> Iterator[Command]:
    make = _maker(Section.EDIT, Scope.CASE)
    yield make("undo", "&Undo", "Ctrl+Z", "Take back: first typing, then the steps of the case", "take back")
    yield make("redo", "&Redo", "Ctrl+Shift+Z Ctrl+Y", "Do again what was taken back", "again repeat")
    yield make("find_in_record", "&Find in the record…", "Ctrl+F", "Find words and dates", "search", divides=True)
    yield make("find_next", "Find &next", "F3", "Show the next hit", "search again")
    yield make("find_previous", "Find &previous", "Shift+F3", "Show the hit before", "search back")
    yield make("find_selected", "Find the &selected words", "Ctrl+F3", "Show where else they stand", "search places")
    yield make("term_sets", "&Term sets", "Ctrl+T", "Words that stay lit on the pages, counted", "highlight terms lit")
    yield make("next_term", "Next lit ter&m", "F4", "Show the next place of a lit set", "terms highlight")
    yield make(
        "previous_term", "Pre&vious lit term", "Shift+F4", "Show the place of a lit set before", "terms highlight"
    )
    make = _maker(Section.EDIT, Scope.WORKLIST)
    yield make("find", "Find a &case", "Ctrl+F", "Search the worklist", "search filter", divides=True)
    make = _maker(Section.EDIT, Scope.ALWAYS)
    yield make(
        "search_all", "Search &all cases…", "Ctrl+Shift+F", "Find words in every record and in my own text", "find look"
    )


def _view() -> Iterator[Command]:
    make = _maker(Section.VIEW, Scope.CASE)
    for number, name in enumerate(PANELS, 1):
        also = f"show panel part form {_PANEL_ALSO[name]}"
        yield make(f"panel_{number}", name, f"Alt+{number}", f"Show the {name} part of the case", also)
    yield make("next_pane", "Next pa&ne", "F6", "Move on: record, rail, form", "focus switch", divides=True)
    yield make("previous_pane", "Pre&vious pane", "Shift+F6", "Move back: form, rail, record", "focus switch")
    yield make("toggle_rail", "&Rail", "F9", "Show or hide documents and pages beside the record", "sidebar thumbnails")
    yield make("zoom_in", "Zoom &in", "Ctrl++ Ctrl+=", "Show pages larger", "larger magnify", divides=True)
    yield make("zoom_out", "Zoom &out", "Ctrl+-", "Show pages smaller", "smaller")
    yield make("fit_page", "Fit &page", "Ctrl+0", "Show whole pages", "zoom whole")
    yield make("actual_size", "&Actual size", "Ctrl+1", "Show pages at 100 %", "zoom 100 true")
    yield make("fit_width", "Fit &width", "Ctrl+2", "Show pages as wide as the pane", "zoom wide")
    yield make("fit_content", "Fit &content", "Ctrl+3", "Show what is written as wide as the pane", "zoom margins trim")
    yield make("turn_clockwise", "&Turn the page", "Ctrl+Shift++", "Turn this page clockwise", "rotate", divides=True)
    yield make("turn_back", "Turn the page &back", "Ctrl+Shift+-", "Turn this page counterclockwise", "rotate")
    yield make("continuous", "Continuou&s", "Ctrl+4", "Show the record as one run of pages", "scroll", divides=True)
    yield make("one_page", "On&e page at a time", "Ctrl+5", "Show single pages", "single")
    yield make("two_pages", "Two pa&ges side by side", "Ctrl+6", "Show facing pages", "facing spread book")
    yield make("trim_margins", "Cut margins o&ff", "Ctrl+7", "Leave empty and fax margins out", "crop trim fax")
    yield make("page_colours", "Page co&lours", "Ctrl+8", "Normal, sepia, inverted: for reading at night", "dark night")
    yield make("fold_repeats", "Fold blan&k and repeated pages", "Ctrl+Shift+D", "Keep them away", "hide copies")
    yield make("record_map", "&Map of the record", "Ctrl+M", "Every page, seen or not", "coverage", divides=True)
    yield make("split", "Split t&he view", "Ctrl+\\", "Show two places of the record side by side", "second two beside")
    yield make("tear_off", "Secon&d window", "Ctrl+Shift+W", "A second view on another screen", "detach screen tear")
    yield make(
        "form_apart", "Form b&y itself", "Ctrl+Alt+O", "In a window for another screen, or back", "tear detach screen"
    )
    yield make("letter_beside", "Letter beside the form", "Ctrl+Shift+L", "In the record's place, or back", "preview")
    make = _maker(Section.VIEW, Scope.ALWAYS)
    yield make("full_screen", "F&ull screen", "F11", "Use the whole screen, or stop", "maximize", divides=True)


def _go() -> Iterator[Command]:
    make = _maker(Section.GO, Scope.CASE)
    yield make("go_to_page", "&Go to page…", "Ctrl+G", "Case page, file page, date or document", "jump number find")
    yield make("next_unseen", "Next &unseen page", "F8", "Show the next page not seen yet", "unread coverage")
    yield make("next_document", "&Next document", "Ctrl+PgDown", "Show where the next document begins", "file")
    yield make("previous_document", "&Previous document", "Ctrl+PgUp", "Show where the document before begins", "file")
    yield make("in_letter", "To its &line in the letter", "Ctrl+Shift+P", "What this field says, in print", "preview")
    yield make("back", "&Back", "Alt+Left", "Return to where you were before the jump", "previous place", divides=True)
    yield make("forward", "&Forward", "Alt+Right", "Go again to where you came back from", "next place")


def _case() -> Iterator[Command]:
    make = _maker(Section.CASE, Scope.PAGE)
    yield make(
        "cite_item",
        "&Cite into the item",
        "E",
        "Put the selected words into the current rationale",
        "evidence quote keep",
    )
    yield make(
        "cite_summary", "Cite into the s&ummary", "S", "Put the selected words into the summary", "evidence quote keep"
    )
    yield make("cite_chosen", "Cite into another item…", "Shift+E", "Choose the item that the words go to", "evidence")
    yield make("cite_new_item", "A new item of the words", "I", "Begin a disputed item with them", "treatment evidence")
    yield make("cite_chronology", "Into the chronology", "C", "Keep the words for the time line", "evidence date fact")
    yield make(
        "copy_cited",
        "Copy as evidence",
        "Shift+C",
        "Keep the words; pasted in a text they bring their chip",
        "quote clipboard",
    )
    yield make(
        "toggle_region", "Select a &region", "R", "The next drag selects a region of the page", "rectangle box scan"
    )
    yield make("highlight", "&Mark the words", "H", "Colour the selected words; it is no evidence", "highlight own")
    yield make(
        "note", "Write a &note", "N", "On the chosen mark, the selected words or the page", "comment annotate own"
    )
    make = _maker(Section.CASE, Scope.CASE)
    yield make("bookmark", "&Bookmark", "Ctrl+B", "Set a bookmark on this page, or take it away", "favourite place")
    yield make(
        "dismiss_page", "This page need not be rea&d…", "Ctrl+D", "Put the page aside for a reason", "dismiss skip"
    )
    yield make(
        "add_item", "&Add a disputed item", "Ctrl+Shift+N", "Add a treatment in dispute", "treatment new", divides=True
    )
    yield make(
        "removed_items", "Remo&ved items…", "Ctrl+Shift+B", "Look at items that were removed", "restore deleted back"
    )
    yield make(
        "check", "Chec&k the case", "F5", "Run the checks and show what they found", "findings verify", divides=True
    )
    yield make(
        "read_again", "Read the &words again", "Ctrl+Alt+R", "Of what is selected, or else of the page", "ocr scan"
    )
    yield make(
        "print_pages", "Print pages &of the record…", "Ctrl+Shift+F5", "With their source at the foot", "paper copies"
    )
    yield make(
        "print_letter", "&Print the letter…", "Ctrl+P", "Its real pages, all or some, unsigned ones marked", "paper"
    )
    yield make(
        "filed_letters",
        "&Letters issued…",
        "Ctrl+Shift+M",
        "What was issued, to be verified and compared",
        "correction sealed",
    )
    yield make(
        "export_package", "Export a packa&ge…", "Ctrl+Alt+E", "The whole case as one file", "imrcase zip transfer"
    )
    yield make(
        "open_protected", "Open a protected &file…", "Ctrl+Alt+U", "Give the password of a PDF of this case", "password"
    )
    yield make(
        "annex", "Ann&ex of cited pages…", "Ctrl+Shift+X", "The cited pages, framed, for the work file", "binder pdf"
    )
    yield make(
        "sent_again", "A file &sent again…", "Ctrl+Shift+G", "Evidence moves to the corrected file", "replaced resent"
    )
    yield make("missing", "Request missing records…", "Ctrl+Alt+H", "Ask for what the file names", "gap letter")
    yield make("export_draft", "E&xport a draft…", "Ctrl+Shift+E", "Save the letter as shown, unsigned", "save pdf")
    yield _maker(Section.CASE, Scope.VAULT)(
        "audit", "Audi&t trail…", "Ctrl+Shift+K", "Who did what when, in this case or the vault", "events log who"
    )
    yield make("issue", "&Issue the determination…", "Ctrl+Shift+I", "Check, print, seal and file", _ISSUE_ALSO)


def _write() -> Iterator[Command]:
    make = _maker(Section.WRITE, Scope.CASE)
    yield make("snippet", "Insert a &snippet…", "Ctrl+J", "Put one of your phrases in, fields filled", "template")
    yield make("snippets", "&Manage snippets…", "Ctrl+Shift+J", "Name, word and abbreviate them", "abbreviation")
    yield make("keep_snippet", "&Keep as a snippet…", "Ctrl+Alt+J", "Make a phrase of the selected words", "new")
    yield make("reuse_rationale", "&Reuse a rationale…", "Ctrl+Shift+R", "An own one, its facts blanked", "copy own")
    yield make("copy_rationale", "Copy a rationale &here…", "Ctrl+Alt+K", "An item's; what differs is told", "reuse")
    yield make("same_citation", "Same &citation as…", "Ctrl+Alt+M", "Take another item's guideline", "copy")
    yield make("replace", "Find and re&place…", "Ctrl+H", "Across the whole letter", "change", divides=True)
    yield make("next_misspelling", "Next misspelled &word", "Shift+F7", "Select it; its menu mends it", "spelling")
    yield make("own_words", "My w&ords…", "Ctrl+Alt+W", "Words added to the dictionary", "spelling dictionary")
    yield make(
        "where", "Where does it say &this?", "Ctrl+Shift+Y", "Pages that carry the words", "search", divides=True
    )
    yield make(
        "terms", "Search terms of the &item…", "Ctrl+Alt+X", "Made from its wording, edited, lit", "find synonyms"
    )
    yield make("scaffold", "Summary sca&ffold", "Ctrl+Alt+S", "Order what was gathered, with its sources", "draft")
    yield make("split_request", "Items from a re&quest…", "Ctrl+Alt+N", "Cut a request into treatments", "parse")
    yield make(
        "reconcile", "Items three wa&ys…", "Ctrl+Alt+B", "Application, request and denial side by side", "match missing"
    )
    yield make("variance", "Conflicting recommen&dations…", "Ctrl+Shift+H", "Weigh them by evidence level", "hierarchy")
    yield make("come_back", "Come &back to this item…", "Ctrl+Alt+Z", "Mark it, with a note to yourself", "later todo")
    yield make("decisions", "How it was d&ecided…", "Ctrl+Alt+F", "Every change, and why", "history outcome decision")
    yield make("registry", "&Guideline registry…", "Ctrl+Alt+Q", "Editions and their days in force", "mtus chapters")
    make = _maker(Section.WRITE, Scope.VAULT)
    yield make("tables", "T&ables…", "Ctrl+Shift+T", "Law, holidays, words and wording", "law rules figures holidays")


def _help() -> Iterator[Command]:
    make = _maker(Section.HELP, Scope.ALWAYS)
    yield make("help", "&Manual", "F1", "The manual; on a finding, why it is one", "guide handbook why")
    yield make("tour", "First-case &tour", "Ctrl+Shift+F1", "Be led through the demo case", "introduction tutorial")
    yield make("palette", "&Commands…", "Ctrl+K", "Find a command, item, document or page by name", "palette search")
    yield make("keys", "&Keys", "Shift+F1 ?", "Show every command with its keys", "shortcuts help")
    make = _maker(Section.HELP, Scope.VAULT)
    yield make(
        "support",
        "&Support report…",
        "Ctrl+Shift+F2",
        "Versions and figures without a word of a case",
        "bug",
        divides=True,
    )
    yield make("pack", "&Write a settings pack…", "Ctrl+Shift+F3", "Keys and looks for another laptop", "export")
    yield make("unpack", "&Read a settings pack…", "Ctrl+Shift+F4", "Take over keys and looks", "import settings merge")
    make = _maker(Section.HELP, Scope.ALWAYS)
    yield make("about", "&About IMR Desktop", "Ctrl+F1", "Version and licence", "version license", divides=True)


def _maker(section: Section, scope: Scope) -> Callable[..., Command]:
    def make(name: str, text: str, keys: str, tip: str, also: str, *, divides: bool = False) -> Command:
        return Command(name, text, tuple(keys.split()), tip, section, scope, tuple(also.split()), divides)

    return make


COMMANDS = (*_file(), *_edit(), *_view(), *_go(), *_case(), *_write(), *_help())


def command(command_id: str) -> Command:
    """The command of this id; KeyError if there is none."""
    for each in COMMANDS:
        if each.id == command_id:
            return each
    raise KeyError(command_id)


def in_section(section: Section) -> Iterator[Command]:
    """The commands of one menu, in order."""
    return (each for each in COMMANDS if each.section is section)
