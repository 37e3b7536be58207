"""Projects (项目): from a gap to acceptance, on annual lists, and what they changed."""
