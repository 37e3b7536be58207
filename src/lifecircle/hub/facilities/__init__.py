"""One register of what serves residents, and of idle spaces: every value with its source and date."""
