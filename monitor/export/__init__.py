"""What may leave the house, when the operator asks for it: CAP, Atom and JSON of incidents."""
