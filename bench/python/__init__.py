"""Whether the Python package keeps its bounds; `./dev bench --python` runs it."""
