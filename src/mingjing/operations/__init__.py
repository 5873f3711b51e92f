"""Running the place: who watches what, alarms, diagnosis, the state of the system."""
