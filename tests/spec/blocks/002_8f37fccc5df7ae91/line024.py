from models.base_transformer import CMRTransformer

# Initialize CMR transformer
model = CMRTransformer(config, memory_config, model_name="mistralai/Ministral-8B-Instruct-2410")

# Register memory hooks
model.register_memory_hooks()

# Process input
outputs = model(input_ids)
