"""Runs of the engine over what the hub knows: queued, watched, kept, compared, published."""
