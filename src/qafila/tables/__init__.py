"""Foreign files as tables: any csv, workbook or archive becomes sheets, headings, typed cells.

Pure: no Django, no database, no network, no clock. What a file means stays in the room that reads
it; what was noticed comes as codes with parameters, and their sentences stand where catalogues do.
"""
