"""Public video systems: their regime, who built, uses, maintains them, when they entered into use (HB361 3, 7, 11, 12)."""
