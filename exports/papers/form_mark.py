"""The mark of a form in the file's own properties, where it survives being edited."""

from typing import Any

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from lxml import etree

from exports import marks

PROPERTY = "MikroserwisForm"
_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_USER_DEFINED = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"


def add_mark(document: Document, mark: marks.Mark) -> None:
    """Gives a DOCX a custom property with the mark of its first page; the library knows no custom properties."""
    package: Any = document.part.package
    properties = etree.Element(f"{{{_CUSTOM}}}Properties", nsmap={None: _CUSTOM, "vt": _TYPES})
    made = etree.SubElement(properties, f"{{{_CUSTOM}}}property", fmtid=_USER_DEFINED, pid="2", name=PROPERTY)
    etree.SubElement(made, f"{{{_TYPES}}}lpwstr").text = marks.text(mark)
    content = etree.tostring(properties, xml_declaration=True, encoding="UTF-8", standalone=True)
    part = Part(PackURI("/docProps/custom.xml"), _CONTENT_TYPE, content, package)
    package.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_PROPERTIES)
