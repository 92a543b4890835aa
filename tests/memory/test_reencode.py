"""Another model for a memory: the states are those it would have made, and nothing is lost on the way."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from tokenizers import Tokenizer
from transformers import PreTrainedTokenizerFast

import reweaving
from families import make, tokenizer, tokens
from reweaving import Memory, MemoryEntry, Reweaver, ReweavingConfig
from reweaving.capture.rereading import SessionRereader
from reweaving.errors import FingerprintError, InputError
from reweaving.memory.bound_model import bound_model, kept_key_layer
from tests.stores.same import differences

SAID = {
    "monday": ["my cat is called Tom", "Tom lives in Rome", "the dog is called Rex and is blue"],
    "tuesday": [
        "".join(f"my dog lives in the blue house {n}. " for n in range(6)),
        "a cat is in Rome",
    ],
}


def other_tokenizer() -> PreTrainedTokenizerFast:
    """One with the same words under other numbers."""
    made = tokenizer()
    core = json.loads(made.backend_tokenizer.to_str())
    vocabulary = core["model"]["vocab"]
    # Marks keep their numbers: the model's settings name them.
    words = [word for word, number in vocabulary.items() if number >= 3]
    numbers = [vocabulary[word] for word in reversed(words)]
    core["model"]["vocab"] |= dict(zip(words, numbers, strict=True))
    again = PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer.from_str(json.dumps(core)),
        pad_token="<pad>",
        bos_token="<s>",
        eos_token="<end>",
    )
    again.chat_template = made.chat_template
    return again


def remember(memory: Memory, model: Any, words: Any, config: ReweavingConfig | None = None) -> None:
    with reweaving.attach(model, words, memory, config) as woven:
        for session, messages in SAID.items():
            for text in messages:
                woven.remember(text, session=session)


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    with Memory.open(tmp_path / "m", "ann") as opened:
        remember(opened, make("llama"), tokenizer())
        yield opened


def states(memory: Memory) -> dict[tuple[str, str], MemoryEntry]:
    found = memory.get_many([entry.id for entry in memory.entries()])
    return {(str(entry.sequence_id), entry.text): entry for entry in found}


def sessions(memory: Memory) -> dict[str, tuple[list[int], list[torch.Tensor]]]:
    """Each session's tokens and states in one piece: where spans are cut depends on the model."""
    held: dict[str, list[MemoryEntry]] = {}
    for entry in states(memory).values():
        held.setdefault(str(entry.sequence_id), []).append(entry)
    joined = {}
    for session, entries in held.items():
        entries.sort(key=lambda entry: entry.position_idx)
        ids = [token for entry in entries for token in entry.token_ids]
        parts = zip(*(entry.states() for entry in entries), strict=True)
        # The tokens' dimension is the last but one of every tensor.
        joined[session] = (ids, [torch.cat(part, dim=-2) for part in parts])
    return joined


def assert_same_states(memory: Memory, expected: Memory) -> None:
    """What was read again equals what the model itself remembered; the order of passes may round."""
    found, wanted = sessions(memory), sessions(expected)
    assert found.keys() == wanted.keys()
    for session, (ids, tensors) in found.items():
        assert ids == wanted[session][0]
        for one, two in zip(tensors, wanted[session][1], strict=True):
            assert (one.dtype, one.shape) == (two.dtype, two.shape)
            near = 2e-2 if one.element_size() == 2 else 1e-4
            assert torch.allclose(one.float(), two.float(), atol=near)
    one, two = memory.entries()[0], expected.entries()[0]
    for name in ("codec", "layer_idx", "fingerprint", "position_idx"):
        assert getattr(one, name) == getattr(two, name)


@pytest.mark.parametrize("family", ["llama", "gpt2", "qwen3", "gemma3", "llama-dynamic"])
def test_states_are_those_the_new_model_would_have_made(memory: Memory, family: str) -> None:
    model, words = make(family, seed=3), tokenizer()
    before = states(memory)
    pinned = next(iter(before.values()))
    memory.pin(pinned.id)
    memory.tag(pinned.id, "cats")
    seen: list[tuple[int, int]] = []
    with reweaving.attach(model, words, config=ReweavingConfig(key_layer=1)) as woven:
        told = memory.reencode(woven, progress=lambda done, total, _: seen.append((done, total)))
        fingerprint, key_layer = woven.fingerprint, woven.key_layer
    assert told.entries == len(before)
    assert told.now.startswith(type(model).__name__)
    assert told.before.startswith("LlamaForCausalLM")
    assert not told.retokenised
    assert seen[-1] == (len(before), len(before))
    with Memory.open(":memory:") as fresh:
        remember(fresh, model, words, ReweavingConfig(key_layer=1))
        assert_same_states(memory, fresh)
    changed = {"hidden_state", "keys", "values", "key_state", "fingerprint", "codec", "read_length"}
    for place, entry in states(memory).items():
        odd = set(differences(entry, before[place])) - changed
        assert odd <= ({"pinned", "tags"} if entry.id == pinned.id else set())
    assert memory.get(pinned.id).pinned
    assert memory.history(pinned.id)[-1].what == "reencoded"
    assert bound_model(memory).fingerprint == fingerprint
    assert kept_key_layer(memory, fingerprint) == key_layer
    with reweaving.attach(model, words, memory) as woven:
        assert woven.recall("the cat Tom")
    with pytest.raises(FingerprintError, match="cmr memory reencode") as refused:
        reweaving.attach(make("llama"), words, memory)
    assert type(model).__name__ in str(refused.value)


def test_another_tokenizer_reads_the_texts(memory: Memory) -> None:
    model, words = make("llama", seed=3), other_tokenizer()
    with reweaving.attach(model, words) as woven:
        assert memory.reencode(woven).retokenised
    with Memory.open(":memory:") as fresh:
        remember(fresh, model, words)
        assert_same_states(memory, fresh)
    with reweaving.attach(model, words, memory) as woven:
        assert woven.recall("the cat Tom")


def test_edited_texts_do_not_make_it_another_tokenizer(memory: Memory) -> None:
    for entry in memory.entries()[:2]:
        memory.update(entry.id, text="Something that was never said.")
    with reweaving.attach(make("llama", seed=3), tokenizer()) as woven:
        assert not memory.reencode(woven).retokenised
    assert "Something that was never said." in {entry.text for entry in memory.entries()}


def test_the_same_model_rebuilds_what_a_repair_took(memory: Memory) -> None:
    before = states(memory)
    folder = Path(memory._everything.bare._session.name)  # type: ignore[attr-defined]
    for path in folder.rglob("*.safetensors"):
        path.unlink()
    memory.repair()
    assert {entry.codec for entry in memory.entries()} == {"replay"}
    with reweaving.attach(make("llama"), tokenizer(), memory) as woven:
        with woven.weaving(memory.entries()):
            woven.model(tokens(5))
        assert woven.recall("the cat Tom"), "until then they are read again when they are needed"
    with reweaving.attach(make("llama"), tokenizer()) as woven:
        memory.reencode(woven)
    with Memory.open(":memory:") as fresh:
        remember(fresh, make("llama"), tokenizer())
        assert_same_states(memory, fresh)
    assert {entry.codec for entry in memory.entries()} == {next(iter(before.values())).codec}


class _KilledError(Exception):
    pass


def test_a_run_that_was_cut_off_goes_on(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reweaving.memory.reencode._PASS_TOKENS", 40)
    model, words = make("llama", seed=3), tokenizer()
    before = states(memory)
    read, passes = SessionRereader.states, list[int]()

    def die(self: Any, earlier: Any, spans: Any) -> Any:
        if len(passes) == 3:
            raise _KilledError
        passes.append(len(spans))
        return read(self, earlier, spans)

    monkeypatch.setattr(SessionRereader, "states", die)
    with reweaving.attach(model, words) as woven, pytest.raises(_KilledError):
        memory.reencode(woven)
    # The old memory is as it was, and its model still knows it.
    assert all(differences(entry, before[place]) == [] for place, entry in states(memory).items())
    with reweaving.attach(make("llama"), words, memory) as woven:
        assert woven.recall("the cat Tom")
        woven.remember("a dog is a dog", session="wednesday")
    monkeypatch.undo()
    monkeypatch.setattr("reweaving.memory.reencode._PASS_TOKENS", 40)
    again: list[str] = []

    def count(self: Any, earlier: Any, spans: Any) -> Any:
        again.extend(span.id for span in spans)
        return read(self, earlier, spans)

    monkeypatch.setattr(SessionRereader, "states", count)
    with reweaving.attach(model, words) as woven:
        told = memory.reencode(woven)
    assert told.entries == len(before) + 1
    assert len(again) == told.entries - sum(passes)
    with Memory.open(":memory:") as fresh:
        remember(fresh, model, words)
        with reweaving.attach(model, words, fresh) as woven:
            woven.remember("a dog is a dog", session="wednesday")
        assert_same_states(memory, fresh)


def test_what_is_added_on_the_way_is_read_too(
    memory: Memory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, before = SessionRereader.states, states(memory)
    late = next(iter(before.values()))
    added: list[str] = []

    def add_meanwhile(self: Any, earlier: Any, spans: Any) -> Any:
        if not added:
            added.append(uuid.uuid4().hex)
            with Memory.open(tmp_path / "m", "ann") as other:
                other.add([replace(late, id=added[0], sequence_id="wednesday")])
        return read(self, earlier, spans)

    monkeypatch.setattr(SessionRereader, "states", add_meanwhile)
    with reweaving.attach(make("llama", seed=3), tokenizer()) as woven:
        assert memory.reencode(woven).entries == len(before) + 1
        fingerprint = woven.fingerprint
    assert {entry.fingerprint for entry in memory.entries()} == {fingerprint}
    assert memory.get(added[0]).sequence_id == "wednesday"


def test_what_is_forgotten_on_the_way_leaves_no_byte(
    memory: Memory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = SessionRereader.states
    secret = memory.entries(session="monday")[0]
    staged: list[bytes] = []

    def forget_meanwhile(self: Any, earlier: Any, spans: Any) -> Any:
        made = read(self, earlier, spans)
        if not staged:
            staged.append(made[0].keys[-1].numpy().tobytes()[-24:])
            with Memory.open(tmp_path / "m", "ann") as other:
                other.forget(id=secret.id)
        elif len(staged) == 1:
            staged.append(b"")
            raise _KilledError
        return made

    monkeypatch.setattr(SessionRereader, "states", forget_meanwhile)
    model, words = make("llama", seed=3), tokenizer()
    with reweaving.attach(model, words) as woven, pytest.raises(_KilledError):
        memory.reencode(woven)
    monkeypatch.undo()

    def holding(needle: bytes) -> list[str]:
        files = [path for path in (tmp_path / "m").rglob("*") if path.is_file()]
        return [path.name for path in files if needle in path.read_bytes()]

    assert holding(staged[0]) == [], "forgotten before it was staged"
    kept = memory.entries(session="monday")[0]
    store = memory._everything.bare
    staging = store.ledger.note("ann", "reencoding")["staging"]
    (held,) = store.get_many(staging, [kept.id])
    if held.keys is None:
        pytest.fail("this family keeps keys and values")
    needle = held.keys[-1].numpy().tobytes()[-24:]
    assert holding(needle)
    memory.forget(id=kept.id)
    assert holding(needle) == [], "forgotten after it was staged"
    store.put_many(staging, [replace(held, id="f" * 32)])  # of an entry that was evicted meanwhile
    memory.forget(namespace=True)
    assert list(store.scan(staging)) == []
    assert staging not in store.namespaces()


def test_a_finished_run_leaves_nothing_beside_the_memory(memory: Memory, tmp_path: Path) -> None:
    with reweaving.attach(make("llama", seed=3), tokenizer()) as woven:
        memory.reencode(woven)
    assert memory.note("reencoding") is None
    found = memory.verify()
    assert found.ok
    assert found.stray_payloads == ()
    payloads = list((tmp_path / "m").rglob("*.safetensors"))
    assert len(payloads) == len(memory.entries())


def test_an_attempt_for_a_third_model_replaces_the_second(
    memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = SessionRereader.states

    def die_later(self: Any, earlier: Any, spans: Any) -> Any:
        if earlier or spans[0].sequence_id == "tuesday":
            raise _KilledError
        return read(self, earlier, spans)

    monkeypatch.setattr(SessionRereader, "states", die_later)
    with reweaving.attach(make("llama", seed=3), tokenizer()) as woven, pytest.raises(_KilledError):
        memory.reencode(woven)
    first = memory.note("reencoding")["staging"]
    monkeypatch.undo()
    model = make("qwen3", seed=4)
    with reweaving.attach(model, tokenizer()) as woven:
        memory.reencode(woven)
    assert list(memory._everything.bare.scan(first)) == []
    with Memory.open(":memory:") as fresh:
        remember(fresh, model, tokenizer())
        assert_same_states(memory, fresh)


def test_entries_without_anything_to_read_are_refused(memory: Memory) -> None:
    before = states(memory)
    bare = MemoryEntry(torch.ones(4, 2, 48), (0, 1, 2, 3), "monday", 900, text="made by hand")
    memory.add([bare])
    with reweaving.attach(make("llama", seed=3), tokenizer()) as woven:
        with pytest.raises(InputError, match=bare.id):
            memory.reencode(woven)
        memory.forget(id=bare.id)
        memory.update(next(iter(before.values())).id, text=" ")
    with (
        reweaving.attach(make("llama", seed=3), other_tokenizer()) as woven,
        pytest.raises(InputError, match="have no text"),
    ):
        memory.reencode(woven)


def test_sessions_longer_than_the_window_are_read_in_parts(tmp_path: Path) -> None:
    with Memory.open(":memory:") as memory:
        with reweaving.attach(make("llama"), tokenizer(), memory) as woven:
            for number in range(20):
                woven.remember(f"the cat {number} is my dog. " * 2, session="long")
        tokens_held = memory.stats().tokens
        assert tokens_held > 512, "longer than the window"
        with reweaving.attach(make("llama", seed=3), tokenizer()) as woven:
            told = memory.reencode(woven)
        assert told.tokens == tokens_held
        with reweaving.attach(make("llama", seed=3), tokenizer(), memory) as woven:
            entries = memory.get_many([entry.id for entry in memory.entries()])
            with woven.weaving(entries):
                woven.model(tokens(5))


def test_ephemeral_sessions_are_not_staged(memory: Memory) -> None:
    memory.make_ephemeral("secret")
    with reweaving.attach(make("llama"), tokenizer(), memory) as woven:
        woven.remember("my cat is called Tom", session="secret")
    with (
        reweaving.attach(make("llama", seed=3), tokenizer()) as woven,
        pytest.raises(InputError, match="ephemeral"),
    ):
        memory.reencode(woven)


def test_captured_sessions_without_text(tmp_path: Path) -> None:
    """Entries of `capture`, added by hand: they begin with their own start token."""
    ids = tokens(40)
    with Memory.open(tmp_path / "m") as memory:
        with reweaving.attach(make("llama")) as woven:
            memory.add(woven.capture(ids))
        model = make("llama", seed=3)
        with reweaving.attach(model) as woven:
            memory.reencode(woven)
            wanted = woven.capture(ids)
        for entry, other in zip(
            memory.get_many([e.id for e in memory.entries()]), wanted, strict=True
        ):
            assert entry.token_ids == other.token_ids
            for one, two in zip(entry.states(), other.states(), strict=True):
                assert torch.allclose(one.float(), two.float(), atol=2e-2)


def test_a_reweaver_gives_its_rereader_only_while_attached() -> None:
    woven: Reweaver = reweaving.attach(make("llama"), tokenizer())
    woven.detach()
    with pytest.raises(reweaving.ReweavingError, match="detached"):
        woven.rereader()
