"""Who is on duty where and when (值班)."""
