# SPDX-License-Identifier: AGPL-3.0-or-later
# Here because some packages install a top-level "tests" of their own, which would hide a folder without this file.
