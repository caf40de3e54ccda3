"""What is this uploaded file really? Judged by its content, in a process of its own."""

from mikroserwis.scans.inspection import bind, inspect, thumbnail
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
from mikroserwis.scans.sorting import Leaf, Muddle, Muddled, Sheaf, sort_leaves

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
    "Leaf",
    "Limits",
    "Muddle",
    "Muddled",
    "Sheaf",
    "UnusableFile",
    "bind",
    "inspect",
    "sort_leaves",
    "thumbnail",
]
