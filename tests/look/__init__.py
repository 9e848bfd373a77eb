"""`make look`: pictures of every page for every role, and what a program can see on them."""
