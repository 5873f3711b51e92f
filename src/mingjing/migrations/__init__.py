"""Migrations of the database, run at start by `kernel.migrate`."""
