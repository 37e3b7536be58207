"""Rules over what devices measure: when many small values together are a matter for somebody."""
