# SPDX-License-Identifier: AGPL-3.0-or-later
"""IMR Desktop: where an expert reviewer reads a case, decides it and issues the Final Determination."""

__version__ = "0.1.0"
