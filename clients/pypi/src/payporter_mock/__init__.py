"""A sandbox of PayPorter's POS API for your tests: starts it, drives it, looks at what it did."""
from .caller import CallError
from .merchant import Merchant
from .program import program
from .sandbox import Sandbox, start

__all__ = ["CallError", "Merchant", "Sandbox", "program", "start"]
