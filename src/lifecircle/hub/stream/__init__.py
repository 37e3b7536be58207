"""What happens, told as it happens: an outbox, positions given after commit, screens and webhooks that follow.

An event is written in the transaction of its change. Transactions end in another order than they begin, so
one sequencer numbers what is committed; who follows asks for everything after a position and misses nothing.
"""
