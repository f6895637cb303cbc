# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ways in: the passphrase always opens, the others open beside it, and none of them can be lost by accident."""

import json
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import keyring
import keyring.backend
import keyring.errors
import pyrage
import pytest

from imr_desktop.errors import Trouble
from imr_desktop.storage import (
    AlreadyOpen,
    FromKeyring,
    KdfCost,
    LastSlot,
    MistypedCode,
    NoKeyring,
    NoSuchSlot,
    NotARecipient,
    OrganisationKey,
    Passphrase,
    RecoveryCode,
    SlotKind,
    TooSoon,
    Vault,
    WrongPassphrase,
    WrongRecoveryKey,
    prepared,
    recovery_code,
    unlock,
)


class Held(keyring.backend.KeyringBackend):
    """A keyring in memory, which can be locked."""

    priority = 1.0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.held: dict[tuple[str, str], str] = {}
        self.locked = False

    def _ask(self) -> None:
        if self.locked:
            raise keyring.errors.KeyringLocked

    def set_password(self, service: str, username: str, password: str) -> None:
        self._ask()
        self.held[service, username] = password

    def get_password(self, service: str, username: str) -> str | None:
        self._ask()
        return self.held.get((service, username))

    def delete_password(self, service: str, username: str) -> None:
        self._ask()
        del self.held[service, username]


@pytest.fixture
def ring() -> Iterator[Held]:
    before = keyring.get_keyring()
    held = Held()
    keyring.set_keyring(held)
    yield held
    keyring.set_keyring(before)


def _opens(folder: Path, opener: object) -> bool:
    with Vault.open(folder, opener) as vault:  # type: ignore[arg-type]
        return vault.setting("planted") == "seen"


@pytest.fixture
def closed(vault: Vault, folder: Path) -> Path:
    vault.keep_setting("planted", "seen")
    return folder


def test_the_passphrase_changes_and_the_old_one_opens_nothing(
    closed: Path, vault: Vault, passphrase: str, cost: KdfCost
) -> None:
    with pytest.raises(WrongPassphrase):
        vault.ways_in.change_passphrase("not it", "new words", cost=cost)
    vault.ways_in.change_passphrase(passphrase, "new words", cost=cost)
    vault.close()
    with pytest.raises(WrongPassphrase):
        Vault.open(closed, passphrase)
    assert _opens(closed, "new words")
    # Nor by the copy of the key file.
    (closed / "vault.json").unlink()
    with pytest.raises(WrongPassphrase):
        Vault.open(closed, passphrase)
    assert _opens(closed, Passphrase("new words"))


def test_a_forgotten_passphrase_is_replaced_by_whoever_opened_with_a_recovery_key(
    closed: Path, vault: Vault, passphrase: str, cost: KdfCost
) -> None:
    code = vault.ways_in.add_sheet()
    # Opened by its passphrase: nobody who finds the window open changes it without knowing it.
    with pytest.raises(WrongPassphrase):
        vault.ways_in.set_passphrase("new words", cost=cost)
    vault.close()
    with Vault.open(closed, RecoveryCode(code)) as recovered:
        assert recovered.ways_in.recovered
        recovered.ways_in.set_passphrase("new words", cost=cost)
        with pytest.raises(WrongPassphrase):
            recovered.ways_in.set_passphrase("still other words", cost=cost)
        assert recovered.audit().events[-1].detail == {"recovered": True}
        assert not recovered.check().faults
    assert _opens(closed, "new words")
    assert _opens(closed, RecoveryCode(code))
    with pytest.raises(WrongPassphrase):
        Vault.open(closed, passphrase)


def test_a_key_derived_on_another_thread_opens_the_vault_once_it_is_still_its_key(
    closed: Path, vault: Vault, passphrase: str, cost: KdfCost
) -> None:
    with pytest.raises(AlreadyOpen):
        unlock(closed, passphrase)
    vault.close()
    with ThreadPoolExecutor(1) as aside:
        by = aside.submit(unlock, closed, passphrase).result()
        stale = aside.submit(unlock, closed, passphrase).result()
        made = aside.submit(prepared, "words of another", cost).result()
        with pytest.raises(WrongPassphrase):
            aside.submit(unlock, closed, "not it").result()
    with Vault.open(closed, by) as again:
        assert again.setting("planted") == "seen"
        again.ways_in.change_passphrase(passphrase, "new words", cost=cost)
    with pytest.raises(AlreadyOpen, match="changed by another program"):
        Vault.open(closed, stale)
    assert not any(stale.data_key), "a key that is of no use any more is let go"
    assert _opens(closed, "new words")
    Vault.create(closed.with_name("other"), made).close()
    Vault.open(closed.with_name("other"), "words of another").close()


def test_the_keyring_opens_and_its_loss_locks_nobody_out(
    closed: Path, vault: Vault, passphrase: str, ring: Held
) -> None:
    vault.ways_in.add_keyring("this laptop")
    assert [(slot.kind, slot.label) for slot in vault.ways_in.list()] == [
        (SlotKind.PASSPHRASE, ""),
        (SlotKind.KEYRING, "this laptop"),
    ]
    vault.close()
    assert _opens(closed, FromKeyring())
    ring.locked = True
    with pytest.raises(NoKeyring) as caught:
        Vault.open(closed, FromKeyring())
    assert "passphrase" in caught.value.advice
    ring.locked = False
    ring.held.clear()
    with pytest.raises(NoKeyring):
        Vault.open(closed, FromKeyring())
    assert _opens(closed, passphrase)
    ring.held[("IMR Desktop vault", "something")] = "else"
    with Vault.open(closed, passphrase) as again:
        again.ways_in.add_keyring()
        assert len(again.ways_in.list()) == 2
    assert _opens(closed, FromKeyring())


def test_a_removed_keyring_slot_leaves_nothing_in_the_keyring(closed: Path, vault: Vault, ring: Held) -> None:
    vault.ways_in.add_keyring()
    (slot,) = (each for each in vault.ways_in.list() if each.kind is SlotKind.KEYRING)
    assert ring.held
    vault.ways_in.remove(slot.id)
    assert not ring.held
    with pytest.raises(NoSuchSlot):
        vault.ways_in.remove(slot.id)


def test_no_keyring_is_trouble_and_changes_nothing(closed: Path, vault: Vault, ring: Held) -> None:
    ring.locked = True
    before = (closed / "vault.json").read_bytes()
    with pytest.raises(NoKeyring):
        vault.ways_in.add_keyring()
    assert (closed / "vault.json").read_bytes() == before


def test_the_organisation_opens_with_its_age_key(closed: Path, vault: Vault) -> None:
    own, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    with pytest.raises(NotARecipient):
        vault.ways_in.add_organisation("age1nonsense")
    vault.ways_in.add_organisation(f" {own.to_public()}\n", "The organization")
    vault.close()
    assert _opens(closed, OrganisationKey(f"# created: today\n# public key: {own.to_public()}\n{own}\n"))
    for wrong in (str(other), "AGE-SECRET-KEY-1QQQ", "", "words"):
        with pytest.raises(WrongRecoveryKey) as caught:
            Vault.open(closed, OrganisationKey(wrong))
        assert str(other) not in str(caught.value)


def test_the_recovery_sheet_opens_and_a_new_one_replaces_it(closed: Path, vault: Vault) -> None:
    first = vault.ways_in.add_sheet()
    assert first.encode() not in (closed / "vault.json").read_bytes()
    second = vault.ways_in.add_sheet()
    assert sum(slot.kind is SlotKind.SHEET for slot in vault.ways_in.list()) == 1
    vault.close()
    with pytest.raises(WrongRecoveryKey):
        Vault.open(closed, RecoveryCode(first))
    assert _opens(closed, RecoveryCode(second))
    assert _opens(closed, RecoveryCode(second.lower().replace(" ", "-").replace("0", "o").replace("1", "l")))


def test_a_slip_in_the_code_is_told_with_its_group() -> None:
    code = recovery_code.new_code()
    for at, letter in enumerate(code):
        if letter == " ":
            continue
        for other in "0123456789ABCDEFGHJKMNPQRSTVWXYZ":
            if other != letter:
                with pytest.raises(MistypedCode, match=f"Group {at // 6 + 1} "):
                    recovery_code.identity_of(code[:at] + other + code[at + 1 :])
        after = code[at + 1 : at + 2]
        if after.strip() and after != letter:
            with pytest.raises(MistypedCode):
                recovery_code.identity_of(code[:at] + after + letter + code[at + 2 :])
    groups = code.split()
    with pytest.raises(MistypedCode):
        recovery_code.identity_of(" ".join([groups[1], groups[0], *groups[2:]]))
    with pytest.raises(MistypedCode, match="8 groups"):
        recovery_code.identity_of(code[:-1])


def test_codes_differ_and_hold_160_bits() -> None:
    codes = {recovery_code.new_code() for _ in range(100)}
    assert len(codes) == 100
    assert all(len(code.split()) == 8 for code in codes)
    assert len({recovery_code.recipient_of(code) for code in codes}) == 100


def test_the_passphrase_cannot_be_removed(closed: Path, vault: Vault) -> None:
    vault.ways_in.add_sheet()
    with pytest.raises(LastSlot):
        vault.ways_in.remove(vault.ways_in.list()[0].id)
    vault.ways_in.remove(vault.ways_in.list()[1].id)
    assert [slot.kind for slot in vault.ways_in.list()] == [SlotKind.PASSPHRASE]


def test_a_slot_of_another_vault_opens_nothing_here(closed: Path, vault: Vault, tmp_path: Path, cost: KdfCost) -> None:
    vault.close()
    other = tmp_path / "other"
    with Vault.create(other, "other words", cost=cost) as made:
        code = made.ways_in.add_sheet()
    mine, theirs = (json.loads((each / "vault.json").read_bytes()) for each in (closed, other))
    from imr_desktop.storage import keyfile

    del mine["digest"]
    mine["slots"] += theirs["slots"]
    mine["digest"] = keyfile._digest(mine)
    for name in ("vault.json", "vault.json.copy"):
        (closed / name).write_text(json.dumps(mine))
    with pytest.raises(WrongPassphrase):
        Vault.open(closed, "other words")
    with pytest.raises(WrongRecoveryKey):
        Vault.open(closed, RecoveryCode(code))


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def test_wrong_passphrases_cost_a_growing_wait_that_never_locks_out(
    closed: Path, vault: Vault, passphrase: str, tmp_path: Path
) -> None:
    vault.close()
    clock, waits = Clock(), []
    for _ in range(3):
        with pytest.raises(WrongPassphrase):
            Vault.open(closed, "wrong", clock=clock)
    for _ in range(14):
        with pytest.raises(TooSoon) as caught:
            Vault.open(closed, passphrase, clock=clock)
        waits.append(caught.value.seconds)
        clock.now += caught.value.seconds + 0.001
        with pytest.raises(WrongPassphrase) as wrong:
            Vault.open(closed, "wrong", clock=clock)
        assert not isinstance(wrong.value, TooSoon)
    assert waits[:5] == [1, 2, 4, 8, 16]
    assert max(waits) == waits[-1] == 300
    # The wait is kept across a restart, and a clock that was put back makes it no longer than the longest.
    clock.now -= 1_000_000
    with pytest.raises(TooSoon) as caught:
        Vault.open(closed, passphrase, clock=clock)
    assert caught.value.seconds <= 300
    clock.now += 300
    Vault.open(closed, passphrase, clock=clock).close()
    with pytest.raises(WrongPassphrase) as wrong:
        Vault.open(closed, "wrong", clock=clock)
    assert not isinstance(wrong.value, TooSoon)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"wrong": -5, "last": 0}', b'{"wrong": 9, "last": NaN}'])
def test_a_broken_count_of_tries_keeps_nobody_out(closed: Path, vault: Vault, passphrase: str, content: bytes) -> None:
    vault.close()
    (closed / "vault.tries").write_bytes(content)
    Vault.open(closed, passphrase).close()


def test_recovery_keys_are_not_slowed_by_wrong_passphrases(closed: Path, vault: Vault) -> None:
    code = vault.ways_in.add_sheet()
    vault.close()
    clock = Clock()
    for _ in range(4):
        with pytest.raises(WrongPassphrase):
            Vault.open(closed, "wrong", clock=clock)
    Vault.open(closed, RecoveryCode(code), clock=clock).close()


def test_a_changed_key_file_that_finds_no_room_changes_nothing(
    closed: Path, vault: Vault, passphrase: str, monkeypatch: pytest.MonkeyPatch, cost: KdfCost
) -> None:
    import os

    def full(_: int) -> None:
        raise OSError(28, "no room")

    with monkeypatch.context() as later:
        later.setattr(os, "fsync", full)
        with pytest.raises(Trouble):
            vault.ways_in.change_passphrase(passphrase, "new", cost=cost)
        with pytest.raises(Trouble):
            vault.ways_in.add_sheet()
    assert len(vault.ways_in.list()) == 1
    vault.close()
    assert _opens(closed, passphrase)


def test_a_key_file_without_slots_opens_to_nobody_and_says_so(closed: Path, vault: Vault, passphrase: str) -> None:
    vault.close()
    kept = closed.with_name("kept")
    shutil.copytree(closed, kept)
    from imr_desktop.storage import keyfile

    keyfile.KeyFile("0" * 32, ()).write(closed)
    with pytest.raises(WrongPassphrase):
        Vault.open(closed, passphrase)
    assert _opens(kept, passphrase)
