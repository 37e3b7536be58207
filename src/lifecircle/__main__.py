"""`python -m lifecircle`."""

from lifecircle.cli import main

main()
