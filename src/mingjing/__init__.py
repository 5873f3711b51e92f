"""Mingjing (明镜): an open public-safety video image information system."""

__version__ = "0.1.0"
