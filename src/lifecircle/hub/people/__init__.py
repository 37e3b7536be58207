"""Staff and residents, their roles at places, and what may be known of a resident."""
