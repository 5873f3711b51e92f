"""Projects that build, rebuild or extend video systems, and their acceptance (HB361, articles 9 and 10; SC799, article
11)."""
