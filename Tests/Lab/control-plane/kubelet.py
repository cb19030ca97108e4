#!/usr/bin/env python3
"""What a control plane without nodes needs of a kubelet and a load balancer: status.

  kubelet.py SERVER PKI [--unready REGEX]

Registers one node and reports every pod that the scheduler binds to it as running and ready, and every Service of
type LoadBalancer as reachable at 127.0.0.1. What matches REGEX (default: "unready") in its namespace/name or, for a
pod, in an image, is left as it is: pods in ImagePullBackOff, or running with a probe that fails where an image has
"probed" in it, Services without an address. Deployments, ReplicaSets and Endpoints are the work of the real controllers.
"""
import json
import re
import ssl
import sys
import threading
import urllib.error
import urllib.request
from datetime import datetime, timezone
from itertools import count

NODE = "test"
SERVER, PKI, *OPTIONS = sys.argv[1:]
UNREADY = re.compile(OPTIONS[OPTIONS.index("--unready") + 1] if "--unready" in OPTIONS else "unready")
TLS = ssl.create_default_context(cafile=f"{PKI}/ca.crt")
TLS.load_cert_chain(f"{PKI}/admin.crt", f"{PKI}/admin.key")
addresses = count(2)


def call(method, path, body=None, kind="application/merge-patch+json"):
    """One request; None for what is no longer there, or there already."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{SERVER}/api/v1/{path}", data, {"Content-Type": kind}, method=method)
    try:
        return urllib.request.urlopen(request, context=TLS)
    except urllib.error.HTTPError as error:
        if error.code not in (404, 409):
            raise
        return None


def now():
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def register():
    labels = {"kubernetes.io/hostname": NODE, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64"}
    node = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": NODE, "labels": labels}}
    call("POST", "nodes", node, "application/json")
    room = {"cpu": "64", "memory": "256Gi", "pods": "1000", "ephemeral-storage": "2Ti"}
    versions = dict.fromkeys(("machineID", "systemUUID", "bootID", "kernelVersion", "osImage", "kubeProxyVersion"), "")
    call("PATCH", f"nodes/{NODE}/status", {"status": {
        "capacity": room, "allocatable": room,
        "nodeInfo": versions | {"kubeletVersion": "v1.20.2", "operatingSystem": "linux", "architecture": "amd64",
                                "containerRuntimeVersion": "none://0"},
        "addresses": [{"type": "InternalIP", "address": "127.0.0.1"}],
        "conditions": [{"type": "Ready", "status": "True", "reason": "KubeletReady",
                        "lastHeartbeatTime": now(), "lastTransitionTime": now()}]}})
    # A new node is tainted "not ready"; the controller that would lift the taint is off.
    call("PATCH", f"nodes/{NODE}", {"spec": {"taints": None}})


def report_pod(pod):
    meta, spec = pod["metadata"], pod["spec"]
    path = f'namespaces/{meta["namespace"]}/pods/{meta["name"]}'
    if spec.get("nodeName") != NODE:
        return
    if "deletionTimestamp" in meta:
        call("DELETE", path, {"gracePeriodSeconds": 0}, "application/json")
        return
    images = [container["image"] for container in spec["containers"]]
    ready = not any(map(UNREADY.search, [f'{meta["namespace"]}/{meta["name"]}', *images]))
    if pod["status"].get("containerStatuses"):
        return
    running = {"running": {"startedAt": now()}}
    probed = not ready and any("probed" in image for image in images)
    address = next(addresses)
    call("PATCH", f"{path}/status", {"status": {
        "phase": "Running" if ready else "Pending", "hostIP": "127.0.0.1", "startTime": now(),
        "podIP": f"10.244.{address // 256}.{address % 256}",
        "conditions": [{"type": kind, "status": str(ready or "Ready" not in kind), "lastTransitionTime": now()}
                       for kind in ("Initialized", "PodScheduled", "ContainersReady", "Ready")],
        "containerStatuses": [
            {"name": container["name"], "image": container["image"], "imageID": "", "ready": ready,
             "started": ready, "restartCount": 0, "state": running if ready or probed else waiting(container["image"])}
            for container in spec["containers"]]}})
    if probed:
        warn(meta, "Readiness probe failed: it is amiss.")


def warn(meta, message):
    about = {"kind": "Pod", "namespace": meta["namespace"], "name": meta["name"], "uid": meta["uid"]}
    call("POST", f'namespaces/{meta["namespace"]}/events', {
        "metadata": {"generateName": meta["name"] + "-"}, "involvedObject": about, "type": "Warning",
        "reason": "Unhealthy", "message": message, "firstTimestamp": now(), "lastTimestamp": now()},
         "application/json")


def waiting(image):
    return {"waiting": {"reason": "ImagePullBackOff", "message": f'Back-off pulling image "{image}"'}}


def report_service(service):
    meta = service["metadata"]
    name = f'{meta["namespace"]}/{meta["name"]}'
    if service["spec"].get("type") != "LoadBalancer" or UNREADY.search(name):
        return
    if not service["status"]["loadBalancer"].get("ingress"):
        call("PATCH", f'namespaces/{meta["namespace"]}/services/{meta["name"]}/status',
             {"status": {"loadBalancer": {"ingress": [{"ip": "127.0.0.1"}]}}})


def watch(kind, report):
    """Follows all objects of a kind, from those that exist on; the server ends a watch now and then."""
    while True:
        with call("GET", f"{kind}?watch=1") as events:
            for line in events:
                event = json.loads(line)
                if event["type"] in ("ADDED", "MODIFIED"):
                    report(event["object"])


register()
print("ready", flush=True)
threading.Thread(target=watch, args=("services", report_service), daemon=True).start()
watch("pods", report_pod)
