"""Run one program and report what it cost.

python -S benchmarks/launch.py DESCRIPTOR PROGRAM [ARGUMENT ...]

The kernel counts the memory of who starts a program as the program's own. So it is started from
here, where next to nothing is loaded, and the seconds, the CPU seconds and the kilobytes are
written to the file descriptor.
"""

import os
import sys
import time

report = int(sys.argv[1])
os.set_inheritable(report, False)
started = time.perf_counter()
process = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ)
_, status, usage = os.wait4(process, 0)
wall = time.perf_counter() - started
os.write(report, f"{wall} {usage.ru_utime + usage.ru_stime} {usage.ru_maxrss}".encode())
sys.exit(os.waitstatus_to_exitcode(status))
