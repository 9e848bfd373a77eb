"""What schemathesis loads for `fuzz_api.py`: each request comes from one of several partners.

Otherwise the limit of what one partner may send a minute would answer most of them.
"""

from __future__ import annotations

import os
import random
from typing import Any

import schemathesis

TOKENS = os.environ["FUZZ_TOKENS"].split()


@schemathesis.auth(refresh_interval=None)
class AnyPartner:
    """A partner's token, another for each request."""

    def get(self, _case: Any, _context: Any) -> str:
        """The token."""
        return random.choice(TOKENS)

    def set(self, case: Any, token: str, _context: Any) -> None:
        """Put it where the API looks for it."""
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {token}"}
