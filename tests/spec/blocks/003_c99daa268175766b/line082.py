from types import SimpleNamespace
import torch
from models import CMRTransformer
# Minimal config: only fields used by CMRTransformer are required
base_cfg = SimpleNamespace(vocab_size=50257, num_hidden_layers=8)
# Memory configuration
memory_config = {"target_layers": [2, 4], "buffer_size": 3}
# Create model and register hooks
cmr = CMRTransformer(config=base_cfg, memory_config=memory_config)
cmr.register_memory_hooks()
cmr.enable_memory()
# Run a tiny forward pass
input_ids = torch.randint(0, base_cfg.vocab_size, (1, 16)) # [batch=1, seq=16]
outputs = cmr(input_ids)
# Inspect memory stats
print(outputs["memory_stats"]) # {'total_captured_states': ..., 'layers_with_memory': [...]}
