# SPDX-License-Identifier: AGPL-3.0-or-later
"""Digests by which a sentence of another case is known again without keeping its words."""

import hashlib


def sentence_digest(sentence: str) -> str:
    """The digest of a sentence, blanks and letter case aside."""
    return hashlib.sha256(" ".join(sentence.lower().split()).encode("utf-8", "replace")).hexdigest()[:32]
