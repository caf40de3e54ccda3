"""What is this uploaded file really? Judged by its content, in a process of its own."""

from mikroserwis.scans.inspection import inspect, thumbnail
from mikroserwis.scans.model import (
    DOCX,
    EXTENSIONS,
    JPEG,
    OFFICE,
    PDF,
    PNG,
    SCANS,
    XLSX,
    Busy,
    Code,
    Inspection,
    Limits,
    UnusableFile,
)

__all__ = [
    "DOCX",
    "EXTENSIONS",
    "JPEG",
    "OFFICE",
    "PDF",
    "PNG",
    "SCANS",
    "XLSX",
    "Busy",
    "Code",
    "Inspection",
    "Limits",
    "UnusableFile",
    "inspect",
    "thumbnail",
]
