"""What an intruder takes: files of the database and its log, a dump, logs, the queue, mail. And how it is searched."""

import re
import subprocess
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from redis import Redis

from tests.faults.platform import Target
from tests.services import postgres_programs

WAL_LINE = re.compile(r"rmgr: (\S+) .*?tx:\s+(\d+),.*?desc: (\S+)(.*?)rel \d+/\d+/(\d+)(?: fork \w+)? blk (\d+)")


@dataclass
class Loot:
    """Bytes by name. `rows` are whole tables with the hidden columns of PostgreSQL; `log` the write-ahead log, read."""

    files: dict[str, bytes] = field(default_factory=dict)
    rows: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    filenodes: dict[str, int] = field(default_factory=dict)
    wal: list[tuple[int, str, int, int]] = field(default_factory=list)

    def any_of(self, shape: bytes, wanted: Container[bytes]) -> list[str]:
        """The names of the files in which something of this shape is one of `wanted`."""
        pattern = re.compile(shape)
        return [name for name, data in self.files.items() if any(one in wanted for one in pattern.findall(data))]


TABLES = ("voting_code", "sealed_ballot", "receipt", "ballot", "audit_entry", "outbox_message")


def take_all(target: Target, redis_url: str, mails: Iterable[object]) -> Loot:
    """A full copy of this moment: nothing is left out that somebody with root on every machine could read."""
    loot = Loot()
    with psycopg.connect(target.cluster.url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        tables = [row[0] for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        for table in set(TABLES) & set(tables):
            cursor = connection.execute(f'SELECT ctid::text, xmin::text, xmax::text, t.* FROM "{table}" t')
            names = [column.name for column in cursor.description or ()]
            loot.rows[table] = [dict(zip(names, row, strict=True)) for row in cursor]
            found = connection.execute("SELECT pg_relation_filenode(%s::regclass)", [table]).fetchone()
            loot.filenodes[table] = found[0] if found else 0
        found = connection.execute("SELECT oid FROM pg_database WHERE datname = current_database()").fetchone()
    ours = str(found[0] if found else "")
    for path in sorted(target.cluster.data.rglob("*")):
        # Other databases are templates, as PostgreSQL brings them.
        if path.is_file() and ("base" not in path.parts or ours in path.parts):
            loot.files[f"cluster/{path.relative_to(target.cluster.data)}"] = path.read_bytes()
    for path in (target.cluster.log, target.log):
        loot.files[path.name] = path.read_bytes()
    dump = [postgres_programs() / "pg_dump", "--inserts", target.cluster.url]
    loot.files["dump"] = subprocess.run(dump, check=True, capture_output=True).stdout
    with Redis.from_url(redis_url) as redis:
        kept = [key + b"\n" + (redis.dump(key) or b"") for key in redis.scan_iter()]
    loot.files["redis"] = b"\n".join(kept)
    loot.files["mail"] = "\n".join(str(mail) for mail in mails).encode()
    loot.wal = list(_read_wal(target.cluster.data / "pg_wal"))
    return loot


def _read_wal(folder: Path) -> Iterator[tuple[int, str, int, int]]:
    """(transaction, what was done, file of the table, block) of each change of a row, in the order of the log."""
    segments = sorted(path.name for path in folder.iterdir() if re.fullmatch(r"[0-9A-F]{24}", path.name))
    command = [postgres_programs() / "pg_waldump", "--path", folder, segments[0]]
    # The last segment ends in what is not written yet: an error at its end is how it must be.
    done = subprocess.run([*command, segments[-1]], capture_output=True, text=True, check=False)
    for line in done.stdout.splitlines():
        if found := WAL_LINE.search(line):
            yield int(found[2]), found[3], int(found[5]), int(found[6])
