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

    def type(self, keys):
        """Writes all of it, reading what is drawn meanwhile: the program would otherwise wait for its reader."""
        while keys:
            readable, writable, _ = select.select([self.file], [self.file], [], 5)
            if readable:
                self.seen += os.read(self.file, 65536)
            if writable:
                keys = keys[os.write(self.file, keys[:1024]):]

    def drawn(self, key):
        """The number of bytes that a key draws."""
        self.quiet(0.1)
        before = len(self.seen)
        os.write(self.file, key)
        self.quiet(0.1)
        return len(self.seen) - before

    def read(self, seconds):
        """Reads what is drawn in that time."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0 and select.select([self.file], [], [], left)[0]:
            self.seen += os.read(self.file, 65536)

    def shown(self, key, mark):
        """The milliseconds from a key to the mark in what is drawn after it, however much else is drawn."""
        self.seen = b""
        start = time.perf_counter()
        os.write(self.file, key)
        return (self.until(mark) - start) * 1000

    def storm(self, keys, resizes, seconds):
        """Resizes the window all the time; yields the milliseconds from each of the keys to the frame that shows it."""
        keys = iter(keys)
        for number in range(resizes):
            start = time.perf_counter()
            rows, columns = (24, 80) if number % 2 else (30, 100)
            fcntl.ioctl(self.file, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            if number % 15 == 0 and (key := next(keys, None)):
                yield self.shown(bytes([key]), bytes([key]))
            self.read(start + seconds / resizes - time.perf_counter())

    def peak_memory(self):
        """The most memory that it has had resident, in megabytes."""
        with open(f"/proc/{self.pid}/status") as status:
            line = next(line for line in status if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024 / 1_000_000
