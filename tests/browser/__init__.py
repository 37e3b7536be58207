"""The web in a real browser, against a hub that is really served."""
