"""What a map asks of the register: how many of what lie in a box, and which. Drawing lives in the console."""
