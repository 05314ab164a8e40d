"""Long runs of the whole program against a thousand feeds on loopback, some of them hostile.

`python -m tests.soak --minutes 60 --feeds 1000 --out FOLDER` measures and judges; it needs Linux,
whose /proc tells what the processes hold and whose loopback network has addresses to spare.
"""
