"""A program in a pseudo-terminal, as far as a stopwatch needs one."""
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time


class PseudoTerminal:
    """Runs a command in 80x24 and reads what it draws; ends it on leaving."""

    def __init__(self, command, environment=None):
        self.started = time.perf_counter()
        self.pid, self.file = pty.fork()
        if self.pid == 0:
            os.execvpe(command[0], command, {**os.environ, "TERM": "xterm-256color", **(environment or {})})
        fcntl.ioctl(self.file, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.seen = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.file)

    def until(self, mark, limit=20):
        """Reads until the mark was drawn; the time at which it was."""
        end = time.perf_counter() + limit
        while mark not in self.seen:
            ready, _, _ = select.select([self.file], [], [], end - time.perf_counter())
            if not ready:
                raise SystemExit(f"waited {limit} s in vain for {mark!r}; seen: {self.seen[-2000:]!r}")
            self.seen += os.read(self.file, 65536)
        return time.perf_counter()

    def quiet(self, silence=0.3):
        """Reads until nothing has been drawn for a while."""
        while select.select([self.file], [], [], silence)[0]:
            self.seen += os.read(self.file, 65536)

    def answer(self, key):
        """The milliseconds from a key to the first bytes that it draws."""
        self.quiet()
        start = time.perf_counter()
        os.write(self.file, key)
        select.select([self.file], [], [], 5)
        return (time.perf_counter() - start) * 1000

    def peak_memory(self):
        """The most memory that it has had resident, in megabytes."""
        with open(f"/proc/{self.pid}/status") as status:
            line = next(line for line in status if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024 / 1_000_000
