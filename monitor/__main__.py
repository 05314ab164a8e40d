"""`python -m monitor`: the same as the `monitor` script."""

from monitor.cli import entry

if __name__ == "__main__":
    entry()
