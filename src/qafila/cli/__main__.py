"""`python -m qafila.cli` is `qafila`."""

from qafila.cli.main import main

main()
