"""What other systems send and take, each in its own format: no tables of its own."""
