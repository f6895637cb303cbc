# SPDX-License-Identifier: AGPL-3.0-or-later
"""The window: what the reviewer sees and touches; it shows the work and hands every act to the rooms below."""
