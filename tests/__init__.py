# SPDX-License-Identifier: AGPL-3.0-or-later
"""The tests; a package of its own, because a dependency installs one of the same name."""
