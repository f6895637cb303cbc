# SPDX-License-Identifier: AGPL-3.0-or-later
"""The form: every field of the case and its letter, beside the record; edits go to the desk, redraws come from it."""
