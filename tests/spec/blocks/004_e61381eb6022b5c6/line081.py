from models.mistral_integration import create_mistral_cmr_model

# Create Mistral CMR model
model = create_mistral_cmr_model(
    model_name="mistralai/Ministral-8B-Instruct-2410",
    use_quantization=True,
    device="auto"
)
