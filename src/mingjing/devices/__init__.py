"""How a camera or a lower platform speaks: one folder a family, each implementing `source.Source`."""
