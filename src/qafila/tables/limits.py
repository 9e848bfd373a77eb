"""How much a file may hold before it is refused or cut: one place for every limit."""

MAX_FILE_BYTES = 2 * 1024**3
"""A file larger than this is refused before it is opened."""

MAX_EXPANDED_BYTES = 4 * 1024**3
"""A zipped workbook may not grow beyond this, whatever its directory declares."""

RATIO_APPLIES_ABOVE_BYTES = 64 * 1024**2
"""Small parts compress absurdly well without harm; the ratio is judged above this size."""

MAX_EXPANSION_RATIO = 150
"""Excel writes at most about 60 bytes for one; 1,000 for one is what a bomb looks like."""

MAX_ZIP_MEMBERS = 20_000

MAX_COLUMNS = 400
"""Columns read of one sheet; those to the right are left out with a warning."""

MAX_CELLS = 120_000_000
"""Rows × columns of one sheet, filled or not: calamine holds the whole rectangle, 24 bytes each."""

MAX_CELL_CHARACTERS = 32_767
"""Excel's own limit; a longer csv cell is a quote that was never closed."""

HEADER_SEARCH_ROWS = 60
"""Filled rows among which the heading row is looked for."""

CONTENT_SAMPLE_ROWS = 400
"""Rows looked at when headings fail and the content of a column must tell what it is."""

TEXT_SAMPLE_BYTES = 1 << 20
"""Bytes looked at to recognise the encoding and the delimiter of a text file."""
