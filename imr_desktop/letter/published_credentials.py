# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a published letter says that its determination was made: the organisation and the reviewer's qualifications."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from imr_desktop.letter.published_sections import CERTIFICATIONS_LABEL, STATES_LABEL
from imr_desktop.models.reviewer import Credentials, CredentialStyle
from imr_desktop.models.wording import Wording, credentials_sentence

_IMRO = re.compile(r"^(?P<name>[^.]{2,80}?(?:, Inc\.)?) (?:has )?sent the complete case file to ")
_INLINE = re.compile(
    r"The (?:expert|physician|independent)? ?(?:reviewer|medical doctor)(?: who made the decision)? is "
    r"(?P<board>Board[- ]Certified in |licensed in |a? ?)(?P<certifications>.+?),? and is licensed to practice in "
    r"(?P<states>[^.]+)\.",
    re.IGNORECASE,
)
_COMPOUND = re.compile(
    r"Physical Medicine and Rehabilitation|Obstetrics and Gynecology|Psychiatry and Neurology|Allergy and Immunology"
    r"|Hospice and Palliative Medicine|Acupuncture and Oriental Medicine|Plastic and Reconstructive Surgery"
    r"|Foot and Ankle Surgery|Oral and Maxillofacial Surgery|Spine and Pain Medicine",
    re.IGNORECASE,
)
_AND = "\0"


@dataclass(frozen=True, slots=True)
class HowMade:
    """The section's paragraphs before the credentials block, the block, what stands after it, and what they say."""

    paragraphs: tuple[str, ...]
    block: tuple[str, ...]
    after: tuple[str, ...]
    imro_name: str
    credentials: Credentials

    def printed(self, wording: Wording) -> dict[str, tuple[str, ...]]:
        """By slot, the paragraphs that this wording would not print so; () for what is not printed at all."""
        differing: dict[str, tuple[str, ...]] = {}
        if self.paragraphs != how_made(self.imro_name, self.credentials, wording):
            differing["how_made"] = self.paragraphs
        block = self.credentials.credential_style is CredentialStyle.BLOCK
        if block and self.block != credentials_block(self.credentials, wording):
            differing["credentials_block"] = self.block
        return differing


def read(texts: Sequence[str]) -> HowMade:
    """Read the section's paragraphs; the letter may state credentials in a block of lines or within a sentence."""
    start, end = _block(texts)
    before, block, after = tuple(texts[:start]), tuple(texts[start:end]), tuple(texts[end:])
    whole = " ".join(before)
    imro = _IMRO.match(whole)
    credentials = _of_block(block) if block else _of_sentence(whole)
    return HowMade(before, block, after, imro["name"] if imro else "", credentials)


def how_made(imro_name: str, credentials: Credentials, wording: Wording) -> tuple[str, ...]:
    """The paragraphs that the wording prints."""
    inline = credentials.credential_style is CredentialStyle.INLINE
    said = credentials_sentence(credentials, wording) if inline else ""
    filled = wording.fill("how_made", imro=imro_name, credentials=said)
    return tuple(" ".join(text.split()) for text in filled.split("\n") if text.strip())


def credentials_block(credentials: Credentials, wording: Wording) -> tuple[str, ...]:
    """The credentials block that the wording prints: no line whose field is empty, nothing where nothing is known."""
    join = wording.slots["credentials_join"]
    values = {
        "states": join.join(credentials.states_of_licensure),
        "certifications": join.join(credentials.certifications),
    }
    if not any(values.values()):
        return ()
    empty = [f"{{{name}}}" for name, value in values.items() if not value]
    lines = [line for line in wording.slots["credentials_block"].split("\n") if not any(name in line for name in empty)]
    return tuple(" ".join(line.format_map(values).split()) for line in lines)


def _block(texts: Sequence[str]) -> tuple[int, int]:
    labelled = [at for at, text in enumerate(texts) if STATES_LABEL.match(text) or CERTIFICATIONS_LABEL.match(text)]
    if not labelled:
        return len(texts), len(texts)
    start = labelled[0]
    announced = start > 0 and texts[start - 1].casefold().endswith("credentials:")
    return start - announced, labelled[-1] + 1


def _of_block(block: Sequence[str]) -> Credentials:
    states: tuple[str, ...] = ()
    certifications: tuple[str, ...] = ()
    for text in block:
        if label := STATES_LABEL.match(text):
            states = _comma_list(text[label.end() :])
        elif label := CERTIFICATIONS_LABEL.match(text):
            certifications = _comma_list(text[label.end() :])
    return Credentials(states, certifications, credential_style=CredentialStyle.BLOCK)


def _comma_list(text: str) -> tuple[str, ...]:
    return tuple(part for part in (each.strip() for each in text.split(",")) if part)


def _of_sentence(text: str) -> Credentials:
    found = _INLINE.search(text)
    if found is None:
        return Credentials()
    return Credentials(
        _spoken_list(found["states"]),
        _spoken_list(found["certifications"]),
        board_certified=found["board"].casefold().startswith("board"),
        credential_style=CredentialStyle.INLINE,
    )


def _spoken_list(text: str) -> tuple[str, ...]:
    """“A, B and C” as three; a speciality with “and” in its name is one."""
    masked = _COMPOUND.sub(lambda name: name[0].replace(" and ", _AND), text)
    head, _, last = masked.rpartition(" and ")
    parts = [*head.split(", "), last] if head and ", " not in last else [masked]
    listed = tuple(part.replace(_AND, " and ") for part in parts)
    return listed if all(listed) else (text,)
