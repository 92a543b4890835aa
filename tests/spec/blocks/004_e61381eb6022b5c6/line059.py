from models.cmr_full_integrated import FullCMRModel

# Initialize full model
model = FullCMRModel(base_config, cmr_config)

# Process with advanced features
outputs = model.forward(input_ids, return_memory_info=True)
