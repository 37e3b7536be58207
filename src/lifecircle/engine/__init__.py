"""The analysis engine: from a district on disk to five-colour cards.

It knows no web, no database and no user. Rooms, each importing only the ones above it in this list:
`standards` and `reach`; `bundle` and `network`; `grading`; `report`; `runs`, and `assess`, which ties
them together; `verifying`.
"""
