# SPDX-License-Identifier: AGPL-3.0-or-later
"""A signed file as it is looked at: whom to trust, at what time, by what data in the file, and what may follow what."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

OFFLINE = "not checked offline"
FROM_FILE = "not revoked, by the data in the file"


@dataclass(frozen=True, slots=True)
class View:
    """A file, the trusted certificates (DER), its validation data (DSS, if any), and the time of looking.

    ``only_signs``: no form field of the file is anything but a place for a signature.
    """

    pdf: bytes
    trust_roots: Sequence[bytes]
    held: Any
    now: datetime
    only_signs: bool

    def roots(self) -> list[Any]:
        """The trusted certificates as pyHanko takes them."""
        from asn1crypto import x509 as asn1

        return [asn1.Certificate.load(der) for der in self.trust_roots]

    def context(self, roots: Sequence[Any], moment: datetime, others: Sequence[Any], *, hard: bool = False) -> Any:
        """Validation at a moment, offline; ``hard``: what is not shown to be unrevoked fails."""
        from pyhanko_certvalidator import ValidationContext

        given = {
            "trust_roots": list(roots),
            "other_certs": list(others),
            "moment": moment,
            "allow_fetching": False,
            "revocation_mode": "hard-fail" if hard else "soft-fail",
        }
        return self.held.as_validation_context(given) if self.held is not None else ValidationContext(**given)

    def unchanged(self, status: Any, end: int) -> bool:
        """Whether nothing followed a signature that ends at a byte but what it allows.

        That is time stamps, and a second signature in the place that was kept for it: pyHanko takes a new place too.
        """
        from pyhanko.sign.diff_analysis import ModificationLevel
        from pyhanko.sign.validation.status import SignatureCoverageLevel

        level = status.modification_level
        if status.docmdp_ok is False or status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
            return False
        if end == len(self.pdf):
            return status.coverage is SignatureCoverageLevel.ENTIRE_FILE and level is ModificationLevel.NONE
        stamped = level in (ModificationLevel.NONE, ModificationLevel.LTA_UPDATES)
        return stamped or (level is ModificationLevel.FORM_FILLING and self.only_signs and self._no_new_place(end))

    def _no_new_place(self, end: int) -> bool:
        from pyhanko.pdf_utils.reader import PdfFileReader
        from pyhanko.sign.fields import enumerate_sig_fields

        before = {name for name, _, _ in enumerate_sig_fields(PdfFileReader(io.BytesIO(self.pdf[:end])))}
        now = PdfFileReader(io.BytesIO(self.pdf))
        return all(each.field_name in before for each in now.embedded_regular_signatures)


def held_in(reader: Any) -> Any:
    """The validation data that the file carries (DSS); None if it carries none."""
    from pyhanko.sign.validation.dss import DocumentSecurityStore

    return DocumentSecurityStore.read_dss(reader) if "/DSS" in reader.root else None


def only_signature_fields(reader: Any) -> bool:
    """Whether every form field of the file is a place for a signature."""
    if "/AcroForm" not in reader.root or "/Fields" not in reader.root["/AcroForm"]:
        return True
    return all(each.get_object().get("/FT") == "/Sig" for each in reader.root["/AcroForm"]["/Fields"])


def readable(name: Any) -> str:
    """The name in a certificate as people read it, the most particular part first."""
    values = [value if isinstance(value, list) else [value] for value in name.native.values()]
    return ", ".join(str(each) for value in reversed(values) for each in value)
