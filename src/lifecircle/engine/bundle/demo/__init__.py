"""The demo district, made by code: a hilly peninsula between two rivers, marked synthetic.

Imports `bundle.create`, `bundle.extract` and `bundle.model`.
"""

from lifecircle.engine.bundle.demo.make import make_demo

__all__ = ["make_demo"]
