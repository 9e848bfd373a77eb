"""Relief of old arrears under law 41-23: what it would erase, the request, and where it stands."""
