"""Measures how soon the wizard answers a key while a tool prints ten thousand lines a second.

In place of the install a stand-in for Helm prints; what else is asked of it, Helm itself answers.
"""
import os
import shutil
import sys

from pseudo_terminal import PseudoTerminal

NAMESPACE = "printing"
HELM = """#!{python}
import os, sys, time
if sys.argv[1] != "install":
    os.execv({helm!r}, [{helm!r}] + sys.argv[1:])
start = time.monotonic()
for part in range(1000):
    sys.stderr.write("".join(f"resource {{part}}.{{number}} is not ready yet\\n" for number in range(100)))
    sys.stderr.flush()
    time.sleep(max(0, start + part / 100 - time.monotonic()))
sys.exit(1)
"""


def answers(binary, world, folder, keys=20):
    """Milliseconds from a key that opens or closes the log to the key bar of the other view."""
    tools = os.path.join(folder, "printing")
    os.mkdir(tools)
    with open(os.path.join(tools, "helm"), "w") as file:
        file.write(HELM.format(python=sys.executable, helm=shutil.which("helm", path=world["PATH"])))
    os.chmod(file.name, 0o755)
    install = ["install", "--namespace", NAMESPACE, "--builder", NAMESPACE, "--cache", "none", "--verify", "no"]
    with PseudoTerminal([binary, *install], {**world, "PATH": f"{tools}:{world['PATH']}"}) as terminal:
        terminal.until(b"have been made yet")
        terminal.type(b"\r")
        terminal.until(b"is not ready yet")
        for number in range(keys):
            # What has changed in the key bar, and is nowhere else on the page.
            yield terminal.shown(b"l", b"log" if number % 2 else b"steps")
            terminal.read(0.1)
