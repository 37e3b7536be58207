"""What a map lacks, made up from the standards and marked so: places, people, facilities.

Imports `bundle.model`, `bundle.extract`, `bundle.write` and `standards`.
"""

from lifecircle.engine.bundle.synthesis.facilities import (
    SOURCE,
    MadeUp,
    generator,
    synthesise_facilities,
)
from lifecircle.engine.bundle.synthesis.names import Name, Names, numbered_names, read_names
from lifecircle.engine.bundle.synthesis.places import Division, divide, undivided
from lifecircle.engine.bundle.synthesis.setting import CHARACTERS, Homes, Setting
from lifecircle.engine.bundle.synthesis.settle import settle, zone_of
from lifecircle.engine.bundle.synthesis.surveys import synthesise_spaces, synthesise_surveys

__all__ = [
    "CHARACTERS",
    "SOURCE",
    "Division",
    "Homes",
    "MadeUp",
    "Name",
    "Names",
    "Setting",
    "divide",
    "generator",
    "numbered_names",
    "read_names",
    "settle",
    "synthesise_facilities",
    "synthesise_spaces",
    "synthesise_surveys",
    "undivided",
    "zone_of",
]
