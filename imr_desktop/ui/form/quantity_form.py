# SPDX-License-Identifier: AGPL-3.0-or-later
"""The quantity of a treatment: each part a field, for the item itself and for what UR made of it."""

from imr_desktop.ui.form.binder import Binder
from imr_desktop.ui.form.entries import AMOUNT, LISTED, NUMBER
from imr_desktop.ui.form.fields import ChoiceField, Field, LineField
from imr_desktop.ui.form.labels import CONTRASTS, RENTAL_OR_PURCHASE, SIDES
from imr_desktop.ui.form.layout import Grid


def quantity_grid(binder: Binder, path: str) -> Grid:
    """The fields of the quantity at a path, bound to it."""
    fields: tuple[tuple[str, Field], ...] = (
        ("amount", LineField("Amount", AMOUNT)),
        ("unit", LineField("Unit")),
        ("sessions", LineField("Sessions", NUMBER)),
        ("strength", LineField("Strength")),
        ("form", LineField("Form")),
        ("refills", LineField("Refills", NUMBER)),
        ("frequency", LineField("Frequency")),
        ("duration", LineField("Duration")),
        ("rental_or_purchase", ChoiceField("Rental or purchase", RENTAL_OR_PURCHASE)),
        ("side", ChoiceField("Side", SIDES)),
        ("body_part", LineField("Body part")),
        ("spinal_levels", LineField("Spinal levels", LISTED)),
        ("contrast", ChoiceField("Contrast", CONTRASTS)),
    )
    grid = Grid()
    for part, field in fields:
        binder.bind(f"{path}.{part}", field)
        grid.add(field, 2)
    return grid
