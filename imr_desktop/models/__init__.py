# SPDX-License-Identifier: AGPL-3.0-or-later
"""The case as frozen values: what a determination is made of, whoever keeps, prints or shows it."""
