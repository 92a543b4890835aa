from models.cmr_integrated import IntegratedCMRModel

# Initialize integrated model
model = IntegratedCMRModel(base_config, memory_config, device="cuda")

# Process input with memory
outputs = model(input_ids, attention_mask, use_memory=True)
