"""Backups of what the database knows and of the files that it names: taken online each day, checked, tried out each month.
Recordings are no part."""
