# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is vouched for: identities that sign, letters that are sealed, and the verdict on any sealed PDF.

pyHanko takes half a second to import, so the modules here load it only when something is sealed or verified.
"""

import logging

# pyHanko logs what it finds wrong, with names out of the file; the verdict says it instead, and only to who asked.
for _library in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_library).setLevel(logging.CRITICAL + 1)
