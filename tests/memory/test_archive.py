"""Export and load: what comes back is what was written, and nothing else is ever taken in."""

from __future__ import annotations

import asyncio
import json
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import save

from reweaving import Memory, MemoryEntry
from reweaving.errors import ArchiveError, ArchiveModelError, FingerprintError, InputError
from reweaving.memory import archive, archive_format
from reweaving.memory.archive_writer import ArchiveWriter
from reweaving.memory.bound_model import KEY_LAYER_NOTE, BoundModel
from tests.stores.same import differences

FINGERPRINT = "a" * 32


def made(number: int, **fields: object) -> MemoryEntry:
    generator = torch.Generator().manual_seed(number)
    values: dict[str, object] = {
        "hidden_state": torch.randn(2, 3, 8, generator=generator).bfloat16(),
        "layer_idx": (0, 1),
        "sequence_id": f"session {number % 3}",
        "position_idx": number,
        "key_state": torch.randn(3, 8, generator=generator).half(),
        "token_ids": (number, 6, 7),
        "text": f"Note {number}: grüße 'Aurora' \\ \u2028 \x00.",
        "fingerprint": FINGERPRINT,
        "metadata": {"by": "me", "deep": [1, {"x": None}], "odd": "\ud800"},
        "tags": ("work", "boat"),
        "relevance_score": 0.1 * number,
        "timestamp": 1e9 + number / 3,
        "id": f"{number:032x}",
    }
    return MemoryEntry(**{**values, **fields})  # type: ignore[arg-type]


def kinds() -> list[MemoryEntry]:
    """One entry of every shape that a store takes."""
    pair = tuple(torch.full((2, 3, 4), float(i)) for i in range(2))
    return [
        made(0),
        made(1, codec="kv", hidden_state=None, keys=pair, values=pair),
        made(2, codec="replay", hidden_state=None),
        made(3, codec="replay", hidden_state=None, key_state=None, fingerprint=""),
        made(4, layer_idx=1, hidden_state=torch.ones(8), sequence_id=7, pinned=True),
        made(5, key_state=None, expires_at=4e9, ttl_seconds=60.0, valid_until=1.5, tier="working"),
        made(6, hidden_state=torch.zeros(2, 0, 8), token_ids=(), trust="untrusted", source="web"),
    ]


@pytest.fixture
def memory() -> Iterator[Memory]:
    with Memory.open(":memory:", namespace="ann") as opened:
        opened.require_fingerprint(FINGERPRINT, "TinyLlama")
        opened.add(kinds())
        yield opened


@pytest.fixture
def packed(memory: Memory, tmp_path: Path) -> Path:
    memory.export(tmp_path / "ann.zip")
    return tmp_path / "ann.zip"


def whole(memory: Memory) -> dict[str, MemoryEntry]:
    return {entry.id: entry for entry in memory.get_many([e.id for e in memory.entries()])}


def assert_refused(path: Path, match: str, error: type[Exception] = ArchiveError) -> None:
    with Memory.open(":memory:", namespace="bob") as memory:
        with pytest.raises(error, match=match):
            memory.load(path)
        assert memory.entries() == []
        assert memory.generation == 0


def test_what_comes_back_is_what_was_written(memory: Memory, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    told = memory.export(tmp_path / "new" / "a.zip", progress=lambda d, t, _: seen.append((d, t)))
    assert (told.entries, told.tokens) == (7, 18)
    assert told.bytes == (tmp_path / "new" / "a.zip").stat().st_size
    assert seen[-1] == (7, 7)
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["a.zip"]
    with Memory.open(tmp_path / "m", namespace="bob") as other:
        loaded = other.load(tmp_path / "new" / "a.zip")
        assert set(loaded.added) == {entry.id for entry in kinds()}
        assert loaded.known == ()
        before = whole(memory)
        for entry_id, entry in whole(other).items():
            assert differences(before[entry_id], entry) == ["namespace"]
        assert other.note("model") == {"fingerprint": FINGERPRINT, "name": "TinyLlama"}


def test_keys_of_two_layers_are_not_put_together(memory: Memory, tmp_path: Path) -> None:
    note = KEY_LAYER_NOTE.format(FINGERPRINT)
    memory.set_note(note, 3)
    memory.export(tmp_path / "a.zip")
    with Memory.open(":memory:", namespace="bob") as other:
        other.load(tmp_path / "a.zip")
        assert other.note(note) == 3
        other.set_note(note, 2)
        with pytest.raises(
            ArchiveModelError, match="layer 3, and those of namespace 'bob' of layer 2"
        ):
            other.load(tmp_path / "a.zip")


def test_members_and_manifest(packed: Path) -> None:
    with zipfile.ZipFile(packed) as opened:
        assert opened.testzip() is None
        names = opened.namelist()
        assert set(names) == {"manifest.json", "entries.jsonl", "states-00000.safetensors"}
        assert all(info.compress_type == zipfile.ZIP_STORED for info in opened.infolist())
        manifest = json.loads(opened.read("manifest.json"))
        lines = opened.read("entries.jsonl").splitlines()
    assert (manifest["entries"], manifest["model"]) == (7, "TinyLlama")
    assert manifest["fingerprint"] == FINGERPRINT
    assert json.loads(lines[0])["token_ids"] == [0, 6, 7]


def test_shards_are_of_bounded_size(
    memory: Memory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_format, "SHARD_BYTES", 100)
    memory.export(tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as opened:
        shards = [name for name in opened.namelist() if name.startswith("states-")]
    assert len(shards) == 4, "an entry is never divided"
    with Memory.open(":memory:", namespace="bob") as other:
        other.load(tmp_path / "a.zip")
        assert len(whole(other)) == 7


def test_nothing_is_overwritten_unasked(memory: Memory, packed: Path) -> None:
    before = packed.read_bytes()
    with pytest.raises(InputError, match="there already"):
        memory.export(packed)
    assert packed.read_bytes() == before
    memory.forget(id=kinds()[0].id)
    assert memory.export(packed, overwrite=True).entries == 6


def test_a_second_load_brings_nothing_new(memory: Memory, packed: Path) -> None:
    memory.pin(kinds()[0].id)
    memory.forget(id=kinds()[1].id)
    loaded = memory.load(packed)
    assert loaded.added == (kinds()[1].id,)
    assert len(loaded.known) == 6
    assert memory.get(kinds()[0].id).pinned, "what is there is left as it is"


def test_an_id_of_another_entry_is_refused(memory: Memory, packed: Path) -> None:
    memory.forget(id=kinds()[1].id)
    memory.update(kinds()[0].id, text="Something else.")
    with pytest.raises(ArchiveError, match=kinds()[0].id):
        memory.load(packed)
    assert len(memory.entries()) == 6


def test_states_of_another_model_are_refused(packed: Path) -> None:
    with Memory.open(":memory:", namespace="bob") as memory:
        memory.require_fingerprint("b" * 32, "OtherModel")
        memory.add([made(9, fingerprint="b" * 32)])
        with pytest.raises(FingerprintError, match="cmr memory reencode") as told:
            memory.load(packed)
        for named in ("TinyLlama", "a" * 12, "OtherModel", "b" * 12, "manifest.json"):
            assert named in str(told.value)
        assert isinstance(told.value, ArchiveError)
        assert len(memory.entries()) == 1


def test_trust_can_be_taken_from_an_archive(packed: Path) -> None:
    with Memory.open(":memory:", namespace="bob") as memory:
        memory.load(packed, trust="untrusted")
        assert {entry.trust for entry in memory.entries()} == {"untrusted"}
        again = memory.load(packed, trust="untrusted")
        assert not again.added
        assert len(again.known) == 7
        assert {entry.trust for entry in memory.entries()} == {"untrusted"}
        with pytest.raises(InputError, match="trust"):
            memory.load(packed, trust="blind")


def test_ephemeral_sessions_reach_no_archive(tmp_path: Path) -> None:
    with Memory.open(tmp_path / "m") as memory:
        memory.make_ephemeral("secret")
        memory.add([made(0), made(1, sequence_id="secret", text="Qzsecret")])
        assert memory.export(tmp_path / "a.zip").entries == 1
    assert b"Qzsecret" not in (tmp_path / "a.zip").read_bytes()


def test_a_failed_export_leaves_no_file(memory: Memory, tmp_path: Path) -> None:
    def write() -> None:
        with ArchiveWriter(tmp_path / "a.zip", "ann", BoundModel(), None) as writer:
            writer.add(made(0))
            raise RuntimeError("full")

    with pytest.raises(RuntimeError, match="full"):
        write()
    assert list(tmp_path.iterdir()) == []


def test_large_archives_are_stored_in_parts_and_undone_together(
    packed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "_AT_ONCE_BYTES", 200)
    with Memory.open(":memory:", namespace="bob") as memory:
        assert len(memory.load(packed).added) == 7
    with Memory.open(":memory:", namespace="bob") as memory:
        add, calls = memory.add, list[int]()

        def fail_later(entries: list[MemoryEntry]) -> None:
            calls.append(len(entries))
            if len(calls) == 3:
                raise InputError("no room")
            add(entries)

        monkeypatch.setattr(memory, "add", fail_later)
        with pytest.raises(InputError, match="no room"):
            memory.load(packed)
        assert calls[0] > 0
        assert memory.entries() == []


def test_async_twins(memory: Memory, tmp_path: Path) -> None:
    async def work() -> int:
        await memory.aexport(tmp_path / "a.zip")
        await memory.aforget(namespace=True)
        await memory.aload(tmp_path / "a.zip")
        return len(await memory.aentries())

    assert asyncio.run(work()) == 7
    assert memory.aexport.__name__ == "aexport"


# What a hostile or careless writer could make of it.

Members = dict[str, bytes]


def rewritten(packed: Path, change: Callable[[Members, dict[str, Any]], None]) -> Path:
    """The archive with changed members and a manifest that agrees with them again."""
    import hashlib

    with zipfile.ZipFile(packed) as opened:
        members = {name: opened.read(name) for name in opened.namelist()}
    manifest = json.loads(members.pop("manifest.json"))
    before = dict(members)
    change(members, manifest)
    for name in members.keys() & manifest["members"].keys():
        if members[name] != before.get(name):
            digest = hashlib.sha256(members[name]).hexdigest()
            manifest["members"][name] = {"bytes": len(members[name]), "sha256": digest}
    with zipfile.ZipFile(packed, "w") as opened:
        for name, data in members.items():
            opened.writestr(name, data)
        opened.writestr("manifest.json", json.dumps(manifest))
    return packed


def edited_line(number: int, **fields: object) -> Callable[[Members, dict[str, Any]], None]:
    def change(members: Members, _: dict[str, Any]) -> None:
        lines = members["entries.jsonl"].splitlines()
        lines[number] = json.dumps({**json.loads(lines[number]), **fields}).encode()
        members["entries.jsonl"] = b"\n".join(lines) + b"\n"

    return change


def test_the_helper_alone_changes_nothing(packed: Path) -> None:
    rewritten(packed, lambda members, manifest: None)
    with Memory.open(":memory:", namespace="bob") as memory:
        assert len(memory.load(packed).added) == 7


@pytest.mark.parametrize(
    ("fields", "match"),
    [
        ({"id": f"{1:032x}"}, "twice"),
        ({"id": 5}, "id"),
        ({"id": ""}, "printable"),
        ({"relevance_score": float("nan")}, "NaN is no number"),
        ({"relevance_score": "high"}, "relevance_score"),
        ({"token_ids": [1, 2**40, 3]}, "token_ids"),
        ({"token_ids": [1, 2.5]}, "token_ids"),
        ({"position": 2**70}, "64-bit"),
        ({"session": ["a"]}, "session"),
        ({"trust": "absolute"}, "trust"),
        ({"tier": "cloud"}, "tier"),
        ({"tags": ["", "x"]}, "tags"),
        ({"pinned": "yes"}, "pinned"),
        ({"extra": 1}, "extra"),
        ({"fingerprint": "b" * 32}, "is of the model"),
        ({"shard": 3}, "not in order"),
        ({"shard": None}, "nobody's"),
        ({"shard": -1}, "shard"),
        ({"text": "\ud800"}, "Unicode"),
        ({"layers": "all"}, "layers"),
        ({"metadata": [1]}, "metadata"),
    ],
)
def test_a_line_that_is_not_right_is_refused(
    packed: Path, fields: dict[str, object], match: str
) -> None:
    assert_refused(rewritten(packed, edited_line(0, **fields)), match)


def shard(**tensors: torch.Tensor) -> Callable[[Members, dict[str, Any]], None]:
    def change(members: Members, _: dict[str, Any]) -> None:
        from safetensors.torch import load

        found = load(members["states-00000.safetensors"])
        found |= {f"00000000.{name}": state for name, state in tensors.items()}
        members["states-00000.safetensors"] = save(found)

    return change


@pytest.mark.parametrize(
    ("state", "match"),
    [
        (torch.full((2, 3, 8), float("nan")), "states-00000.*NaN"),
        (torch.full((2, 3, 8), float("inf")), "states-00000.*NaN or infinite"),
        (torch.ones(2, 3, 8, dtype=torch.float64), "dtype 'F64'"),
        (torch.ones(2, 3, 8, dtype=torch.int32), "dtype 'I32'"),
        (torch.ones(2, 3, 8, dtype=torch.bool), "dtype 'BOOL'"),
    ],
)
def test_states_that_are_none_are_refused(packed: Path, state: torch.Tensor, match: str) -> None:
    assert_refused(rewritten(packed, shard(hidden=state)), match)


def test_states_that_belong_to_nothing_are_refused(packed: Path) -> None:
    assert_refused(rewritten(packed, shard(pickle=torch.ones(2))), "do not belong together")


def with_header(header: bytes, length: int | None = None) -> Callable[[Members, Any], None]:
    def change(members: Members, _: dict[str, Any]) -> None:
        size = len(header) if length is None else length
        members["states-00000.safetensors"] = struct.pack("<Q", size) + header + bytes(64)

    return change


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (with_header(b"{}", 2**62), "header is said to take"),
        (with_header(b"{}", 0), "header is said to take"),
        (with_header(b"[" * 5000), "header cannot be read"),
        (with_header(b'{"00000000.hidden": 5}'), "header cannot be read"),
        (
            with_header(
                b'{"00000000.hidden":{"dtype":"F32","shape":[1099511627776],"data_offsets":[0,64]}}'
            ),
            "larger than the file",
        ),
        (
            with_header(b'{"00000000.hidden":{"dtype":"F32","shape":[4],"data_offsets":[0,640]}}'),
            "states-00000.safetensors",
        ),
        (
            with_header(b'{"00000000.hidden":{"dtype":"F32","shape":[-4],"data_offsets":[0,16]}}'),
            "states-00000.safetensors",
        ),
    ],
)
def test_hostile_headers_are_refused(packed: Path, change: Any, match: str) -> None:
    assert_refused(rewritten(packed, change), match)


def renamed(name: str) -> Callable[[Members, dict[str, Any]], None]:
    def change(members: Members, manifest: dict[str, Any]) -> None:
        members[name] = members.pop("states-00000.safetensors")
        manifest["members"][name] = manifest["members"].pop("states-00000.safetensors")

    return change


@pytest.mark.parametrize(
    "name",
    [
        "../../evil.safetensors",
        "/etc/states-00000.safetensors",
        "..\\states-00000.safetensors",
        "states-00000.safetensors/",
        "states-00000.pickle",
        "C:states-00000.safetensors",
        "states-00007.safetensors",
    ],
)
def test_zip_slip_is_refused(packed: Path, name: str, tmp_path: Path) -> None:
    before = sorted(tmp_path.parent.iterdir())
    assert_refused(rewritten(packed, renamed(name)), "no place in an archive")
    assert sorted(tmp_path.parent.iterdir()) == before


def change_info(packed: Path, name: str, change: Callable[[zipfile.ZipInfo], None]) -> Path:
    """The archive with one member written in another way."""
    with zipfile.ZipFile(packed) as opened:
        members = {info.filename: opened.read(info) for info in opened.infolist()}
    with zipfile.ZipFile(packed, "w") as opened:
        for filename, data in members.items():
            info = zipfile.ZipInfo(filename)
            if filename == name:
                change(info)
            opened.writestr(info, data, compress_type=info.compress_type)
    return packed


def test_links_and_compression_are_refused(packed: Path) -> None:
    def link(info: zipfile.ZipInfo) -> None:
        info.external_attr = 0o120777 << 16

    def compress(info: zipfile.ZipInfo) -> None:
        info.compress_type = zipfile.ZIP_DEFLATED

    assert_refused(change_info(packed, "entries.jsonl", compress), "is compressed")
    assert_refused(change_info(packed, "entries.jsonl", link), "is a link")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_refused(packed: Path) -> None:
    with zipfile.ZipFile(packed, "a") as opened:
        opened.writestr("entries.jsonl", b"")
    assert_refused(packed, "the same name")


def test_a_long_line_and_a_huge_directory_are_refused(
    packed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_format, "LINE_BYTES", 100)
    assert_refused(packed, "line 1 is longer")
    monkeypatch.setattr(archive_format, "DIRECTORY_BYTES", 100)
    assert_refused(packed, "a directory of")


def test_a_longer_line_is_not_written(memory: Memory, tmp_path: Path) -> None:
    monkey = pytest.MonkeyPatch()
    with monkey.context() as patch:
        patch.setattr(archive_format, "LINE_BYTES", 100)
        with pytest.raises(InputError, match="without its states"):
            memory.export(tmp_path / "a.zip")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (lambda members, manifest: manifest.update(version=2), "version"),
        (lambda members, manifest: manifest.update(entries=6), "number of entries"),
        (lambda members, manifest: manifest.update(tokens=1), "number of entries or tokens"),
        (lambda members, manifest: manifest["members"].pop("entries.jsonl"), "other members"),
        (lambda members, manifest: members.pop("entries.jsonl"), "entries.jsonl"),
        (
            lambda members, manifest: manifest["members"]["entries.jsonl"].update(sha256="0" * 64),
            "does not match its checksum",
        ),
        (
            lambda members, manifest: manifest["members"]["entries.jsonl"].update(bytes=3),
            "another size",
        ),
    ],
)
def test_a_manifest_that_is_not_right_is_refused(packed: Path, change: Any, match: str) -> None:
    assert_refused(rewritten(packed, change), match)


@pytest.mark.parametrize("data", [b"", b"PK", b"no zip file" * 50, b"PK\x05\x06" + bytes(18)])
def test_what_is_no_archive_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.zip").write_bytes(data)
    assert_refused(tmp_path / "a.zip", r"a\.zip")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert_refused(tmp_path / "nothing.zip", "cannot be read")


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes, dict[str, MemoryEntry]]:
    path = tmp_path_factory.mktemp("archive") / "a.zip"
    with Memory.open(":memory:", namespace="ann") as memory:
        memory.add(kinds())
        memory.export(path)
        return path, path.read_bytes(), whole(memory)


@settings(max_examples=300)
@given(data=st.data())
def test_damage_anywhere_is_refused_or_changes_nothing(
    sound: tuple[Path, bytes, dict[str, MemoryEntry]], data: st.DataObject
) -> None:
    path, original, expected = sound
    damaged = bytearray(original)
    how = data.draw(st.sampled_from(["flip", "truncate", "cut", "insert", "zero"]))
    at = data.draw(st.integers(0, len(original) - 1))
    length = data.draw(st.integers(1, 64))
    if how == "flip":
        damaged[at] ^= 1 << data.draw(st.integers(0, 7))
    elif how == "truncate":
        del damaged[at:]
    elif how == "cut":
        del damaged[at : at + length]
    elif how == "insert":
        damaged[at:at] = data.draw(st.binary(min_size=1, max_size=64))
    else:
        damaged[at : at + length] = bytes(len(damaged[at : at + length]))
    path.write_bytes(damaged)
    with Memory.open(":memory:", namespace="bob") as memory:
        try:
            memory.load(path)
        except ArchiveError:
            assert memory.entries() == []
            return
        found = whole(memory)
    assert found.keys() == expected.keys()
    for entry_id, entry in found.items():
        assert differences(expected[entry_id], entry) == ["namespace"]
