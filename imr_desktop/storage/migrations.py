# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the vault's tables came to be, step by step; steps are only ever added, and use nothing else of ours."""

from sqlite_utils import Database, Migrations

VAULT = Migrations("vault")
PAGES = Migrations("pages")


@VAULT()
def m001_the_vault(db: Database) -> None:
    """Settings, keys, cases with their rows and journal, issued letters, signing identities."""
    db.table("setting").create({"name": str, "value": str}, pk="name", not_null={"value"})
    db.table("kept_key").create({"id": str, "wrapped": bytes}, pk="id", not_null={"wrapped"})
    db.table("cases").create({"id": str, "opened": str, "latest": int}, pk="id", not_null={"opened", "latest"})
    row = db.table("case_row")
    row.create(
        {"case_id": str, "kind": str, "id": str, "position": float, "value": str},
        pk=("case_id", "kind", "id"),
        not_null={"position", "value"},
    )
    row.create_index(["case_id", "kind", "position"])
    step = db.table("step")
    step.create(
        {"case_id": str, "number": int, "deed": str, "label": str, "at": str, "concerns": int, "state": str},
        pk=("case_id", "number"),
        not_null={"deed", "label", "at"},
    )
    step.create_index(["case_id", "state", "number"])
    db.table("step_row").create(
        {"case_id": str, "number": int, "kind": str, "id": str, "change": bytes},
        pk=("case_id", "number", "kind", "id"),
        not_null={"change"},
    )
    letter = db.table("letter")
    letter.create(
        {
            "id": str,
            "case_id": str,
            "name": str,
            "digest": str,
            "sha256": str,
            "byte_count": int,
            "note": str,
            "filed": str,
        },
        pk="id",
        not_null={"case_id", "name", "digest", "sha256", "byte_count", "note", "filed"},
    )
    letter.create_index(["case_id", "name"], unique=True)
    db.table("identity").create(
        {"name": str, "pkcs12": bytes, "secret": str, "trial": int},
        pk="name",
        not_null={"pkcs12", "secret", "trial"},
    )
    db.table("trust_root").create({"digest": str, "der": bytes}, pk="digest", not_null={"der"})


@PAGES()
def m001_pages(db: Database) -> None:
    """The words of each page, and when each page was seen."""
    db.table("page").create(
        {
            "source": str,
            "page": int,
            "width": float,
            "height": float,
            "origin": str,
            "text": str,
            "places": bytes,
        },
        pk=("source", "page"),
        not_null={"width", "height", "origin", "text", "places"},
    )
    db.table("seen").create({"source": str, "page": int, "at": str}, pk=("source", "page", "at"))
