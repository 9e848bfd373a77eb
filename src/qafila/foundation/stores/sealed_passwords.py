"""Passwords are kept as Argon2 makes them, sealed once more with the installation's secret key.

Whoever reads the database, a copy of it or its log, but not the key, cannot even begin to guess.
`qafila accounts reseal` brings them to the present key, as it does with second factors.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher

from qafila.foundation.stores.sealing import NotOpened, is_sealed, opened, seal, sealed_again

_PURPOSE = "password"
_EARLIER = "argon2"


class SealedArgon2(Argon2PasswordHasher):
    """Argon2 whose result is sealed."""

    algorithm = "sealed_argon2"

    def encode(self, password: str, salt: str) -> str:
        """The password as it is kept."""
        return self._joined(seal(_rest(super().encode(password, salt)), _PURPOSE))

    def verify(self, password: str, encoded: str) -> bool:
        """Whether it is the password; False as well when no key opens what is kept."""
        try:
            return super().verify(password, self._plain(encoded))
        except NotOpened:
            return False

    def decode(self, encoded: str) -> dict[str, Any]:
        """What Argon2 was told; NotOpened when no key opens what is kept."""
        return super().decode(self._plain(encoded))

    def must_update(self, encoded: str) -> bool:
        """Whether it was made with less work than today's; False when no key opens what is kept."""
        try:
            return bool(super().must_update(encoded))
        except NotOpened:
            return False

    def _plain(self, encoded: str) -> str:
        return self._joined(opened(_rest(encoded), _PURPOSE))

    def _joined(self, rest: str) -> str:
        return f"{self.algorithm}${rest}"


def password_sealed_again(encoded: str) -> str:
    """The kept password under the present key; one kept before passwords were sealed, sealed."""
    algorithm, _, rest = encoded.partition("$")
    if algorithm == _EARLIER or (algorithm == SealedArgon2.algorithm and is_sealed(rest)):
        return f"{SealedArgon2.algorithm}${sealed_again(rest, _PURPOSE)}"
    return encoded


def _rest(encoded: str) -> str:
    return encoded.partition("$")[2]
