"""The key file and the subkeys."""

from __future__ import annotations

import base64
import pickle
import stat
from pathlib import Path

import pytest

from store.errors import KeyFileError, KeyFileExists, KeyFileFormat, KeyFileMissing, KeyFileTooOpen
from store.keys import BEFORE_EPOCHS, Keys

SECRET = base64.urlsafe_b64encode(bytes(range(200, 232))).decode()


def write(path: Path, content: str | bytes, mode: int = 0o600) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    path.chmod(mode)
    return path


def test_a_generated_file_is_one_line_that_only_its_owner_reads(tmp_path: Path) -> None:
    path = tmp_path / "faro.key"
    made = Keys.generate(path)
    line = path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert line.startswith("faro1:")
    assert line.endswith("\n")
    assert len(base64.urlsafe_b64decode(line.removeprefix("faro1:"))) == 32
    assert Keys.load(path).subkey("buttons") == made.subkey("buttons")


def test_two_generated_keys_differ(tmp_path: Path) -> None:
    one, two = Keys.generate(tmp_path / "one"), Keys.generate(tmp_path / "two")
    assert one.subkey("buttons") != two.subkey("buttons")
    assert Keys.ephemeral().subkey("buttons") != Keys.ephemeral().subkey("buttons")


def test_a_file_that_exists_is_left_as_it_is(tmp_path: Path) -> None:
    path = write(tmp_path / "faro.key", "something of mine")
    with pytest.raises(KeyFileExists):
        Keys.generate(path)
    assert path.read_text() == "something of mine"


def test_a_dangling_link_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(KeyFileExists):
        Keys.generate(tmp_path / "link")
    assert not (tmp_path / "elsewhere").exists()


def test_generating_and_loading_print_nothing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    Keys.generate(tmp_path / "faro.key")
    Keys.load(tmp_path / "faro.key")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("form", [SECRET, SECRET.rstrip("="), SECRET + "\n", SECRET + "\r\n"])
def test_padding_and_line_end_are_free(tmp_path: Path, form: str) -> None:
    path = write(tmp_path / "faro.key", f"faro1:{form}")
    assert Keys.load(path).subkey("x") == Keys(bytes(range(200, 232))).subkey("x")


@pytest.mark.parametrize(
    "content",
    [
        "",
        SECRET,
        f"faro2:{SECRET}",
        f"faro1:{SECRET}\nfaro1:{SECRET}\n",
        f" faro1:{SECRET}",
        f"faro1: {SECRET}",
        f"faro1:{SECRET[:-6]}",
        f"faro1:{SECRET[:-1]}AAAA",
        f"faro1:{SECRET[:41]}",
        f"faro1:{SECRET[:20]}ñ{SECRET[21:]}",
        b"\xff\xfe" + SECRET.encode(),
    ],
)
def test_another_format_is_refused_without_showing_the_key(
    tmp_path: Path, content: str | bytes
) -> None:
    path = write(tmp_path / "faro.key", content)
    with pytest.raises(KeyFileFormat) as caught:
        Keys.load(path)
    assert SECRET[:8] not in repr(caught.value)
    assert SECRET[:8] not in str(caught.value)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o610])
def test_a_file_that_others_may_open_is_refused(tmp_path: Path, mode: int) -> None:
    path = write(tmp_path / "faro.key", f"faro1:{SECRET}\n", mode)
    with pytest.raises(KeyFileTooOpen, match="chmod 600"):
        Keys.load(path)


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_file_of_the_owner_alone_is_read(tmp_path: Path, mode: int) -> None:
    Keys.load(write(tmp_path / "faro.key", f"faro1:{SECRET}\n", mode))


def test_a_missing_file_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(KeyFileMissing, match="faro keygen"):
        Keys.load(tmp_path / "none")


def test_a_folder_is_not_a_key_file(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError):
        Keys.load(tmp_path)
    with pytest.raises(KeyFileError):
        Keys.generate(tmp_path / "no such folder" / "faro.key")


def test_keys_are_never_shown_or_copied() -> None:
    master = bytes(range(200, 232))
    keys = Keys(master)
    derived = keys.subkey("buttons")
    for text in (repr(keys), str(keys), f"{keys}"):
        assert text == "<Keys>"
    assert not hasattr(keys, "__dict__")
    with pytest.raises(TypeError):
        pickle.dumps(keys)
    assert derived not in (master, b"")


def test_each_purpose_and_table_has_its_own_key() -> None:
    keys = Keys.ephemeral()
    purposes = ["buttons", "lookup:session", "wrap:sessions", "seal:erasure", "seal:counters"]
    assert len({keys.subkey(each) for each in purposes}) == len(purposes)
    assert keys.lookup("session", 7) != keys.lookup("subscriber", 7)
    assert keys.lookup("session", 7) == keys.lookup("session", 7)
    assert len({keys.lookup("session", chat) for chat in (7, -7, 8, 2**40)}) == 4


def test_the_master_key_is_the_epoch_before_there_were_epochs() -> None:
    keys = Keys.ephemeral()
    before = keys.epoch(BEFORE_EPOCHS)
    assert before is keys.epochs()[-1]
    assert before is not None
    assert before.subkey("wrap:sessions") == keys.subkey("wrap:sessions")
    assert before.lookup("session", 7) == keys.lookup("session", 7)
    assert keys.ring.current().lookup("session", 7) != keys.lookup("session", 7)
    assert keys.epoch(999) is None


def test_derivation_is_rfc_5869() -> None:
    """HKDF written out by hand from the RFC: a change here would orphan every database."""
    import hmac

    master = bytes(range(32))
    extracted = hmac.digest(bytes(32), master, "sha256")
    expanded = hmac.digest(extracted, b"faro/1/buttons\x01", "sha256")
    assert Keys(master).subkey("buttons") == expanded


def test_a_master_key_of_another_length_is_refused() -> None:
    with pytest.raises(KeyFileFormat):
        Keys(b"short")
