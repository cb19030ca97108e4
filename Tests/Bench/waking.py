"""Measures how long a builder that sleeps takes until it is ready, beside the same by kubectl: what lies between is ours.

The lab's pods start at once, so a second here is a second that waking adds to a pod's own start.
"""
import subprocess
import time

NAMESPACE = "waking"


def wakings(binary, world, runs=21):
    """Milliseconds of each waking by the program, and of each by kubectl."""
    def kubectl(*arguments):
        subprocess.run(["kubectl", *arguments, "--namespace", NAMESPACE], env=world, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def by_program():
        subprocess.run([binary, "wake", "--namespace", NAMESPACE, "--yes"], env=world, check=True, stdout=subprocess.DEVNULL)

    def by_kubectl():
        kubectl("scale", "deployment/buildkit-builder", "--replicas", "1")
        kubectl("rollout", "status", "deployment/buildkit-builder")

    install = ["install", "--yes", "--namespace", NAMESPACE, "--builder", NAMESPACE, "--cache", "none", "--verify", "no"]
    subprocess.run([binary, *install], env=world, check=True, stdout=subprocess.DEVNULL)
    times = {by_program: [], by_kubectl: []}
    for _ in range(runs):
        for wake, taken in times.items():
            kubectl("scale", "deployment/buildkit-builder", "--replicas", "0")
            kubectl("wait", "pods", "--for", "delete", "--selector", "app.kubernetes.io/component=builder")
            start = time.perf_counter()
            wake()
            taken.append((time.perf_counter() - start) * 1000)
    return times[by_program], times[by_kubectl]
