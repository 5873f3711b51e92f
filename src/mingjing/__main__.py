"""`python -m mingjing`, and the command `mingjing`."""

import gc

# Loading makes some hundred thousand objects that stay. Looking through them for garbage meanwhile finds none and
# costs a seventh of a start.
gc.disable()

from mingjing.cli import main  # noqa: E402

gc.freeze()
gc.enable()

if __name__ == "__main__":
    main()
