# SPDX-License-Identifier: AGPL-3.0-or-later
"""The colours: every text can be read in both themes, and the theme follows what it is told."""

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from imr_desktop.ui.style import sheet
from imr_desktop.ui.theme import CONTRAST, DARK, LIGHT, Colours, Scheme, Theme, case_colour, contrast


def _texts(colours: Colours) -> list[tuple[str, str]]:
    grounds = (colours.window, colours.base, colours.raised)
    pairs = [(tone, ground) for tone in (colours.text, colours.muted) for ground in grounds]
    pairs += [(getattr(colours, name), ground) for name in ("danger", "warn", "good", "info") for ground in grounds[:2]]
    pairs += [
        (tone, getattr(colours, f"{name}_back"))
        for name in ("danger", "warn", "good", "info")
        for tone in (colours.text, getattr(colours, name))
    ]
    pairs += [(colours.accent, ground) for ground in grounds[:2]]
    return [
        *pairs,
        (colours.on_accent, colours.accent),
        (colours.on_accent, colours.accent_hover),
        (colours.chosen_text, colours.chosen),
    ]


@pytest.mark.parametrize("colours", [LIGHT, DARK, CONTRAST], ids=["light", "dark", "contrast"])
def test_text_has_contrast_and_edges_can_be_seen(colours: Colours) -> None:
    for text, ground in _texts(colours):
        assert contrast(text, ground) >= 4.5, (text, ground)
    for edge in (colours.edge, colours.focus):
        assert contrast(edge, colours.base) >= 3
        assert contrast(edge, colours.window) >= 3


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)


@pytest.mark.parametrize("colours", [LIGHT, DARK, CONTRAST], ids=["light", "dark", "contrast"])
def test_the_style_sheet_leaves_no_name_unfilled(colours: Colours) -> None:
    assert "$" not in sheet(colours)


def test_a_theme_can_be_asked_for_and_tells_its_listeners(qtbot: QtBot, qapp: QApplication) -> None:
    theme, heard = Theme(qapp), list[bool]()
    stop = theme.listen(lambda colours: heard.append(colours.dark))
    theme.use(Scheme.DARK)
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(DARK.window)
    theme.use(Scheme.LIGHT)
    stop()
    theme.use(Scheme.CONTRAST)
    assert contrast(qapp.palette().color(QPalette.ColorRole.Text).name(), CONTRAST.base) == pytest.approx(21)
    before = qapp.font().pointSizeF()
    theme.use(Scheme.CONTRAST, 200)
    assert qapp.font().pointSizeF() == pytest.approx(2 * before)
    assert "font-size: 40pt" in sheet(theme.colours, theme.size)
    theme.use(Scheme.CONTRAST, 100)
    assert qapp.font().pointSizeF() == pytest.approx(before)
    theme.use(Scheme.SYSTEM)
    assert heard == [False, True, False]


def test_a_second_theme_begins_at_the_desktops_own_size(qtbot: QtBot, qapp: QApplication) -> None:
    own = qapp.font().pointSizeF()
    Theme(qapp).use(Scheme.SYSTEM, 200)
    assert qapp.font().pointSizeF() == pytest.approx(2 * own)
    second = Theme(qapp)
    assert second.size == 100
    assert qapp.font().pointSizeF() == pytest.approx(own)
    second.use(Scheme.SYSTEM, 150)
    assert qapp.font().pointSizeF() == pytest.approx(1.5 * own)
    second.use(Scheme.SYSTEM, 100)


def test_a_case_keeps_its_colour() -> None:
    assert case_colour("abc", LIGHT) == case_colour("abc", LIGHT)
    assert len({case_colour(f"case {number}", DARK) for number in range(40)}) > 5
