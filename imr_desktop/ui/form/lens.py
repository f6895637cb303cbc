# SPDX-License-Identifier: AGPL-3.0-or-later
"""One field of a frozen value by its path, such as ``employee.name``: looked up, or replaced in a new value."""

from dataclasses import replace
from typing import Any

from imr_desktop.models.case import Party, ReReview

ABSENT: dict[str, Any] = {"representative": Party(), "re_review_of": ReReview("")}
"""What stands in for an optional part while it is empty; when it is empty again, the part is absent."""


def get(root: Any, path: str) -> Any:
    """The value at a dotted path; an absent optional part reads as its empty form, no path as the whole."""
    if not path:
        return root
    for name in path.split("."):
        found = getattr(root, name)
        root = ABSENT.get(name) if found is None and name in ABSENT else found
    return root


def put(root: Any, path: str, value: Any) -> Any:
    """``root`` with the value at a dotted path replaced; without a path, the value itself."""
    if not path:
        return value
    name, _, rest = path.partition(".")
    if rest:
        value = put(get(root, name), rest, value)
    if name in ABSENT and value == ABSENT[name]:
        value = None
    return replace(root, **{name: value})
