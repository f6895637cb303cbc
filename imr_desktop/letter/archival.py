# SPDX-License-Identifier: AGPL-3.0-or-later
"""What makes a letter's file archival and its data readable: PDF/A-3a and PDF/UA-1 stated, the case attached."""

from datetime import date
from functools import cache
from xml.sax.saxutils import escape

from pikepdf import AttachedFileSpec, Dictionary, Name, Pdf, Stream, String
from PIL import ImageCms

from imr_desktop.letter.furniture import Furniture

DATA_NAME = "case.json"
"""The name of the attached file: the determination as ``imr-case/1``, as far as this reader may see it."""

_NO_DAY = date(2000, 1, 1)
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
   <dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
   <xmp:CreateDate>{day}</xmp:CreateDate>
   <xmp:ModifyDate>{day}</xmp:ModifyDate>
   <pdfaid:part>3</pdfaid:part>
   <pdfaid:conformance>A</pdfaid:conformance>
   <pdfuaid:part>1</pdfuaid:part>
  </rdf:Description>
  <rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
    xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
   <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
    <pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
    <pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
    <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
    <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
     <pdfaProperty:name>part</pdfaProperty:name>
     <pdfaProperty:valueType>Integer</pdfaProperty:valueType>
     <pdfaProperty:category>internal</pdfaProperty:category>
     <pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>
    </rdf:li></rdf:Seq></pdfaSchema:property>
   </rdf:li></rdf:Bag></pdfaExtension:schemas>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


def make_archival(whole: Pdf, furniture: Furniture, data: bytes) -> None:
    """Give the file its XMP, the meaning of its greys, and the case's data as an associated file."""
    day = furniture.day or _NO_DAY
    made = String(day.strftime("D:%Y%m%d000000Z"))
    whole.docinfo[Name.CreationDate] = made
    whole.docinfo[Name.ModDate] = made
    told = _XMP.format(
        title=escape(furniture.title), language=escape(furniture.language), day=f"{day.isoformat()}T00:00:00Z"
    )
    metadata = Stream(whole, told.encode("utf-8"))
    metadata.Type, metadata.Subtype = Name.Metadata, Name.XML
    whole.Root.Metadata = whole.make_indirect(metadata)
    profile = Stream(whole, _grey_and_colour())
    profile.N = 3
    whole.Root.OutputIntents = [
        Dictionary(
            Type=Name.OutputIntent,
            S=Name.GTS_PDFA1,
            OutputConditionIdentifier=String("sRGB"),
            Info=String("sRGB IEC61966-2.1"),
            DestOutputProfile=whole.make_indirect(profile),
        )
    ]
    if data:
        _attach(whole, data, made)


def _attach(whole: Pdf, data: bytes, made: String) -> None:
    attached = AttachedFileSpec(
        whole,
        data,
        filename=DATA_NAME,
        description="The determination as imr-case/1 data",
        mime_type="application/json",
        relationship=Name.Data,
        creation_date=str(made),
        mod_date=str(made),
    )
    whole.attachments[DATA_NAME] = attached
    whole.Root.AF = [whole.attachments[DATA_NAME].obj]


@cache
def _grey_and_colour() -> bytes:
    """An sRGB profile that is the same on every day: the program that makes it stamps the time into bytes 24 to 35."""
    made = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    made[24:36] = bytes((0x07, 0xD0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0))
    made[84:100] = bytes(16)
    return bytes(made)
