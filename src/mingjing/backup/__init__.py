"""Backups of what the database knows: taken online each day, checked, tried out each month. Recordings are no part."""
