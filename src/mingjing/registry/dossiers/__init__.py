"""Dossiers of cameras (一机一档): what a camera is, where it stands and looks, to which system and position it belongs."""
