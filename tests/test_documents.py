# SPDX-License-Identifier: AGPL-3.0-or-later
"""Documents are tested like code: what they name must exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`((?:imr_desktop|tests|resources)/[\w./]*)`", ARCHITECTURE))))
def test_a_path_named_in_the_architecture_exists(name: str) -> None:
    assert (ROOT / name).exists()


@pytest.mark.parametrize(
    ("name", "path"),
    sorted(set(re.findall(r"`(?:\w+\.)?(\w+)`\s*\(`(imr_desktop/[\w/]+\.py)`", ARCHITECTURE.replace("\n", " ")))),
)
def test_a_name_of_the_followed_citation_is_defined_where_it_says(name: str, path: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    assert re.search(rf"^\s*(?:def|class) {name}\b|^from .* import .*\b{name}\b|^{name}\b", text, re.MULTILINE)


def test_the_followed_citation_names_each_room() -> None:
    followed = ARCHITECTURE.split("## One citation")[1]
    for room in ("ui", "casework", "models", "storage", "checks", "letter", "signing"):
        assert f"imr_desktop/{room}/" in followed
