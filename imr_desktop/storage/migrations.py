# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the vault's tables came to be, step by step; steps are only ever added, and use nothing else of ours."""

from sqlite_utils import Database, Migrations

VAULT = Migrations("vault")
PAGES = Migrations("pages")
PRECEDENTS = Migrations("precedents")


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


@VAULT()
def m002_audit_trail(db: Database) -> None:
    """The chain of events, the head that each letter left with, cases that were put away, history by row."""
    db.execute(
        "create table event (seq integer primary key autoincrement, scope text not null, number integer not null,"
        " at text not null, who text not null, kind text not null, detail text not null, subject text not null,"
        " link text not null, unique (scope, number))"
    )
    db.table("letter").add_column("events", int)
    db.table("letter").add_column("head", str)
    db.table("cases").add_column("archived", str)
    db.table("step_row").create_index(["case_id", "kind", "id", "number"])
    # What was done before there was a trail is taken into it as one event; the program completes these rows.
    db.execute(
        "insert into event (scope, number, at, who, kind, detail, subject, link)"
        " select id, 1, opened, '', 'adopted', '{}', '', '' from cases order by opened, id"
    )
    db.execute(
        "insert into event (scope, number, at, who, kind, detail, subject, link)"
        " select '', 1, strftime('%Y-%m-%dT%H:%M:%S+00:00'), '', 'adopted', '{}', '', ''"
        " from kept_key where id = 'letters'"
    )


@VAULT()
def m003_answers(db: Database) -> None:
    """Answers to findings are kept as rows of a case, which an older program could not read."""
    del db


@VAULT()
def m004_item_work(db: Database) -> None:
    """Working notes on items are kept as rows of a case, which an older program could not read."""
    del db


@VAULT()
def m005_term_sets(db: Database) -> None:
    """Sets of search terms are kept as rows of a case, which an older program could not read."""
    del db


@VAULT()
def m006_at_opening(db: Database) -> None:
    """What every opening asks of all cases stands in indexes: the whole of two tables was decrypted for it before."""
    db.execute("create index cases_stamps on cases (opened, id, latest, archived)")
    db.execute("create index event_begun on event (seq) where link = ''")


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


@PAGES()
def m002_reading(db: Database) -> None:
    """How far the reading of each page is, what is known of it, a full-text index of its words, and proposals.

    Pages get numbers of their own, because the index points at them by number and must not be left pointing elsewhere.
    """
    for statement in (
        "alter table page rename to page_before",
        "create table page (id integer primary key, source text not null, page integer not null,"
        " width float not null, height float not null, origin text not null, text text not null,"
        " places blob not null, confidence float, engine text not null default '', unique (source, page))",
        "insert into page (source, page, width, height, origin, text, places)"
        " select source, page, width, height, origin, text, places from page_before",
        "drop table page_before",
        "create virtual table page_fts using fts5(text, content='page', content_rowid='id',"
        " tokenize='porter unicode61 remove_diacritics 2')",
        "create virtual table page_terms using fts5vocab('page_fts', 'row')",
        "create trigger page_added after insert on page begin"
        " insert into page_fts (rowid, text) values (new.id, new.text); end",
        "create trigger page_removed after delete on page begin"
        " insert into page_fts (page_fts, rowid, text) values ('delete', old.id, old.text); end",
        "create trigger page_changed after update of text on page begin"
        " insert into page_fts (page_fts, rowid, text) values ('delete', old.id, old.text);"
        " insert into page_fts (rowid, text) values (new.id, new.text); end",
        "insert into page_fts (page_fts) values ('rebuild')",
        "create table reading (source text not null, page integer not null, case_page integer not null,"
        " stage integer not null default 0, priority integer not null default 0, tries integer not null default 0,"
        " why text not null default '', turned integer not null default 0, ink float,"
        " primary key (source, page)) without rowid",
        "create index reading_next on reading (stage, priority desc, case_page)",
        "create table noted (kind text not null, source text not null, page integer not null, value text not null,"
        " primary key (kind, source, page)) without rowid",
    ):
        db.execute(statement)


@PRECEDENTS()
def m001_precedents(db: Database) -> None:
    """Published determinations whole, their decided items, and an index of what was said of each item."""
    for statement in (
        "create table added_file (sha256 text primary key) without rowid",
        "create table precedent (id integer primary key autoincrement, name text not null,"
        " case_number text not null, decided text not null, content blob not null)",
        "create index precedent_number on precedent (case_number)",
        "create table decided (id integer primary key, precedent integer not null references precedent (id),"
        " ordinal integer not null, heading text not null, outcome text not null)",
        "create index decided_outcome on decided (outcome)",
        # The words are kept once, in the compressed content; the index alone answers what a search asks.
        "create virtual table decided_fts using fts5(treatment, body, guideline, outcome, words, content='',"
        " tokenize='porter unicode61 remove_diacritics 2')",
        # Treatments weigh most, then body part and guideline; the letter's prose least.
        "insert into decided_fts (decided_fts, rank) values ('rank', 'bm25(8.0, 4.0, 3.0, 0.0, 1.0)')",
    ):
        db.execute(statement)


@PAGES()
def m003_previews(db: Database) -> None:
    """A small picture of each page, so that nothing is ever shown empty while it is drawn."""
    db.execute(
        "create table preview (source text not null, page integer not null, jpeg blob not null,"
        " primary key (source, page))"
    )


@PAGES()
def m004_pages_as_they_came(db: Database) -> None:
    """Unreadable pages (stage 4) stand as they came: how they lie was judged too laxly, and is told only since."""
    db.execute("update reading set turned = 0 where stage = 4")
