"""The direction that stands for an entry, and the search for the nearest ones."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import torch

from reweaving.errors import InputError
from reweaving.stores import postgres_vectors as vectors
from reweaving.stores.postgres import PostgresStore
from reweaving.stores.postgres_migrations import DIMENSION
from reweaving.stores.postgres_tables import partition_of
from reweaving.types import MemoryEntry

pytest_plugins = ["tests.stores.postgres_server"]


@pytest.fixture
def store(postgres_url: str) -> Iterator[PostgresStore]:
    opened = PostgresStore.open(postgres_url)
    yield opened
    opened.close()


def entry(name: str, key: torch.Tensor) -> MemoryEntry:
    fields = {"layer_idx": 0, "sequence_id": "s", "position_idx": 0, "codec": "replay"}
    return MemoryEntry(None, id=name, key_state=key, **fields)  # type: ignore[arg-type]


def numbers(state: torch.Tensor) -> np.ndarray:
    aim = vectors.direction(state)
    assert aim is not None
    return np.array([float(value) for value in aim.strip("[]").split(",")])


@pytest.mark.parametrize("hidden", [1, 3, 64, 255, 256, 257, 576, 4096])
def test_rows_of_the_projection_are_orthonormal(hidden: int) -> None:
    size = max(DIMENSION, 2 ** int(np.ceil(np.log2(hidden))))
    whole = vectors._projection(size)  # without the columns that a smaller state leaves out
    assert np.allclose(whole @ whole.T, np.eye(DIMENSION), atol=1e-12)
    assert np.array_equal(vectors._projection(hidden), whole[:, :hidden])


@pytest.mark.parametrize("hidden", [8, 200, 256])
def test_small_states_keep_every_angle(hidden: int) -> None:
    generator = torch.Generator().manual_seed(1)
    left, right = torch.randn(2, hidden, generator=generator).double()
    expected = torch.nn.functional.cosine_similarity(left, right, dim=0).item()
    assert numbers(left) @ numbers(right) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("hidden", [576, 4096])
def test_large_states_nearly_keep_their_angles(hidden: int) -> None:
    generator = torch.Generator().manual_seed(2)
    states = torch.randn(40, hidden, generator=generator).double()
    states[1::2] = states[::2] + 0.7 * states[1::2]
    expected = torch.nn.functional.cosine_similarity(states[::2], states[1::2])
    errors = [
        abs(numbers(left) @ numbers(right) - angle.item())
        for left, right, angle in zip(states[::2], states[1::2], expected, strict=True)
    ]
    assert max(errors) < 4 / np.sqrt(DIMENSION)


def test_the_direction_is_the_same_on_every_machine() -> None:
    """Stored directions are compared with new ones: a change here needs a migration."""
    found = numbers(torch.arange(1.0, 600.0))
    assert found[:4] == pytest.approx([-0.0497449, -0.0118900, 0.0077910, 0.0516135], abs=1e-6)


@pytest.mark.parametrize(
    "state",
    [
        torch.zeros(3, 8),
        torch.empty(0, 8),
        torch.tensor([[1.0], [-1.0]]),
        torch.full((4,), torch.nan),
    ],
)
def test_what_has_no_direction(store: PostgresStore, state: torch.Tensor) -> None:
    assert vectors.direction(state) is None
    with pytest.raises(InputError, match="no direction"):
        store.nearest("ann", state, 3)
    if state.isfinite().all():
        store.put_many("ann", [entry("a", state), entry("b", torch.ones(3, 8))])
        assert [name for name, _ in store.nearest("ann", torch.ones(8), 5)] == ["b"]
        assert {key.id for key in store.keys("ann")} == {"a", "b"}


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16])
def test_the_largest_numbers_have_a_direction(dtype: torch.dtype) -> None:
    state = torch.full((2, 8), torch.finfo(dtype).max, dtype=dtype)
    assert numbers(state) == pytest.approx(numbers(torch.ones(8)), abs=1e-6)


def test_nearest_ranks_by_the_angle_of_mean_keys(store: PostgresStore) -> None:
    generator = torch.Generator().manual_seed(3)
    keys = torch.randn(60, 5, 48, generator=generator)
    store.put_many("ann", [entry(f"{number}", key) for number, key in enumerate(keys)])
    store.put_many("bob", [entry("bob's", keys[7])])
    wanted = keys[7].mean(0) + 0.1 * torch.randn(48, generator=generator)
    similarity = torch.nn.functional.cosine_similarity(keys.mean(1), wanted[None])
    best = similarity.topk(10)
    found = store.nearest("ann", wanted, 10)
    assert [name for name, _ in found] == [str(number) for number in best.indices.tolist()]
    assert [score for _, score in found] == pytest.approx(best.values.tolist(), abs=1e-5)
    assert store.nearest("carl", wanted, 10) == []
    store.delete_many("ann", ["7"])
    assert store.nearest("ann", wanted, 1)[0][0] != "7"
    changed = entry("3", keys[7])
    store.replace_many("ann", [changed], what="reencoded")
    assert store.nearest("ann", wanted, 1)[0][0] == "3"


def test_a_large_namespace_is_searched_through_the_index(store: PostgresStore) -> None:
    generator = torch.Generator().manual_seed(4)
    keys = torch.randn(1500, 1, 32, generator=generator)
    store.put_many("ann", [entry(f"{number}", key) for number, key in enumerate(keys)])

    def plan(connection: vectors.Connection) -> str:
        connection.execute("ANALYZE keys")
        wanted = {"namespace": "ann", "direction": vectors.direction(keys[0]), "limit": 10}
        lines = connection.execute(f"EXPLAIN {vectors._NEAREST}", wanted).fetchall()
        return "\n".join(line for (line,) in lines)

    told = store._sessions.write("ann", lambda connection, _: plan(connection))
    assert "Index Scan using keys_" in told
    assert "embedding_idx" in told
    assert "Seq Scan" not in told
    right = 0
    for number in range(0, 1500, 75):
        exact = torch.nn.functional.cosine_similarity(keys[:, 0], keys[number]).topk(10).indices
        found = store.nearest("ann", keys[number], 10)
        assert found[0][0] == str(number)
        right += len({name for name, _ in found} & {str(i) for i in exact.tolist()})
    assert right >= 0.9 * 200


def test_a_small_namespace_beside_a_large_one_is_found_whole(
    postgres_url: str, store: PostgresStore
) -> None:
    generator = torch.Generator().manual_seed(5)
    keys = torch.randn(400, 1, 32, generator=generator)
    store.put_many("ann", [entry(f"{number}", key) for number, key in enumerate(keys)])
    neighbour = next(
        n for n in map(str, range(99)) if partition(store, n) == partition(store, "ann")
    )
    store.put_many(neighbour, [entry(f"{number}", -key) for number, key in enumerate(keys[:3])])
    # The index is taken whatever it costs, and gives up long before it comes to the neighbour.
    options = "-cenable_sort%3Doff -chnsw.max_scan_tuples%3D20".replace(" ", "%20")
    hasty = PostgresStore.open(f"{postgres_url}&options={options}")
    assert {name for name, _ in hasty.nearest(neighbour, keys[0], 10)} == {"0", "1", "2"}
    assert hasty.nearest(neighbour, -keys[1], 1)[0][0] == "1"
    hasty.close()


def partition(store: PostgresStore, namespace: str) -> str:
    return store._sessions.read(namespace, lambda c: partition_of(c, "keys", namespace))
