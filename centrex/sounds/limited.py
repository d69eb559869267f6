"""Becomes another program, within limits that it cannot lift again: `limited.py MEMORY CPU FILE PROGRAM ARGUMENT...`

A process of its own, because limits set between fork and exec (`preexec_fn`) can hang a program that has threads.
MEMORY and FILE in bytes, CPU in seconds. Needs the standard library only.
"""

import os
import resource
import sys

NICE = 10  # calls and pages come first
MOST_OPEN_FILES = 32


def main() -> None:
    memory, seconds, largest_file = (int(word) for word in sys.argv[1:4])
    os.nice(NICE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (MOST_OPEN_FILES, MOST_OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    if sys.platform == "linux":  # macOS refuses to limit it
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    os.execv(sys.argv[4], sys.argv[4:])  # noqa: S606  # no shell, and our own caller named the program


if __name__ == "__main__":
    main()
