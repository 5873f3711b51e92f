"""Clock, identifiers, errors, events, paging, settings, secrets, database session. Knows no domain."""
