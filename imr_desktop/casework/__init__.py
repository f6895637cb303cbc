# SPDX-License-Identifier: AGPL-3.0-or-later
"""The work itself: taking a case in, editing it, checking it, issuing its letter; window and commands call it."""
