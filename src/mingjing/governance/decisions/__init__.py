"""What people decide where a forbidden place is only suspected (HB361, article 8; SC799, articles 8 and 13): kept with its
reason, asked for again once the view or the grounds are others."""
