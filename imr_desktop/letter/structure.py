# SPDX-License-Identifier: AGPL-3.0-or-later
"""The last hand on a letter's file: its structure for screen readers, its language and title, and nobody's name."""

import io
from collections.abc import Mapping, Sequence

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from imr_desktop.letter.archival import make_archival
from imr_desktop.letter.furniture import Furniture
from imr_desktop.letter.seals import Field, add_fields
from imr_desktop.letter.sheet import Node

Marks = Mapping[Node, Sequence[tuple[int, int]]]
"""Where each part of the letter stands: pairs of page (from 0) and number of its marked content on that page."""


def finish(
    pdf: bytes,
    root: Node,
    marks: Marks,
    furniture: Furniture,
    data: bytes = b"",
    fields: Mapping[Node, Field] | None = None,
) -> bytes:
    """The file with its structure tree, properties and places for seals; the same bytes for the same input."""
    with Pdf.open(io.BytesIO(pdf)) as whole:
        _describe(whole, furniture)
        _structure(whole, root, marks, add_fields(whole, fields or {}))
        make_archival(whole, furniture, data)
        written = io.BytesIO()
        whole.save(
            written,
            min_version="1.7",
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            compress_streams=True,
        )
        return written.getvalue()


def _describe(whole: Pdf, furniture: Furniture) -> None:
    """Title and language; who or what made the file is nobody's business but the seal's."""
    for key in list(whole.docinfo.keys()):
        del whole.docinfo[key]
    whole.docinfo[Name.Title] = String(furniture.title)
    whole.Root.Lang = String(furniture.language)
    whole.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    whole.Root.MarkInfo = Dictionary(Marked=True)
    for key in ("/Outlines", "/PageMode", "/PageLayout"):
        if key in whole.Root:
            del whole.Root[key]


def _structure(whole: Pdf, root: Node, marks: Marks, fields: Mapping[Node, Object]) -> None:
    tree = whole.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    parents: list[dict[int, Object]] = [{} for _ in whole.pages]
    elements: dict[Node, Object] = {}
    tree.K = _element(whole, root, tree, marks, parents, elements)
    numbers: list[Object | int] = []
    for index, page in enumerate(whole.pages):
        page.obj.StructParents = index
        page.obj.Tabs = Name.S
        known = parents[index]
        numbers += [index, whole.make_indirect(Array([known[number] for number in sorted(known)]))]
    for number, (node, field) in enumerate(fields.items(), len(parents)):
        field.StructParent = number
        # Bare, not in an array: only so does pyHanko know a field in the structure, and not take signing for tampering.
        elements[node].K = Dictionary(Type=Name.OBJR, Obj=field, Pg=field.P)
        numbers += [number, elements[node]]
    tree.ParentTree = whole.make_indirect(Dictionary(Nums=Array(numbers)))
    tree.ParentTreeNextKey = len(parents) + len(fields)
    whole.Root.StructTreeRoot = tree


def _element(
    whole: Pdf,
    node: Node,
    above: Object,
    marks: Marks,
    parents: list[dict[int, Object]],
    elements: dict[Node, Object],
) -> Object:
    element = whole.make_indirect(Dictionary(Type=Name.StructElem, S=Name(f"/{node.tag}"), P=above))
    elements[node] = element
    if node.tag == "TH":
        element.A = Dictionary(O=Name.Table, Scope=Name.Row)
    within: list[Object] = [_element(whole, child, element, marks, parents, elements) for child in node.children]
    for page, number in marks.get(node, ()):
        within.append(Dictionary(Type=Name.MCR, Pg=whole.pages[page].obj, MCID=number))
        parents[page][number] = element
    element.K = Array(within)
    return element
