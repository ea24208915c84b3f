"""The keyring: what stands on the disk, what destroying leaves, what clocks and thieves can do."""

from __future__ import annotations

import os
import shutil
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from store import Keys, open_database
from store.errors import KeyringEmptyError, KeyringError, KeyringPlaceError
from store.keyring import Epoch, FileKeyring, Keyring
from store.keys import keyring_folder

NOW = datetime(2026, 11, 21, 14, 30, 5, tzinfo=UTC)
DAY = timedelta(days=1)
TODAY = 20_778  # days from 1970-01-01 to 2026-11-21
SEAL = bytes(range(32))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "faro.key.epochs"


@pytest.fixture(params=["file", "memory"])
def ring(request: pytest.FixtureRequest, folder: Path) -> Keyring:
    return FileKeyring(folder, SEAL) if request.param == "file" else Keyring()


def numbers(ring: Keyring) -> list[int]:
    return [epoch.number for epoch in ring.epochs()]


def names(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))


def test_a_key_is_random_and_named_after_its_day(ring: Keyring) -> None:
    with pytest.raises(KeyringEmptyError):
        ring.current()
    one = ring.create(NOW)
    two = ring.create(NOW + DAY)
    assert numbers(ring) == [TODAY + 1, TODAY]
    assert ring.current().number == two.number
    assert one.made == NOW.replace(minute=0, second=0)
    assert len({one.subkey("x"), two.subkey("x"), Keyring().create(NOW).subkey("x")}) == 3
    assert ring.get(TODAY - 1) is None


def test_one_a_day_of_caracas(ring: Keyring) -> None:
    """Midnight there is four in the morning UTC."""
    assert ring.due(NOW)
    ring.create(NOW)
    assert not ring.due(NOW)
    assert not ring.due(datetime(2026, 11, 22, 3, 59, tzinfo=UTC))
    assert ring.due(datetime(2026, 11, 22, 4, 0, tzinfo=UTC))


def test_numbers_never_go_back_whatever_the_clock_does(ring: Keyring) -> None:
    ring.create(NOW + 1000 * DAY)
    assert ring.due(NOW)
    assert ring.create(NOW).number == TODAY + 1001
    assert not ring.due(NOW)
    assert ring.destroy_before(TODAY + 1001) == 1
    assert ring.due(NOW + DAY)
    assert ring.create(NOW + DAY, above=TODAY + 5000).number == TODAY + 5001


def test_destroying_takes_what_is_older_and_nothing_else(ring: Keyring) -> None:
    for day in range(3):
        ring.create(NOW + day * DAY)
    assert ring.destroy_before(TODAY + 1) == 1
    assert numbers(ring) == [TODAY + 2, TODAY + 1]
    assert ring.destroy_before(TODAY + 1) == 0


def test_it_comes_back_from_the_disk(folder: Path) -> None:
    made = FileKeyring(folder, SEAL).create(NOW)
    again = FileKeyring(folder, SEAL).current()
    assert (again.number, again.made) == (made.number, made.made)
    assert again.subkey("x") == made.subkey("x")


def test_only_its_owner_may_open_it(folder: Path) -> None:
    folder.mkdir(mode=0o755)
    before = os.umask(0)
    try:
        FileKeyring(folder, SEAL).create(NOW)
    finally:
        os.umask(before)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert names(folder) == [f"epoch-{TODAY}"]
    assert stat.S_IMODE((folder / f"epoch-{TODAY}").stat().st_mode) == 0o600


def test_under_another_master_key_nothing_opens_and_nothing_is_lost(folder: Path) -> None:
    FileKeyring(folder, SEAL).create(NOW)
    assert FileKeyring(folder, bytes(32)).epochs() == ()
    assert numbers(FileKeyring(folder, SEAL)) == [TODAY]


@pytest.mark.parametrize("damage", ["shortened", "renamed", "random", "empty"])
def test_a_damaged_key_is_a_lost_key(folder: Path, damage: str) -> None:
    FileKeyring(folder, SEAL).create(NOW)
    file = folder / f"epoch-{TODAY}"
    if damage == "renamed":
        file.rename(folder / f"epoch-{TODAY + 1}")
    else:
        content = {"shortened": file.read_bytes()[:-1], "random": os.urandom(69), "empty": b""}
        file.write_bytes(content[damage])
    ring = FileKeyring(folder, SEAL)
    assert ring.epochs() == ()
    assert ring.due(NOW)
    made = ring.create(NOW)
    assert made.number > TODAY, "its number is taken: a row may still carry it"
    assert ring.destroy_before(made.number) == 1
    assert names(folder) == [f"epoch-{made.number}"]


def test_destroying_overwrites_in_place_before_the_name_goes(folder: Path, tmp_path: Path) -> None:
    """A second name of the same file shows what stands on the disk afterwards."""
    ring = FileKeyring(folder, SEAL)
    ring.create(NOW)
    os.link(folder / f"epoch-{TODAY}", tmp_path / "inode")
    before = (tmp_path / "inode").read_bytes()
    ring.destroy_before(ring.create(NOW + DAY).number)
    after = (tmp_path / "inode").read_bytes()
    assert len(after) == len(before)
    assert all(before[at : at + 8] not in after for at in range(len(before) - 7))


def test_what_stands_where_before_the_next_step(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut loses what was not synced: the order of the calls is the promise."""
    calls: list[str] = []

    def spy(name: str) -> None:
        real = getattr(os, name)

        def call(*args: object, **kwargs: object) -> object:
            if name != "fsync":
                calls.append(name)
            else:
                mode = os.fstat(args[0]).st_mode  # type: ignore[arg-type]  # a descriptor
                calls.append("fsync folder" if stat.S_ISDIR(mode) else "fsync file")
            return real(*args, **kwargs)

        monkeypatch.setattr(os, name, call)

    for name in ("write", "fsync", "rename", "unlink"):
        spy(name)
    ring = FileKeyring(folder, SEAL)
    ring.create(NOW)
    new = ["write", "fsync file", "rename", "fsync folder"]
    assert calls == ["fsync folder", *new]
    calls.clear()
    made = ring.create(NOW + DAY)
    assert calls == new
    calls.clear()
    ring.destroy_before(made.number)
    assert calls == ["write", "fsync file", "unlink", "fsync folder"]


def test_what_an_interrupted_creation_left_is_destroyed(folder: Path) -> None:
    ring = FileKeyring(folder, SEAL)
    made = ring.create(NOW)
    (folder / ".new-0011").write_bytes(b"half a key")
    (folder / "README").write_text("something of the operator's")
    ring.destroy_before(made.number)
    assert names(folder) == ["README", f"epoch-{TODAY}"]


def test_a_program_beside_this_one_sees_the_change(folder: Path) -> None:
    bot, doctor = FileKeyring(folder, SEAL), FileKeyring(folder, SEAL)
    made = bot.create(NOW)
    assert doctor.current().subkey("x") == made.subkey("x")
    bot.destroy_before(bot.create(NOW + DAY).number)
    assert doctor.current().number == TODAY + 1
    assert numbers(FileKeyring(folder, SEAL)) == [TODAY + 1]


def test_a_folder_taken_away_while_it_runs_loses_no_session(folder: Path) -> None:
    ring = FileKeyring(folder, SEAL)
    made = ring.create(NOW)
    shutil.rmtree(folder)
    assert ring.get(TODAY) is made
    assert ring.due(NOW), "the next run makes a new one and passes every session to it"
    new = ring.create(NOW)
    assert numbers(ring) == [new.number, TODAY]
    ring.destroy_before(new.number)
    assert numbers(ring) == numbers(FileKeyring(folder, SEAL)) == [new.number]


def test_a_folder_that_cannot_be_written_is_an_error_that_says_where(tmp_path: Path) -> None:
    (tmp_path / "faro.key.epochs").write_text("a file, not a folder")
    with pytest.raises(KeyringError, match=r"faro\.key\.epochs"):
        FileKeyring(tmp_path / "faro.key.epochs", SEAL)
    with pytest.raises(KeyringError, match="nowhere"):
        FileKeyring(tmp_path / "nowhere" / "faro.key.epochs", SEAL).create(NOW)


def test_overwriting_may_fail_but_the_name_must_go(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = FileKeyring(folder, SEAL)
    ring.create(NOW)
    new = ring.create(NOW + DAY)

    def refuse(*args: object, **kwargs: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "write", refuse)
    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(KeyringError, match="destroy"):
        ring.destroy_before(new.number)
    monkeypatch.undo()
    monkeypatch.setattr(os, "write", refuse)
    assert ring.destroy_before(new.number) == 1
    assert names(folder) == [f"epoch-{TODAY + 1}"]


def test_keys_of_the_day_are_never_shown(ring: Keyring) -> None:
    epoch = ring.create(NOW)
    assert repr(epoch) == "<Epoch>"
    assert repr(ring) in ("<Keyring>", "<FileKeyring>")
    assert not hasattr(epoch, "__dict__")
    assert isinstance(epoch, Epoch)


def test_a_naive_time_is_refused(ring: Keyring) -> None:
    with pytest.raises(ValueError, match="aware"):
        ring.create(NOW.replace(tzinfo=None))


async def test_a_keyring_inside_the_folder_of_the_database_is_refused(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    beside = Keys.generate(data / "faro.key")
    with pytest.raises(KeyringPlaceError, match="Move"):
        await open_database(f"sqlite:///{data}/faro.db", beside)
    (data / "ring").mkdir()
    linked = Keys.generate(tmp_path / "faro.key")
    keyring_folder(tmp_path / "faro.key").symlink_to(data / "ring")
    with pytest.raises(KeyringPlaceError):
        await open_database(f"sqlite:///{data}/faro.db", linked)
    other = Keys.generate(tmp_path / "other.key")
    with pytest.raises(KeyringPlaceError):
        await open_database(f"sqlite:///{keyring_folder(tmp_path / 'other.key')}/faro.db", other)
    assert not (data / "faro.db").exists()
