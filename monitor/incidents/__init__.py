"""One real-world event is one incident: linking, what is known of it, and its title."""
