"""Reading of incoming lists: any file an institution sends, into canonical rows.

Needs no database. Start with :func:`read_files`.
"""

from .mapping import parse_mapping
from .problems import MappingError, Problem
from .reading import FileReading, Reading, SheetReading, read_file, read_files
from .schemas import CANONICAL, REJECTED, REPEATED
from .written_mapping import write_mapping

__all__ = [
    "CANONICAL",
    "REJECTED",
    "REPEATED",
    "FileReading",
    "MappingError",
    "Problem",
    "Reading",
    "SheetReading",
    "parse_mapping",
    "read_file",
    "read_files",
    "write_mapping",
]
