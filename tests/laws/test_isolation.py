"""Law 9: nothing of a namespace is read, changed or guessed from another one.

A canary lies in namespace ``ann``. Every public call of a memory, an attached model, a store and the
command line is tried as ``bob``, on each backend: what comes back, and what an error says, holds
nothing of the canary; afterwards ``ann`` is what it was. A call that is given an id of ``ann``
answers as if nobody had it. The calls are listed by introspection: a new one without a case fails.
"""

from __future__ import annotations

import asyncio
import dataclasses
import hashlib
import inspect
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from tests.laws.said import MADE, attached
from typer.testing import CliRunner

from reweaving import Memory, MemoryEntry
from reweaving.cli.main import app
from reweaving.cli.memory.app import _COMMANDS
from reweaving.errors import ReweavingError
from reweaving.memory.consolidation import Consolidation
from reweaving.reweaver import Reweaver
from reweaving.stores.base import Room, Selection
from reweaving.stores.index import IndexedSpan, SpanIndex
from reweaving.stores.ledger import Ledger
from reweaving.stores.master_key import StoreKey, new_key
from reweaving.stores.upkeep import Upkeep

pytest_plugins = ["tests.stores.postgres_server"]

SAID = "Qzcanary the cat is called Tom"
MARKS = ("qzcanary", "qzlabel", "qztag", "qzsource", "qzsession", "qznote", "qzhidden-id")
NOBODY = "f" * 32  # an id that is in no namespace
GIVEN, HIDDEN = "a" * 32, "qzhidden-id"  # ids in ann's; the calls are given the first

BACKENDS = ("sqlite", "postgresql")


@dataclasses.dataclass
class World:
    """Two namespaces of one store, and a model attached to bob's."""

    place: str
    folder: Path
    ann: Memory
    bob: Memory
    woven: Reweaver
    canaries: list[MemoryEntry]

    def snapshot(self) -> str:
        """Everything that ann has."""
        store = self.ann._store.bare
        ledger = store.ledger
        kept = [
            list(store.scan("ann", payload=True)),
            [key.state for key in store.keys("ann")],
            ledger.note("ann", "qznote"),
            ledger.note("ann", "model"),
            ledger.generation("ann"),
            ledger.counts("ann"),
            [ledger.history("ann", entry.id) for entry in self.canaries],
            self.ann.opted_out,
        ]
        return hashlib.sha256(repr(shown(kept)).encode()).hexdigest()


@pytest.fixture(params=BACKENDS)
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    place = str(tmp_path / "m")
    if request.param == "postgresql":
        place = str(request.getfixturevalue("postgres_url"))
    ann = Memory.open(place, "ann")
    with attached(ann, codec="hidden") as woven:
        canaries = woven.remember(
            SAID,
            session="qzsession",
            metadata={"label": "qzlabel"},
            tags=["qztag"],
            source="qzsource",
        )
        canaries += woven.remember("qzcanary the dog lives in Rome", session="qzsession")
    # The same again under ids that are known: one that callers are given, one that they are not.
    ann.forget(namespace=True)
    loaded = [
        dataclasses.replace(entry, id=name, expires_at=expires)
        for entry, name, expires in zip(canaries[:2], (GIVEN, HIDDEN), (None, None), strict=True)
    ]
    ann.add(loaded)
    ann.add([dataclasses.replace(loaded[0], id="b" * 32, trust="untrusted", position_idx=90)])
    ann.add([dataclasses.replace(loaded[0], id="c" * 32, expires_at=1.0, position_idx=99)])
    ann.set_note("qznote", {"said": "qznote"})
    bob = Memory.open(place, "bob")
    woven = attached(bob, codec="hidden")
    yield World(place, tmp_path, ann, bob, woven, loaded)
    woven.detach()
    bob.close()
    ann.close()


def shown(value: Any, depth: int = 0) -> Any:
    """A value as plain text all the way down: fields, bytes of states, members of archives."""
    if isinstance(value, torch.Tensor):
        return hashlib.sha256(value.detach().float().numpy().tobytes()).hexdigest()
    if isinstance(value, str | int | float | bool | bytes | type(None)):
        return value
    if isinstance(value, Path):
        return shown_file(value)
    if isinstance(value, Mapping):
        return {str(key): shown(part, depth + 1) for key, part in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        if depth > 6:
            return type(value).__name__
        names = [each.name for each in dataclasses.fields(value) if each.repr]
        return {name: shown(getattr(value, name), depth + 1) for name in names}
    if isinstance(value, BaseException):
        return [f"{type(value).__name__}: {value}", shown(value.__cause__, depth + 1)]
    if isinstance(value, list | tuple | set | frozenset) or inspect.isgenerator(value):
        return [shown(part, depth + 1) for part in value]
    return type(value).__name__


def shown_file(path: Path) -> Any:
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    return path.read_bytes()


def tried(call: Callable[[], Any]) -> Any:
    """What a call shows: its result, or its refusal."""
    try:
        return shown(call())
    except ReweavingError as error:
        return shown(error)


def require_silence(what: str, told: Any) -> None:
    text = repr(told).lower()
    assert [mark for mark in MARKS if mark in text] == [], what


Case = Callable[[World, str], Any]
"""Called with the world and an id; makes the call as bob."""


def awaited(memory: Memory, name: str, *arguments: Any, **options: Any) -> Any:
    """The call, and where there is one its async twin; what both show."""
    told = [tried(lambda: getattr(memory, name)(*arguments, **options))]
    if hasattr(memory, f"a{name}"):
        twin = getattr(memory, f"a{name}")
        told.append(tried(lambda: asyncio.run(twin(*arguments, **options))))
    return told


def on_memory(name: str, *arguments: Any, **options: Any) -> Case:
    """A method of bob's memory; ``ID`` among the arguments stands for the id."""

    def case(world: World, entry_id: str) -> Any:
        given = [
            entry_id if each is ID else (entry_id,) if each == (ID,) else each for each in arguments
        ]
        named = {key: entry_id if each is ID else each for key, each in options.items()}
        if callable(getattr(Memory, name)):
            return awaited(world.bob, name, *given, **named)
        return tried(lambda: getattr(world.bob, name))

    return case


class _Id:
    """The place of an id in the arguments of a case."""


ID = _Id()
MODEL = "0" * 64


def exported(world: World, _: str) -> Any:
    path = world.folder / "bob.zip"
    return [awaited(world.bob, "export", path, overwrite=True), shown(path)]


def loaded(world: World, _: str) -> Any:
    path = world.folder / "load.zip"
    world.bob.export(path, overwrite=True)
    return awaited(world.bob, "load", path)


def copied(world: World, _: str) -> Any:
    """The copy holds the whole store, by its nature; the receipt says nothing of what is in it."""
    return awaited(world.bob, "backup", world.folder / "copied")


def restored(world: World, _: str) -> Any:
    return tried(lambda: Memory.restore(world.folder / "nothing", world.folder / "restored"))


def migrated(world: World, _: str) -> Any:
    target = str(world.folder / "moved")
    told = tried(lambda: Memory.migrate(world.place, target, ["bob"]))
    with Memory.open(target, "ann") as there:
        return [told, tried(there.entries), tried(there.stats)]


def rescued(world: World, _: str) -> Any:
    return tried(lambda: Memory.rescue(world.folder / "nothing"))


def opened_again(world: World, _: str) -> Any:
    with Memory.open(world.place, "bob") as again:
        return [tried(again.entries), tried(again.stats)]


def rotated(world: World, _: str) -> Any:
    """The key is the whole store's; what anybody can read stays what it was."""
    return [
        tried(lambda: world.bob.rotate_key(new_key())),
        tried(lambda: world.bob.rotate_key(None)),
    ]


def reencoded(world: World, _: str) -> Any:
    return tried(lambda: world.bob.reencode(world.woven))


def undone(world: World, _: str) -> Any:
    report = world.ann.consolidate()
    world.ann.undo(report)
    return tried(lambda: world.bob.undo(Consolidation(**dataclasses.asdict(report))))


def closed(world: World, _: str) -> Any:
    other = Memory.open(world.place, "bob")
    told = awaited(other, "close")
    return [told, tried(other.entries)]


def an_index(world: World) -> SpanIndex:
    """A derived index of ann's keys."""
    keys = list(world.ann.key_states())
    states = [key.state.float().numpy() for key in keys]
    spans = [
        IndexedSpan(key.id, at, key.session, key.position, state)
        for at, (key, state) in enumerate(zip(keys, states, strict=True))
    ]
    return SpanIndex.fitted(states, sum(map(len, states))).grown([spans])


MEMORY: dict[str, Case] = {
    "add": lambda world, entry_id: tried(
        lambda: world.bob.add(
            [dataclasses.replace(world.canaries[1], id=entry_id, namespace="ann")]
        )
    ),
    "backup": copied,
    "buffer": lambda world, _: tried(
        lambda: world.bob.buffer and world.bob.buffer.get_all_entries()
    ),
    "close": closed,
    "consolidate": on_memory("consolidate"),
    "entries": on_memory("entries", session="qzsession", payload=True),
    "expired": on_memory("expired"),
    "export": exported,
    "forget": on_memory("forget", id=ID),
    "generation": on_memory("generation"),
    "get": on_memory("get", ID),
    "get_many": on_memory("get_many", (ID,)),
    "has_ephemeral_entries": on_memory("has_ephemeral_entries"),
    "history": on_memory("history", ID),
    "is_ephemeral": on_memory("is_ephemeral", "monday"),
    "keep_near": on_memory("keep_near", torch.device("cpu")),
    "key_marks": on_memory("key_marks"),
    "key_states": on_memory("key_states"),
    "keys_of": on_memory("keys_of", (ID,)),
    "load": loaded,
    "load_index": lambda world, _: tried(
        lambda: (
            world.ann.save_index(an_index(world), world.ann.generation),
            world.bob.load_index(),
        )[1]
    ),
    "maintain": on_memory("maintain"),
    "make_ephemeral": on_memory("make_ephemeral", "monday"),
    "migrate": migrated,
    "newest": on_memory("newest", 100),
    "note": lambda world, _: len(repr(world.bob.note("qz" + "note"))),
    "open": opened_again,
    "opt_out": on_memory("opt_out", False),
    "opted_out": on_memory("opted_out"),
    "pin": on_memory("pin", ID),
    "prolong": on_memory("prolong", (ID,)),
    "prune": on_memory("prune"),
    "quarantine": on_memory("quarantine"),
    "reencode": reencoded,
    "release": on_memory("release", ID),
    "repair": on_memory("repair"),
    "require_fingerprint": on_memory("require_fingerprint", MODEL, "another"),
    "rescue": rescued,
    "resolve": on_memory("resolve", "qzhidden"[:2]),
    "restore": restored,
    "rotate_key": rotated,
    "rows_of": on_memory("rows_of", (ID,)),
    "save_index": lambda world, _: tried(
        lambda: (
            world.bob.save_index(an_index(world), world.bob.generation),
            world.ann.load_index(),
        )[1]
    ),
    "search": on_memory("search", "cat dog called lives Tom Rome", 100),
    "set_note": on_memory("set_note", "mine", {"a": 1}),
    "stats": on_memory("stats"),
    "tag": on_memory("tag", ID, "mine"),
    "touch": on_memory("touch", (ID,)),
    "undo": undone,
    "update": on_memory("update", ID, text="taken"),
    "verify": on_memory("verify"),
    "word_matches": on_memory("word_matches", "cat dog called lives Tom Rome", 100),
}
# What is whole-store by its nature, or changes with each call and not with the id.
NOT_COMPARED = {"add", "backup", "migrate", "rotate_key", "export", "load", "undo", "close"}


def public(kind: type) -> set[str]:
    return {name for name in dir(kind) if not name.startswith("_")}


def without_twins(names: set[str]) -> set[str]:
    return {name for name in names if not (name.startswith("a") and name[1:] in names)}


def test_every_call_has_a_case() -> None:
    assert without_twins(public(Memory)) == MEMORY.keys()
    assert without_twins(public(Reweaver)) == WOVEN.keys()
    assert store_calls() == STORE.keys()
    assert public(Ledger) == LEDGER.keys()
    assert public(Upkeep) == UPKEEP.keys()
    assert _COMMANDS.keys() == COMMANDS.keys()


def test_the_canary_is_there_to_be_found(world: World) -> None:
    """The premise of all that follows: as ann, the same calls show it."""
    for name in (
        "entries",
        "get",
        "search",
        "newest",
        "quarantine",
        "expired",
        "history",
        "resolve",
    ):
        case = MEMORY[name]
        mine = dataclasses.replace(world, bob=world.ann)
        assert any(mark in repr(case(mine, GIVEN)).lower() for mark in (*MARKS, GIVEN, "c" * 32)), (
            name
        )


def test_no_call_of_a_memory_tells_or_touches(world: World) -> None:
    before = world.snapshot()
    for name, case in MEMORY.items():
        theirs = case(world, GIVEN)
        require_silence(name, theirs)
        assert world.snapshot() == before, f"{name} changed another namespace"
        if name not in NOT_COMPARED:
            nobodys = case(world, NOBODY)
            replaced = repr(nobodys).replace(NOBODY, GIVEN)
            assert replaced == repr(theirs), f"{name} tells that somebody has this id"


# Stores: every call names its namespace.


def store_calls() -> set[str]:
    from reweaving.stores.postgres import PostgresStore
    from reweaving.stores.sqlite import SqliteStore

    return public(SqliteStore) | public(PostgresStore)


STORE: dict[str, Callable[[Any, World, str], Any]] = {
    "bare": lambda s, w, i: s.bare is s,
    "close": lambda s, w, i: None,  # of the fixture; calls on a closed store are the contract's
    "delete_many": lambda s, w, i: s.delete_many("bob", [i]),
    "erase": lambda s, w, i: sorted(set(s.erase("bob").values())),
    "expired": lambda s, w, i: s.expired("bob", 2e9),
    "get_many": lambda s, w, i: s.get_many("bob", [i, HIDDEN.upper()]),
    "holdings": lambda s, w, i: list(s.holdings("bob")),
    "keep_near": lambda s, w, i: s.keep_near(torch.device("cpu")),
    "key_marks": lambda s, w, i: list(s.key_marks("bob")),
    "keys": lambda s, w, i: list(s.keys("bob")),
    "keys_of": lambda s, w, i: s.keys_of("bob", [i, HIDDEN.upper()]),
    "ledger": lambda s, w, i: s.ledger.counts("bob"),
    "load_index": lambda s, w, i: (
        s.save_index("ann", an_index(w), s.ledger.generation("ann")),
        s.load_index("bob"),
    )[1],
    "matching_ids": lambda s, w, i: s.matching_ids("bob", ""),
    "namespaces": lambda s, w, i: s.namespaces(),  # a directory: names, and nothing else
    "nearest": lambda s, w, i: (
        s.nearest("bob", w.canaries[0].key_state, 100) if hasattr(s, "nearest") else None
    ),
    "open": lambda s, w, i: None,
    "put_many": lambda s, w, i: s.put_many("bob", [], room=Room(0, (i,), {i: "long_term"})),
    "replace_many": lambda s, w, i: s.replace_many(
        "bob", [dataclasses.replace(w.canaries[0], id=i)], what="reencoded"
    ),
    "rotate_key": lambda s, w, i: [
        sorted(set(s.rotate_key(key).values())) for key in (StoreKey(new_key()), None)
    ],
    "scan": lambda s, w, i: [
        list(s.scan("bob", Selection(session="qzsession"), payload=True)),
        list(s.scan("bob", Selection(text="cat", newest_first=True))),
        list(s.scan("bob", payload=True)),
    ],
    "save_index": lambda s, w, i: (
        s.save_index("bob", an_index(w), s.ledger.generation("bob")),
        s.load_index("ann"),
    )[1],
    "search": lambda s, w, i: s.search("bob", "cat dog called lives Tom Rome", 100),
    "unlock": lambda s, w, i: s.unlock(None),
    "update_many": lambda s, w, i: s.update_many("bob", {i: {"text": "taken", "accesses": 1}}),
    "upkeep": lambda s, w, i: s.upkeep.verify("bob"),
}
LEDGER: dict[str, Callable[[Any, str], Any]] = {
    "clear": lambda ledger, i: ledger.clear("bob"),
    "counts": lambda ledger, i: ledger.counts("bob"),
    "generation": lambda ledger, i: ledger.generation("bob"),
    "history": lambda ledger, i: ledger.history("bob", i),
    "note": lambda ledger, i: len(repr(ledger.note("bob", "qznote"))),
    "set_note": lambda ledger, i: ledger.set_note("bob", "mine", 1),
}
UPKEEP: dict[str, Callable[[Any, World], Any]] = {
    "backup": lambda upkeep, w: dataclasses.replace(upkeep.backup(w.folder / "copy"), folder=""),
    "repair": lambda upkeep, w: upkeep.repair("bob"),
    "verify": lambda upkeep, w: upkeep.verify("bob"),
}


def test_no_call_of_a_store_tells_or_touches(world: World) -> None:
    store = world.bob._store.bare
    before = world.snapshot()
    for name, case in STORE.items():
        theirs = tried(lambda: case(store, world, GIVEN))  # noqa: B023
        require_silence(name, theirs)
        assert world.snapshot() == before, f"{name} changed another namespace"
        nobodys = tried(lambda: case(store, world, NOBODY))  # noqa: B023
        assert repr(nobodys).replace(NOBODY, GIVEN) == repr(theirs), name
    for name, call in LEDGER.items():
        require_silence(name, tried(lambda: call(store.ledger, GIVEN)))  # noqa: B023
        assert world.snapshot() == before, f"{name} changed another namespace"
    for name, care in UPKEEP.items():
        require_silence(name, tried(lambda: care(store.upkeep, world)))  # noqa: B023
        assert world.snapshot() == before, f"{name} changed another namespace"


# A model with bob's memory, asked for what ann said.


def generated(world: World) -> list[str]:
    inputs = MADE.apply_chat_template(
        [{"role": "user", "content": "the cat is called"}],
        add_generation_prompt=True,
        return_tensors="pt",
        return_dict=True,
    )
    world.woven.model.generate(**inputs, max_new_tokens=1, do_sample=False)
    record = world.woven.last_weave
    assert record is not None
    return [hit.text for hit in record.recollections]


def captured(world: World) -> Any:
    with world.woven.capturing() as found:
        generated(world)
    return found


def remembered(world: World) -> Any:
    """In a session that ann has as well: nothing of hers is its context."""
    said = world.woven.remember("the boat is called Rex", session="qzsession")
    with attached(Memory.open(":memory:", "carl"), codec="hidden") as fresh:
        alone = fresh.remember("the boat is called Rex", session="qzsession")
    for one, other in zip(said, alone, strict=True):
        assert one.hidden_state is not None
        assert other.hidden_state is not None
        assert torch.equal(one.hidden_state, other.hidden_state)
        assert one.position_idx == other.position_idx
    return [entry.text for entry in said]


def woven_by_id(world: World) -> Any:
    """An entry whose states would have to be fetched: bob's memory has none of that id."""
    bare = dataclasses.replace(
        world.canaries[0], hidden_state=None, keys=None, values=None, text=""
    )
    inputs = torch.tensor([[5, 6, 7]])
    with torch.no_grad():
        with world.woven.paused():
            plain = world.woven.model(inputs).logits
        try:
            with world.woven.weaving([bare]):
                woven = world.woven.model(inputs).logits
        except ReweavingError as error:
            return shown(error)
    assert torch.equal(plain, woven), "states of another namespace were woven"
    return "nothing was woven"


def reread(world: World) -> Any:
    reader = world.woven.rereader()
    return [reader.fingerprint == world.canaries[0].fingerprint, reader.model_name]


def detached(world: World) -> Any:
    world.woven.detach()
    return tried(lambda: world.woven.recall("the cat"))


WOVEN: dict[str, Callable[[World], Any]] = {
    "recall": lambda world: [
        world.woven.recall(query) for query in (SAID, "the cat is called", "the dog lives in Rome")
    ],
    "remember": remembered,
    "flush": lambda world: world.woven.flush(),
    "capture": lambda world: world.woven.capture(torch.tensor([5, 6, 7])),
    "capturing": captured,
    "layer_hooks": lambda world: world.woven.layer_hooks,
    "request_states": lambda world: world.woven.request_states,
    "last_weave": generated,
    "paused": lambda world: world.woven.paused(),
    "rereader": reread,
    "weaving": woven_by_id,
    "witness": lambda world: None if world.woven.witness is None else type(world.woven.witness),
    "detach": detached,
}


def test_no_call_of_a_model_tells_or_touches(world: World) -> None:
    before = world.snapshot()
    for name, case in WOVEN.items():
        require_silence(name, tried(lambda: case(world)))  # noqa: B023
        assert world.snapshot() == before, f"{name} changed another namespace"


def test_the_very_states_of_the_canary_find_nothing(world: World) -> None:
    """Recall's caches and indexes, asked by what matches best of all."""
    from reweaving.retrieval.retriever import Recall, RecallConfig

    config = RecallConfig(threshold=0.0, share=0.0, limit=8)
    key = world.canaries[0].key_state
    assert key is not None
    mine, theirs = Recall(world.ann, config), Recall(world.bob, config)
    for _ in range(2):  # the second time from what is at hand
        found = mine.search(key.float(), SAID, budget_tokens=512)
        assert GIVEN in {hit.entry.id for hit in found}, "the premise of this test"
        assert theirs.search(key.float(), SAID, budget_tokens=512) == []


# The command line.

COMMANDS: dict[str, list[str]] = {
    "list": ["list"],
    "show": ["show", GIVEN],
    "search": ["search", "cat dog called"],
    "stats": ["stats"],
    "pin": ["pin", GIVEN],
    "unpin": ["unpin", GIVEN],
    "tag": ["tag", GIVEN, "mine"],
    "edit": ["edit", GIVEN, "--text", "taken"],
    "forget": ["forget", "--all", "--yes"],
    "history": ["history", GIVEN],
    "export": ["export", "{folder}/cli.zip", "--yes"],
    "import": ["import", "{folder}/cli.zip"],
    "backup": ["backup", "{folder}/cli-copy"],
    "restore": ["restore", "{folder}/nothing"],
    "verify": ["verify"],
    "repair": ["repair", "--yes"],
    "prune": ["prune", "--yes"],
    "reencode": ["reencode", "--model", "{folder}/no-model", "--yes"],
    "migrate": ["migrate", "{place}", "{folder}/cli-moved"],
    "quarantine": ["quarantine"],
    "opt-out": ["opt-out", "--off"],
    "rotate-key": ["rotate-key", "--decrypt", "--yes"],
}
# These are about the whole store and name no namespace of the caller's.
WHOLE_STORE = {"restore", "migrate"}


def test_no_command_tells_or_touches(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    before = world.snapshot()
    monkeypatch.setenv("CMR_MEMORY", world.place)
    monkeypatch.setenv("CMR_NAMESPACE", "bob")
    for name, words in COMMANDS.items():
        arguments = [word.format(folder=world.folder, place=world.place) for word in words]
        for output in ("table", "json", "quiet"):
            result = CliRunner(env={"COLUMNS": "200"}).invoke(
                app, ["memory", *arguments, "-o", output]
            )
            told = [result.output, None if result.exception is None else shown(result.exception)]
            require_silence(name, told)
        assert world.snapshot() == before, f"{name} changed another namespace"
