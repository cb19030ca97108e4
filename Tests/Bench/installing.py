"""Measures an installation with all its checks, beside the script that the program prints for the same plan.

The script has neither checks nor locks nor a journal. The lab's pods start at once, so what is measured is the rest.
"""
import subprocess
import time


def installations(binary, world, runs=20):
    """Milliseconds of each installation by the program, of each by its script, and of each again, with nothing to change."""
    def command(name, *arguments):
        return [binary, "install", "--context", "test", "--namespace", name, "--builder", name, "--cache", "none",
                "--verify", "no", *arguments]

    def timed(command):
        start = time.perf_counter()
        subprocess.run(command, env=world, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return (time.perf_counter() - start) * 1000

    def script(name):
        shown = subprocess.run(command(name, "--print-commands"), env=world, check=True, capture_output=True, text=True)
        return ["sh", "-c", shown.stdout]

    times = []
    for run in range(runs + 1):
        install = command(f"by-program-{run}", "--yes")
        times.append((timed(install), timed(script(f"by-script-{run}")), timed(install)))
    return zip(*times[1:])  # the first one fills the caches
