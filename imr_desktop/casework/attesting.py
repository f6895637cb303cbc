# SPDX-License-Identifier: AGPL-3.0-or-later
"""Freedom from conflicts, attested before the record opens and again when a party appears; licence dates, watched."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from imr_desktop.casework.holidays import holidays
from imr_desktop.models import names
from imr_desktop.models.case import Case
from imr_desktop.models.circumstances import Circumstances, ConflictAttestation, Standing
from imr_desktop.storage import Vault

if TYPE_CHECKING:
    from imr_desktop.casework.desk import Desk

_ASKS: Final = "ask for conflicts"
_STANDING: Final = "standing"
_WATCHED: Final = timedelta(days=60)


def asks(vault: Vault) -> bool:
    """Whether records stay shut in this vault until freedom from conflicts is attested."""
    return vault.setting(_ASKS) is True


def ask(vault: Vault, on: bool) -> None:
    """Let records stay shut until freedom from conflicts is attested, or not."""
    vault.keep_setting(_ASKS, on)


def involved(case: Case) -> tuple[str, ...]:
    """Everybody to whom a tie would be a conflict (LC 139.5), as far as the case names them."""
    header = case.header
    told = [header.employee.name, header.employer.name, header.claims_administrator.company]
    told += [header.claims_administrator.examiner]
    told += [header.requesting_physician.name, header.requesting_physician.organisation]
    told += [name for document in case.documents for name in (document.author, document.author_org)]
    if header.employee.representative is not None:
        told.append(header.employee.representative.name or header.employee.representative.organisation)
    return tuple(dict.fromkeys(name.strip() for name in told if name.strip()))


def attestation(vault: Vault, case_id: str) -> ConflictAttestation | None:
    """What was attested for a case; None before the first time."""
    kept = vault.setting(f"attested {case_id}")
    return None if kept is None else ConflictAttestation(datetime.fromisoformat(kept["made"]), tuple(kept["names"]))


def attest(vault: Vault, case: Case, at: datetime) -> None:
    """Keep the reviewer's word that no tie exists to anybody involved as the case stands; the first time stays."""
    before = attestation(vault, case.id)
    told = tuple(dict.fromkeys([*(before.names if before else ()), *involved(case)]))
    made = before.made if before else at
    vault.keep_setting(f"attested {case.id}", {"made": made.isoformat(), "names": list(told)})


def to_attest(vault: Vault, case: Case) -> tuple[str, ...] | None:
    """Who is not covered by what was attested, empty for a case that names nobody yet; None if nothing is asked."""
    if not asks(vault):
        return None
    given = attestation(vault, case.id)
    if given is None:
        return involved(case)
    fresh = tuple(
        name
        for name in involved(case)
        if name not in given.names and not any(names.carries(told, name) for told in given.names)
    )
    return fresh or None


def standing(vault: Vault) -> Standing:
    """Until when licence and certification run, as the reviewer recorded it."""
    kept = vault.setting(_STANDING) or {}
    return Standing(_day(kept.get("licence_until")), _day(kept.get("certified_until")), kept.get("restricted", ""))


def keep_standing(vault: Vault, told: Standing) -> None:
    """Record until when licence and certification run."""
    vault.keep_setting(
        _STANDING,
        {
            "licence_until": told.licence_until.isoformat() if told.licence_until else None,
            "certified_until": told.certified_until.isoformat() if told.certified_until else None,
            "restricted": told.restricted,
        },
    )


def warning(vault: Vault, today: date) -> str:
    """What is to be said today of licence and certification, as sentences; empty while both run long enough."""
    told = standing(vault)
    said = []
    for what, until in (("licence", told.licence_until), ("certification", told.certified_until)):
        if until is None:
            continue
        if until < today:
            said.append(f"Your {what} ended on {until:%m/%d/%Y}; a determination may not be issued without it.")
        elif until - today <= _WATCHED:
            said.append(f"Your {what} ends on {until:%m/%d/%Y}, in {(until - today).days} days.")
    return " ".join(said)


def desk(vault: Vault, case_id: str, now: Callable[[], datetime] | None = None) -> "Desk":
    """The desk of a case, whose checks know what the vault knows of the reviewer; NoSuchCase."""
    # The worklist asks for licence dates long before the first case opens, and a desk brings every check with it.
    from imr_desktop.casework.desk import Desk

    made = Desk(vault.case(case_id)) if now is None else Desk(vault.case(case_id), now=now)
    made.circumstances = lambda: circumstances(vault, made)
    made.holidays = lambda: holidays(vault)
    return made


def circumstances(vault: Vault, desk: "Desk") -> Circumstances:
    """What the checks need to know of the reviewer besides the profile."""
    given = attestation(vault, desk.case.id)
    opened = min(desk.store.seen().values(), default=None) if given is not None else None
    return Circumstances(
        conflicts_asked=asks(vault),
        conflicts=given,
        standing=standing(vault),
        opened=opened,
        holidays=holidays(vault),
    )


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None
