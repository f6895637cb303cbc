# SPDX-License-Identifier: AGPL-3.0-or-later
"""The style sheet: how buttons, fields, tables and bars look, made from one set of colours."""

from dataclasses import asdict
from string import Template
from typing import TYPE_CHECKING

from imr_desktop import assets

if TYPE_CHECKING:
    from imr_desktop.ui.theme import Colours

_SHEET = Template("""
QWidget { outline: none; }
QMainWindow, QDialog, QStackedWidget#pages { background: $window; }
QToolTip { background: $raised; color: $text; border: 1px solid $edge; padding: 4px 6px; }

QLabel[says="title"] { font-size: ${pt20}pt; font-weight: 600; color: $text; }
QLabel[says="heading"] { font-size: ${pt13}pt; font-weight: 600; color: $text; }
QLabel[says="step"] { font-weight: 600; color: $text; }
QLabel[says="lead"] { font-size: ${pt11}pt; color: $text; }
QLabel[says="muted"] { color: $muted; }
QLabel[says="danger"] { color: $danger; }
QLabel[says="warn"] { color: $warn; }
QLabel[says="good"] { color: $good; }
QLabel[says="mono"] { font-family: monospace; color: $text; }

QPushButton { background: $base; color: $text; border: 1px solid $edge; border-radius: 5px; padding: 5px 12px;
    min-height: ${px18}px; }
QPushButton:hover { background: $raised; }
QPushButton:pressed { background: $chosen; color: $chosen_text; }
QPushButton:focus { border: 2px solid $focus; padding: 4px 11px; }
QPushButton:disabled { color: $muted; border-color: $line; background: $window; }
QPushButton[kind="main"] { background: $accent; color: $on_accent; border-color: $accent; font-weight: 600; }
QPushButton[kind="main"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[kind="main"]:focus { border: 2px solid $text; }
QPushButton[kind="main"]:disabled { background: $raised; color: $muted; border-color: $line; }
QPushButton[kind="quiet"] { background: transparent; border-color: transparent; }
QPushButton[kind="quiet"]:hover { background: $raised; }
QPushButton[kind="quiet"]:focus { border: 2px solid $focus; }
QPushButton[kind="link"] { background: transparent; border: 2px solid transparent; color: $accent; padding: 2px 4px;
    text-align: left; }
QPushButton[kind="link"]:hover { text-decoration: underline; }
QPushButton[kind="link"]:focus { border: 2px solid $focus; }

QToolButton { background: transparent; color: $text; border: 2px solid transparent; border-radius: 5px; padding: 4px; }
QToolButton:hover { background: $raised; }
QToolButton:pressed, QToolButton:checked { background: $chosen; color: $chosen_text; }
QToolButton:focus { border: 2px solid $focus; }
QToolButton:disabled { color: $muted; }

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDateEdit, QComboBox { background: $base; color: $text;
    border: 1px solid $edge; border-radius: 4px; padding: 4px 6px; selection-background-color: $accent;
    selection-color: $on_accent;
    placeholder-text-color: $muted; }
QLineEdit, QSpinBox, QDateEdit, QComboBox { min-height: ${px18}px; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QDateEdit:focus, QComboBox:focus {
    border: 2px solid $focus; padding: 3px 5px; }
QLineEdit:disabled, QPlainTextEdit:disabled, QTextEdit:disabled, QComboBox:disabled { color: $muted;
    background: $window; border-color: $line; }
QLineEdit[wrong="true"] { border: 2px solid $danger; padding: 3px 5px; }
QComboBox QAbstractItemView { background: $base; color: $text; border: 1px solid $edge;
    selection-background-color: $accent; selection-color: $on_accent; }
QComboBox::drop-down { border: none; width: 20px; }
QComboBox::down-arrow { image: url($icons/chevron-$tone.svg); width: 10px; height: 10px; }

QGroupBox { background: transparent; border: 1px solid $line; border-radius: 6px; margin-top: 10px;
    padding: 12px 10px 8px 10px; font-weight: 600; }
QGroupBox::title { subcontrol-origin: margin; subcontrol-position: top left; left: 8px; padding: 0 4px; color: $text; }

QCheckBox, QRadioButton { spacing: 8px; padding: 3px 4px; border: 2px solid transparent; border-radius: 4px; }
QCheckBox:focus, QRadioButton:focus { border: 2px solid $focus; }
QCheckBox::indicator, QRadioButton::indicator, QTreeView::indicator {
    width: ${px15}px; height: ${px15}px; border: 1px solid $edge; background: $base; }
QCheckBox::indicator, QTreeView::indicator { border-radius: 3px; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:checked, QTreeView::indicator:checked {
    background: $accent; border-color: $accent; image: url($icons/tick-$tone.svg); }
QRadioButton::indicator:checked { background: $base; border: 5px solid $accent; width: 7px; height: 7px; }

QTableView, QListView, QTreeView { background: $base; alternate-background-color: $window; color: $text;
    border: 2px solid $line; border-radius: 5px; selection-background-color: $chosen; selection-color: $chosen_text;
    gridline-color: $line; }
QTableView:focus, QListView:focus, QTreeView:focus { border-color: $focus; }
QTableView::item, QTreeView::item, QListView::item { padding: 4px 8px; border: none; }
QTableView::item:selected, QTreeView::item:selected, QListView::item:selected { background: $chosen;
    color: $chosen_text; }
QTreeView::item:hover, QListView::item:hover { background: $raised; }
QHeaderView { background: $base; }
QHeaderView::section { background: $base; color: $muted; border: none; border-bottom: 1px solid $line;
    padding: 6px 8px 6px 11px; font-weight: 600; }

QTabBar::tab { background: transparent; color: $muted; padding: 5px 6px; border: 2px solid transparent;
    border-bottom: 3px solid transparent; }
QTabBar::tab:hover { color: $text; background: $raised; }
QTabBar::tab:selected { color: $text; border-bottom: 3px solid $accent; font-weight: 600; }
QTabBar::tab:focus { border: 2px solid $focus; border-bottom: 3px solid $accent; }
QTabBar::scroller { width: ${px30}px; }
QTabBar QToolButton { background: $raised; border: 1px solid $edge; padding: 0; }
QTabBar QToolButton::left-arrow { image: url($icons/left-$tone.svg); width: 14px; height: 14px; }
QTabBar QToolButton::right-arrow { image: url($icons/right-$tone.svg); width: 14px; height: 14px; }
QTabWidget::pane { border: none; border-top: 1px solid $line; }

QMenuBar { background: $window; color: $text; padding: 2px 4px; }
QMenuBar::item { padding: 4px 9px; border-radius: 4px; background: transparent; }
QMenuBar::item:selected { background: $chosen; color: $chosen_text; }
QMenu { background: $base; color: $text; border: 1px solid $edge; padding: 4px; }
QMenu::item { padding: 5px 26px 5px 22px; border-radius: 4px; }
QMenu::item:selected { background: $chosen; color: $chosen_text; }
QMenu::item:disabled { color: $muted; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }

QStatusBar { background: $window; color: $muted; border-top: 1px solid $line; }
QStatusBar QLabel { color: $muted; padding: 1px 6px; }
QStatusBar::item { border: none; }
QSplitter::handle { background: $line; }
QSplitter::handle:hover { background: $accent; }
QSplitter::handle:horizontal { width: 5px; }
QSplitter::handle:vertical { height: 5px; }
QScrollArea { border: none; background: transparent; }
QScrollArea:focus { border: 2px solid $focus; }
QScrollBar:vertical { background: $window; width: 13px; margin: 0; }
QScrollBar:horizontal { background: $window; height: 13px; margin: 0; }
QScrollBar::handle { background: $edge; border-radius: 4px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: none; }

QProgressBar { background: $raised; color: $text; border: none; border-radius: 4px; min-height: 8px; max-height: 8px;
    text-align: center; }
QProgressBar::chunk { background: $accent; border-radius: 4px; }

QFrame[box="card"] { background: $base; border: 1px solid $line; border-radius: 8px; }
QFrame[box="palette"] { background: $base; border: 2px solid $edge; border-radius: 8px; }
QFrame[box="drop"] { background: $info_back; border: 2px dashed $accent; border-radius: 8px; }
QFrame[box="blocks"] { background: $danger_back; border: 1px solid $danger; border-radius: 6px; }
QFrame[box="warns"] { background: $warn_back; border: 1px solid $warn; border-radius: 6px; }
QFrame[box="good"] { background: $good_back; border: 1px solid $good; border-radius: 6px; }
QFrame[box="informs"] { background: $info_back; border: 1px solid $info; border-radius: 6px; }
QFrame[box="strip"] { background: $base; border: none; border-bottom: 1px solid $line; }
QFrame[box="bar"] { background: $window; border: none; border-bottom: 1px solid $line; }
QFrame[box="rule"] { background: $line; border: none; max-height: 1px; min-height: 1px; }
QAbstractScrollArea[box="desk"] { background: $desk; border: none; }
QAbstractScrollArea[box="desk"]:focus { border: 2px solid $focus; }
QScrollArea[box="desk"] { border: 2px solid $desk; }
QScrollArea[box="desk"]:focus { border: 2px solid $focus; }
QWidget[box="desk"] { background: $desk; }
""")


def sheet(colours: "Colours", size: int = 100) -> str:
    """The whole style sheet in these colours, its larger texts at ``size`` percent."""
    icons = assets.path("icons").as_posix()
    points = {f"pt{each}": f"{each * size / 100:g}" for each in (20, 13, 11)}
    pixels = {f"px{each}": f"{each * size // 100}" for each in (18, 15, 30)}
    tone = "dark" if colours.dark else "light"
    return _SHEET.substitute(asdict(colours), icons=icons, tone=tone, **points, **pixels)
