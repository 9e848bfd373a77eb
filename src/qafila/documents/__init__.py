"""Documents people carry: set in type, signed, and checked by anyone who is shown one."""

from qafila.documents.signing import Refused, Verified, verify

__all__ = ["Refused", "Verified", "verify"]
