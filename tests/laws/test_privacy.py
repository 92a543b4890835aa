"""Laws 8 and 11 where a model speaks: what may not be kept never is, in no form and no file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from tests.laws.said import (
    ASKED,
    FACT,
    MADE,
    OTHER,
    SECRET,
    attached,
    digests,
    files_with,
    found,
    same,
    traces,
)

import reweaving
from reweaving import Memory, MemoryConfig, MemoryEntry, ReweavingConfig
from reweaving.errors import ConfigurationError, InputError
from reweaving.stores.master_key import new_key


@pytest.fixture
def woven(tmp_path: Path) -> Iterator[reweaving.Reweaver]:
    with Memory.open(tmp_path / "m", "ann") as memory, attached(memory) as opened:
        yield opened


# ---------------------------------------------------------------- ephemeral sessions


def test_nothing_of_an_ephemeral_session_reaches_a_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    with Memory.open(tmp_path / "m", "ann") as memory, attached(memory) as woven:
        (durable,) = woven.remember(FACT, session="open")
        seen = [needle for needle in traces(durable) if files_with(tmp_path, needle)]
        assert len(seen) >= 4, (
            "the premise: id, tokens, key and states of what is durable are there"
        )
        before = digests(tmp_path)
        first = woven.remember(SECRET, session="Qzprivate", ephemeral=True)
        later = woven.remember("the cat too, Qzlater zz", session="Qzprivate", tags=("Qztag",))
        assert digests(tmp_path) == before
        assert SECRET in {hit.text for hit in woven.recall(ASKED)}
        with woven.weaving([*first, *later]):
            woven.model(torch.arange(5, 12)[None])
        assert digests(tmp_path) == before
        assert SECRET in found(woven)  # the durable entry's counter is written here
        for entry in (*first, *later):
            assert memory.get(entry.id).access_count == 1
            for trace in [*traces(entry), b"Qzprivate", b"Qztag"]:
                assert files_with(tmp_path, trace) == []
    for entry in (*first, *later):
        assert [t for t in traces(entry) if files_with(tmp_path, t)] == []
    with Memory.open(tmp_path / "m", "ann") as memory, attached(memory) as woven:
        assert found(woven) == {FACT}


def test_an_ephemeral_session_is_read_like_any_other(woven: reweaving.Reweaver) -> None:
    plain = [e for text in (FACT, OTHER) for e in woven.remember(text, session="a")]
    fleeting = woven.remember(FACT, session="b", ephemeral=True)
    for i in range(5):  # its running context is pushed out, and resumed from RAM
        woven.remember(OTHER, session=f"other {i}")
    fleeting += woven.remember(OTHER, session="b")
    assert [e.position_idx for e in fleeting] == [e.position_idx for e in plain]
    assert same(fleeting[:1], plain[:1])
    assert woven.memory.is_ephemeral("b")
    with pytest.raises(InputError, match="disk already"):
        woven.remember(FACT, session="a", ephemeral=True)


# ---------------------------------------------------------------- messages that are not kept


def test_a_message_that_is_not_kept_is_context_all_the_same(
    woven: reweaving.Reweaver, tmp_path: Path
) -> None:
    texts = (FACT, SECRET, OTHER)
    messages = [{"role": "user", "content": text} for text in texts]
    kept = [{**message, "remember": message["content"] != SECRET} for message in messages]
    whole = [e for m in messages for e in woven.remember([m], session="whole")]
    needles = [t for t in traces(whole[1]) if t != whole[1].id.encode()]  # history keeps the id
    woven.memory.forget(session="whole")
    assert not any(files_with(tmp_path, needle) for needle in needles), "the premise"
    one_by_one = [e for m in kept for e in woven.remember([m], session="parts")]
    assert [e.text for e in one_by_one] == [FACT, OTHER]
    assert same(one_by_one, [whole[0], whole[2]]), "later messages were read behind it"
    together = woven.remember(kept, session="together")
    assert [e.text for e in together] == [FACT, OTHER], "no span reaches into it"
    assert [e.position_idx for e in together] == [e.position_idx for e in one_by_one]
    for needle in needles:
        assert files_with(tmp_path, needle) == []
    assert woven.remember([{**messages[1], "remember": False}]) == []
    with pytest.raises(InputError, match="neither True nor False"):
        woven.remember([{**messages[1], "remember": "no"}])


def test_a_memory_that_opted_out_keeps_nothing_and_still_recalls(
    woven: reweaving.Reweaver, tmp_path: Path
) -> None:
    woven.remember(FACT)
    woven.memory.opt_out()
    before = digests(tmp_path)
    assert woven.remember(SECRET) == []
    assert woven.remember(SECRET, session="new", ephemeral=True) == []
    assert digests(tmp_path) == before
    assert found(woven) == {FACT}
    woven.memory.opt_out(False)
    assert len(woven.remember(OTHER)) == 1


# ---------------------------------------------------------------- redaction


def test_what_is_redacted_never_becomes_a_state(tmp_path: Path) -> None:
    said = "my mail is Qzann@example.org and my dog is called Qzwx 4711"
    clean = "my mail is [email] and my dog is called [pet] ####"
    redaction = {
        "kinds": ("email",),
        "patterns": {r"Qz(\w+)": "[pet]"},
        "hook": lambda text: text.replace("4711", "####"),
    }
    with (
        Memory.open(tmp_path / "m", "ann") as memory,
        attached(memory, redaction=redaction) as woven,
    ):
        entries = woven.remember(said, session="s")
        entries += woven.remember(
            [{"role": "assistant", "content": said}, {"role": "user", "content": FACT}], session="s"
        )
    with attached() as plain:
        expected = plain.remember(clean, session="s")
        expected += plain.remember(
            [{"role": "assistant", "content": clean}, {"role": "user", "content": FACT}],
            session="s",
        )
        unredacted = plain.remember(said, session="t")
    assert same(entries, expected)
    assert not same(entries[:1], unredacted[:1]), "the premise"
    for needle in (b"Qzann", b"zann", b"Qzwx", b"4711", *traces(unredacted[0])[-2:]):
        assert files_with(tmp_path, needle) == []


def test_prompts_are_not_redacted(tmp_path: Path) -> None:
    with attached(redaction={"patterns": {"Tom": "[name]"}}) as woven:
        assert woven.remember(FACT)[0].text == "my cat is called [name]"
        ids = MADE("is my cat called Tom", return_tensors="pt")["input_ids"]
        out = woven.model.generate(ids, max_new_tokens=1, do_sample=False)
        assert torch.equal(out[:, :-1], ids)
    with (
        attached(redaction={"hook": lambda text: None}) as woven,
        pytest.raises(InputError, match="hook returned NoneType"),
    ):
        woven.remember(FACT)
    with pytest.raises(ConfigurationError, match="unterminated"):
        ReweavingConfig(redaction={"patterns": {"(": "x"}})


def test_what_a_message_is_kept_with(woven: reweaving.Reweaver) -> None:
    entries = woven.remember(
        FACT, metadata={"n": 1}, tags=("pet", "name"), source="mail", trust="trusted", ttl_seconds=9
    )
    stored = woven.memory.get(entries[0].id)
    assert (stored.metadata, stored.tags, stored.source) == ({"n": 1}, ("name", "pet"), "mail")
    assert (stored.trust, stored.ttl_seconds) == ("trusted", 9.0)
    with pytest.raises(ConfigurationError, match="trust"):
        woven.remember(FACT, trust="friend")  # type: ignore[arg-type]
    assert woven.memory.stats().entries == 1


def test_encrypted_memories_recall_the_same(tmp_path: Path) -> None:
    seen = []
    for name, key in (("plain", ""), ("sealed", new_key())):
        config = MemoryConfig(encryption_key=key)
        with Memory.open(tmp_path / name, "ann", config) as memory, attached(memory) as woven:
            entries = [e for text in (FACT, SECRET) for e in woven.remember(text, session="Qzs")]
            hits = woven.recall(ASKED)
            inputs = MADE(ASKED, return_tensors="pt")
            out = woven.model.generate(**inputs, max_new_tokens=6, do_sample=False)
            seen.append(([(hit.text, hit.score) for hit in hits], out.tolist()))
    assert seen[0] == seen[1]
    for entry in entries:
        shown = [t for t in traces(entry) if files_with(tmp_path / "sealed", t)]
        assert shown == [entry.id.encode()], "ids are not secret"


@pytest.mark.parametrize("wait", [True, False])
def test_what_was_forgotten_is_no_context_of_what_is_said_next(wait: bool) -> None:
    with attached() as woven:
        expected = woven.remember(FACT, session="s")
    with attached() as woven:
        woven.remember(SECRET, session="s", wait=wait)
        woven.flush()
        woven.memory.forget(session="s")
        assert same(woven.remember(FACT, session="s"), expected)


def test_what_lost_its_trust_is_no_context_of_what_is_said_next() -> None:
    said: list[list[MemoryEntry]] = []
    for secret in (SECRET, SECRET.replace("4711", "4712")):
        with attached() as woven:
            (first,) = woven.remember(secret, session="s")
            woven.memory.update(first.id, trust="untrusted")
            said.append(woven.remember(FACT, session="s"))
    assert same(*said)
