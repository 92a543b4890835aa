"""The documented parts around one model: capture, look at what is held, recall, switch off.

What the CMR documents call ``demo_day8_integration.py``. A small random model stands in for yours.
"""

from __future__ import annotations

import torch
from transformers import GPT2Config, GPT2LMHeadModel

from reweaving.models import IntegratedCMRModel

MEMORY = {
    "target_layers": [2, 4, 6],
    "intervention_layers": [4, 6],
    "max_entries_per_layer": 100,
    "scoring_method": "hybrid",
    "relevance_threshold": 0.5,
    "eviction_strategy": "lru_relevance",
}


def main() -> dict[str, float]:
    torch.manual_seed(0)
    plain = GPT2LMHeadModel(GPT2Config(vocab_size=500, n_embd=64, n_layer=8, n_head=4))
    with torch.no_grad(), IntegratedCMRModel(plain, MEMORY) as model:
        for _ in range(3):
            model(torch.randint(0, 500, (1, 40)))
        stats = model.get_memory_stats()
        print(f"holds {stats['total_entries']} entries at layers {stats['layers_with_memory']}")

        asked = torch.randint(0, 500, (1, 12))
        woven = model(asked)
        for hit in model.last_weave.recollections:
            entry = hit.entry
            print(f"wove {entry.tokens} tokens of sequence {entry.sequence_id}, {hit.score:.2f}")
        alone = model(asked, use_memory=False)
        moved = float((woven.logits - alone.logits).abs().max())
        print(f"memory moved the logits by up to {moved:.3f}")
        print(f"one pass took {woven.performance_stats['forward_time'] * 1000:.0f} ms")
    return {"entries": stats["total_entries"], "moved": moved}


if __name__ == "__main__":
    main()
