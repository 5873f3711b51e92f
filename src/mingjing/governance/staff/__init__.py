"""People at watch and management posts (SC799, 16), and the agreements that bind contractors to secrecy (15, 19)."""
