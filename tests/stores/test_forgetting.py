"""Law 11: after forgetting, no byte of the content remains in any file."""

from __future__ import annotations

import random
from pathlib import Path

import torch

from reweaving.memory.memory import Memory
from reweaving.types import MemoryEntry

WORDS = [a + b + c for a in ("bra", "cle", "dri") for b in ("mo", "nu", "pa") for c in ("x", "z")]


def files_with(folder: Path, needle: bytes) -> list[str]:
    """Files that hold `needle`, in the case it has or in lower case."""
    return [
        path.name
        for path in folder.rglob("*")
        if path.is_file() and (needle in (data := path.read_bytes()) or needle.lower() in data)
    ]


DTYPES = (torch.float32, torch.float16, torch.bfloat16)


def state_of(number: int) -> torch.Tensor:
    """States whose bytes can be searched for, in each of the dtypes that are stored."""
    generator = torch.Generator().manual_seed(number)
    return torch.randn(2, 24, 16, generator=generator).to(DTYPES[number % 3])


def secret_entry(number: int, rng: random.Random) -> MemoryEntry:
    filler = " ".join(rng.choices(WORDS, k=rng.randint(0, 60)))
    state = state_of(number)
    return MemoryEntry(
        hidden_state=state,
        layer_idx=(0, 1),
        sequence_id=f"session-{number % 7}",
        position_idx=number,
        key_state=state[0] + 1,
        token_ids=tuple(1_000_000_000 + number * 64 + i for i in range(24)),
        text=f"Qzsecretword{number:05d} {filler}",
        metadata={"label": f"Qzlabel{number:05d}"},
        fingerprint="f" * 64,
    )


def traces(number: int) -> list[bytes]:
    """Byte strings that only the entry of this number has."""
    state = state_of(number)
    tokens = [(1_000_000_000 + number * 64 + i).to_bytes(4, "little") for i in range(24)]
    return [
        f"Qzsecretword{number:05d}".encode(),
        f"Qzlabel{number:05d}".encode(),
        b"".join(tokens[:3]),
        b"".join(tokens[-3:]),
        *(
            part.contiguous().view(torch.uint8).numpy().tobytes()
            for part in (state[0, 0, :8], state[1, -1, -8:], (state[0] + 1)[0, :8])
        ),
        (state[0] + 1)[-1, -8:].contiguous().view(torch.uint8).numpy().tobytes(),
    ]


def everywhere(number: int) -> list[bytes]:
    """`traces`, and its states and tokens as another dtype or in text would show them."""
    state = state_of(number)
    converted = [
        part.to(dtype).contiguous().view(torch.uint8).numpy().tobytes()
        for dtype in DTYPES
        for part in (state[0, 3, :8], state[1, -1, -8:], (state[0] + 1)[5, :8])
    ]
    first = 1_000_000_000 + number * 64
    return [*traces(number), *converted, f"{first}".encode(), f"secretword{number:05d}".encode()]


def test_no_byte_of_what_was_forgotten_remains(tmp_path: Path) -> None:
    rng = random.Random(3)
    folder = tmp_path / "m"
    entries = {number: secret_entry(number, rng) for number in range(400)}
    with Memory.open(folder, namespace="ann") as memory, Memory.open(folder, "ann") as reader:
        for start in range(0, 400, 8):
            memory.add([entries[n] for n in range(start, start + 8)])
        assert all(files_with(folder, trace) for trace in traces(17)), "the premise of this test"
        for number in range(0, 400, 9):
            memory.update(entries[number].id, text=f"Qzsecretword{number:05d} edited")
        assert reader.search("edited", 3)
        forgotten = set(rng.sample(range(400), 60))
        for number in list(forgotten)[:4]:
            receipt = memory.forget(id=entries[number].id)
            assert receipt.ids == (entries[number].id,)
        for number in list(forgotten)[4:8]:
            assert memory.forget(text=f"SECRETWORD{number:05d}").ids == (entries[number].id,)
        forgotten |= {n for n in entries if n % 7 == 2}
        receipt = memory.forget(session="session-2")
        assert set(receipt.files.values()) == {"unlinked", "rewritten", "truncated"}
        forgotten = {n for n in entries if not reader._store.get_many("ann", [entries[n].id])}
        assert len(forgotten) >= 60
        there = {path.suffix or path.name for path in folder.rglob("*") if path.is_file()}
        assert there == {".sqlite3", ".sqlite3-wal", ".sqlite3-shm", ".safetensors"}
        raw = {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        left = [
            (n, name) for n in forgotten for t in everywhere(n) for name in raw if t in raw[name]
        ]
        assert left == []
        kept = next(n for n in entries if n not in forgotten)
        assert all(files_with(folder, trace) for trace in traces(kept)[:3])
        assert len(memory.entries()) == 400 - len(forgotten)
    closed = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert [n for n in forgotten for trace in everywhere(n) if trace in closed] == []


def test_the_word_index_forgets_too(tmp_path: Path) -> None:
    """FTS5 keeps words in its own pages, cut into prefix and rest."""
    folder = tmp_path / "m"
    with Memory.open(folder) as memory:
        memory.add([secret_entry(1, random.Random(1))])
        memory.add([MemoryEntry(None, (), "s", 0, text="Xylophonist", codec="replay")])
        assert files_with(folder, b"xylophonist")
        memory.forget(text="xylophonist")
        assert files_with(folder, b"ylophonis") == []
        assert memory.search("xylophonist") == []


def test_forgetting_a_namespace_leaves_the_others(tmp_path: Path) -> None:
    folder = tmp_path / "m"
    rng = random.Random(5)
    with Memory.open(folder, "ann") as ann, Memory.open(folder, "bob") as bob:
        ann.add([secret_entry(n, rng) for n in range(10)])
        bob.add([secret_entry(n, rng) for n in range(10, 20)])
        ann.set_note("calibration", {"secret": "Qzcalibrated"})
        generation = ann.generation
        assert len(ann.forget(namespace=True).ids) == 10
        for needle in [t for n in range(10) for t in traces(n)] + [b"Qzcalibrated"]:
            assert files_with(folder, needle) == []
        assert len(bob.get_many([e.id for e in bob.entries()])) == 10
        assert ann.generation > generation
        assert ann.note("calibration") is None


def test_what_a_killed_writer_left_goes_as_well(tmp_path: Path) -> None:
    folder = tmp_path / "m"
    with Memory.open(folder, "ann") as memory:
        memory.add([secret_entry(1, random.Random(1))])
        (payload,) = (folder / "payloads").rglob("*.safetensors")
        (payload.parent / "tmp1234.part").write_bytes(b"half of a payload")
        memory.forget(session="nothing")
        assert [path.name for path in payload.parent.iterdir()] == [payload.name]
