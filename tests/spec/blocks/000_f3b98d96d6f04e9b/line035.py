from models.base_transformer import CMRTransformer
from transformers import AutoConfig

# Initialize with config
config = AutoConfig.from_pretrained("mistralai/Ministral-8B-Instruct-2410")
memory_config = {
    'target_layers': [2, 4, 6],  # Layers to capture
    'buffer_size': 100,          # Max entries per layer
    'relevance_threshold': 0.5   # Minimum relevance score
}

# Initialize model
model = CMRTransformer(config, memory_config=memory_config)

# Enable memory capture
model.enable_memory()

# Forward pass with memory integration
outputs = model(input_ids, attention_mask=attention_mask)
