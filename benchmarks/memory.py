"""The peak memory of this process alone; what getrusage says includes that of the process that began it."""

import re
from pathlib import Path


def peak_mb() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024
