"""Documents people carry: set in type, signed, and checked by anyone who is shown one."""
