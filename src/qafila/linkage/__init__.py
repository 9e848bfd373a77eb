"""One person in two scripts and many lists: names, numbers and links between rows.

This room is pure: no database, no network, no clock. Everything it knows comes in as arguments.
"""
