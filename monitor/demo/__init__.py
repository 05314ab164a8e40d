"""A recorded crisis, invented for this program: `monitor demo` replays it."""
