# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is vouched for: identities that sign, letters that are sealed, and the verdict on any sealed PDF.

pyHanko takes half a second to import, so the modules here load it only when something is sealed or verified.
"""
