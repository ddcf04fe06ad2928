"""A keyring of the tests' own."""

from __future__ import annotations

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError


class DictKeyring(KeyringBackend):
    """Keeps secrets in a dict; fails with `fault` when there is one."""

    priority = 1  # type: ignore[assignment]

    def __init__(self, fault: Exception | None = None) -> None:
        super().__init__()
        self.secrets: dict[tuple[str, str], str] = {}
        self.fault = fault

    def _check(self) -> None:
        if self.fault:
            raise self.fault

    def get_password(self, service: str, username: str) -> str | None:
        self._check()
        return self.secrets.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._check()
        self.secrets[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._check()
        if self.secrets.pop((service, username), None) is None:
            raise PasswordDeleteError
