"""When there is no room for a memory, it gets smaller and the forward pass still returns."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap

import pytest
import torch

from families import make, tokens
from reweaving.capture.capturer import StateCapturer
from reweaving.memory.buffer import LayeredMemoryBuffer
from reweaving.models import FullCMRModel
from reweaving.models.out_of_memory import is_out_of_memory, shrink
from reweaving.types import MemoryEntry

# The process may have so much address space that the model runs, and no more copies of all states fit.
SCRIPT = """
    import resource, warnings, torch
    from transformers import LlamaConfig
    from reweaving.models import FullCMRModel

    config = LlamaConfig(vocab_size=64, hidden_size=512, intermediate_size=64, num_hidden_layers=32,
        num_attention_heads=4, num_key_value_heads=1, bos_token_id=1, eos_token_id=2)
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    model = FullCMRModel(config, {"relevance_threshold": 0.0, "scoring_method": "variance"})
    with torch.no_grad():
        for _ in range(4):
            model(torch.randint(3, 64, (1, 16)))
        held = len(model.memory_buffer)
        used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + 190 * 2**20, -1))
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            outputs = model(torch.randint(3, 64, (1, 1200)))
    print(outputs["logits"].shape[1], held, len(model.memory_buffer))
    print([str(w.message) for w in said if "ran out" in str(w.message)])
"""


@pytest.mark.slow
def test_a_machine_without_memory_left() -> None:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(SCRIPT)],
        capture_output=True,
        text=True,
        timeout=300,
        # What is freed goes back to the system, so that the limit is one of what is in use.
        env={**os.environ, "MALLOC_MMAP_THRESHOLD_": "65536"},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    tokens_read, held, now = map(int, done.stdout.splitlines()[0].split())
    assert tokens_read == 1200
    assert 0 < now <= held // 2
    assert "memory ran out while capturing" in done.stdout


@pytest.mark.parametrize(
    ("error", "means"),
    [
        (torch.OutOfMemoryError("CUDA out of memory"), True),
        (MemoryError(), True),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried 9 bytes"), True),
        (RuntimeError("shapes cannot be multiplied"), False),
    ],
)
def test_which_errors_are_meant(error: Exception, means: bool) -> None:
    assert is_out_of_memory(error) is means


@torch.no_grad()
@pytest.mark.parametrize("way", ["forward", "generate"])
def test_a_pass_without_room_for_its_states_still_returns(
    way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was woven stays woven; nothing of the pass is kept, and what is held is halved."""
    with FullCMRModel(make("llama"), {"relevance_threshold": 0.0}) as model:
        for seed in range(4):
            model(tokens(20, seed=seed))
        asked = tokens(6, seed=9)

        def run() -> torch.Tensor:
            if way == "forward":
                return model(asked).logits
            return model.generate(asked, max_new_tokens=6, do_sample=False)

        expected = run()
        model.memory_buffer.clear_sequence(model.current_sequence_id)

        def no_room(*_: object, **__: object) -> None:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB")

        monkeypatch.setattr(StateCapturer, "entries_of", no_room)
        with pytest.warns(UserWarning, match=r"ran out while capturing \(CUDA out of memory"):
            assert torch.equal(run(), expected)
        assert len(model.memory_buffer) == 2
        assert model.memory_buffer.limits.total.entries == 2


def test_another_error_is_not_swallowed() -> None:
    class Broken(torch.nn.Module):
        def forward(self, states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
            raise RuntimeError("shapes cannot be multiplied")

    with (
        FullCMRModel(make("llama"), scorer=Broken()) as model,
        pytest.raises(RuntimeError, match="multiplied"),
    ):
        model(tokens(6))


def test_a_buffer_is_resized() -> None:
    given: list[MemoryEntry] = []

    class Shelf:
        def add(self, entries: list[MemoryEntry]) -> None:
            given.extend(entries)

        def get_many(self, ids: list[str]) -> list[MemoryEntry]:
            return [entry for entry in given if entry.id in ids]

    buffer = LayeredMemoryBuffer(10, 10, "age", long_term=Shelf())
    entries = [MemoryEntry(torch.ones(4), 0, 0, i, timestamp=float(i)) for i in range(6)]
    buffer.add_entries(entries)
    buffer.pin(entries[0].id)
    gone = buffer.resize(max_entries_per_layer=3, max_total_entries=5)
    assert [entry.position_idx for entry in gone] == [1, 2, 3]
    assert given == gone
    assert [entry.position_idx for entry in buffer.get_all_entries()] == [4, 5, 0]
    assert buffer.limits.layer.entries == 3


@pytest.mark.filterwarnings("ignore:memory ran out")
def test_a_buffer_that_holds_nothing_keeps_its_limits() -> None:
    buffer = LayeredMemoryBuffer(10, 20)
    shrink(buffer, "no room")
    assert buffer.limits.total.entries == 20
