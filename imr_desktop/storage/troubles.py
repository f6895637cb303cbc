# SPDX-License-Identifier: AGPL-3.0-or-later
"""What can go wrong with the vault that the reviewer can do something about."""

from math import ceil

from imr_desktop.errors import Trouble

_BACKUP = "Put the vault's folder back from a backup; keep the damaged folder until then, nothing in it was changed."


class NoVault(Trouble):
    """There is no vault in the folder."""

    default_advice = "Choose the folder that holds your vault, or create a new vault."


class VaultExists(Trouble):
    """A vault was to be created where one already is."""

    default_advice = "Open the vault that is there, or choose another folder for the new one."


class EmptyPassphrase(Trouble):
    """A vault cannot be protected by nothing."""

    default_advice = "Type a passphrase of several words."


class WrongPassphrase(Trouble):
    """The passphrase opens none of the vault's locks."""

    default_advice = "Look at Caps Lock and the keyboard layout, and type it again; nothing was changed."


class AlreadyOpen(Trouble):
    """Another window or program holds the vault."""

    default_advice = "Go on in the window that has it open, or close that one and try again."


class DamagedVault(Trouble):
    """The vault's own files are missing, cut short or were changed from outside."""

    default_advice = _BACKUP


class NewerVault(Trouble):
    """The vault was brought to a form that this version does not know."""

    default_advice = "Install that version or a later one; the vault was not changed."


class NotEnoughMemory(Trouble):
    """The key derivation did not get the memory that it is meant to need."""

    default_advice = "Close some programs and try again."


class NoSuchCase(Trouble):
    """The case is not in this vault, or its key was destroyed."""

    default_advice = "Choose a case from the worklist."


class NoSuchIdentity(Trouble):
    """No signing identity is kept under this name."""

    default_advice = "Choose one of the identities in the vault, or create or import one."


class SourceChanged(Trouble):
    """The bytes that came in are not those that were announced."""

    default_advice = "Copy the file to this computer and import it from there."


class DamagedSource(Trouble):
    """An encrypted source file is missing, cut short or was changed from outside."""

    default_advice = "Import the same PDF again, or put the vault's folder back from a backup."


class DamagedPages(Trouble):
    """A case's page index cannot be read."""

    default_advice = _BACKUP


class NoSuchLetter(Trouble):
    """No letter of this name was filed for the case."""

    default_advice = "Choose one of the letters that were issued for this case."


class LetterAlreadyFiled(Trouble):
    """What was issued cannot be overwritten."""

    default_advice = "A correction is a new letter: file it under a new name."


class DamagedLetter(Trouble):
    """The kept copy of an issued letter is missing, cut short or was changed from outside."""

    default_advice = _BACKUP


class DiskFull(Trouble):
    """There was no room for a write; what stood before still stands."""

    default_advice = "Free some space on the disk and do it again; everything before it is safe."

    def __init__(self) -> None:
        super().__init__("The disk is full, so this could not be kept.")


class CannotWrite(Trouble):
    """The system refused a write for another reason than space; what stood before still stands."""

    default_advice = "See that the disk is connected and that you may write to the vault's folder, then do it again."


class TooSoon(WrongPassphrase):
    """The wait after several wrong passphrases is not over; ``seconds`` are left of it."""

    default_advice = "Wait, then type the passphrase once more; nothing is lost and no try is the last one."

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        whole = max(1, ceil(seconds))
        super().__init__(
            f"Several wrong passphrases were typed, so the next can be tried in {whole} second{'s' * (whole > 1)}."
        )


class WrongRecoveryKey(Trouble):
    """A recovery code or an organisation's key opens none of the vault's slots."""

    default_advice = "Look for the sheet or key that was made last for this vault; nothing was changed."


class MistypedCode(WrongRecoveryKey):
    """A recovery code whose check characters do not fit."""

    default_advice = "Compare it with the sheet, group by group, and type it again."


class NoKeyring(Trouble):
    """The operating system's keyring is absent, locked or has lost the key."""

    default_advice = "Type the passphrase, which always opens the vault."


class NotARecipient(Trouble):
    """What was given is not an age recipient."""

    default_advice = "Ask the organisation for its public recovery key; it begins with age1."


class NoSuchSlot(Trouble):
    """No way in has this id."""

    default_advice = "Look at the list of ways in and choose one of them."


class LastSlot(Trouble):
    """The passphrase cannot be removed."""

    default_advice = "Change the passphrase instead."


class NotABackup(Trouble):
    """The file is no backup of a vault, or it is damaged."""

    default_advice = "Choose another backup; the vault was not changed."


class OtherDataKey(NotABackup):
    """The backup was made before the vault was given a new data key, so the open vault cannot look into it."""

    default_advice = "It opens with the passphrase that it was made with; make a new backup."


class DamagedPrecedents(Trouble):
    """The library of precedents does not read as it was written."""

    default_advice = "Delete the file precedents.db in the vault's folder and add the published letters again."
