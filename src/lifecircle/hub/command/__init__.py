"""The command centre (指挥中心): what one screen needs, in one call; it keeps nothing of its own."""
