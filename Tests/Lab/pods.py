#!/usr/bin/env python3
"""Runs what an installation's pods would run, on this machine: its proxy is a real Envoy, its builder a real BuildKit.

  pods.py CONTROL_PLANE ENGINE ENVOY FOLDER

CONTROL_PLANE is the folder of a running control plane, ENGINE the socket of a BuildKit engine, ENVOY the program, FOLDER
an empty one whose path is short. The first installation in the cluster is taken. The pods get what the cluster holds for
them and no more: their ConfigMap, and the keys of Secrets that their Deployments name. The proxy listens on 127.0.0.1 at
the port of its Service. Changes of Secrets and of the ConfigMap arrive as they do through a kubelet, only sooner; a
builder that is scaled to zero ends when its last client has gone. Prints "ready" when both run.
"""
import base64
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request

CONTROL_PLANE, ENGINE, ENVOY, FOLDER = sys.argv[1:]
HERE = os.path.dirname(os.path.abspath(__file__))
TLS = ssl.create_default_context(cafile=f"{CONTROL_PLANE}/pki/ca.crt")
TLS.load_cert_chain(f"{CONTROL_PLANE}/pki/admin.crt", f"{CONTROL_PLANE}/pki/admin.key")
with open(f"{CONTROL_PLANE}/kubeconfig") as kubeconfig:
    SERVER = re.search(r'server: "(.*?)"', kubeconfig.read())[1]
POLL = 0.5


def get(path):
    """One object or list; None for what does not exist."""
    try:
        with urllib.request.urlopen(f"{SERVER}/{path}", context=TLS, timeout=10) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        if error.code != 404:
            raise
        return None


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Volume:
    """Files as the kubelet mounts them: links into a hidden folder, which changes in one step."""

    def __init__(self, path):
        self.path, self.content, self.count = path, None, 0
        os.makedirs(path)

    def hold(self, content):
        """Takes the content over; tells whether it has changed."""
        if content == self.content:
            return False
        self.count += 1
        version = f"..{self.count}"
        os.makedirs(f"{self.path}/{version}", mode=0o700)
        for name, data in content.items():
            with open(f"{self.path}/{version}/{name}", "wb") as file:
                file.write(data)
            if not os.path.lexists(f"{self.path}/{name}"):
                os.symlink(f"..data/{name}", f"{self.path}/{name}")
        os.symlink(version, f"{self.path}/..new")
        os.rename(f"{self.path}/..new", f"{self.path}/..data")
        self.content = content
        return True


def deployments():
    """The first installation's Deployments by component."""
    found = get("apis/apps/v1/deployments?labelSelector=app.kubernetes.io/component%20in%20(proxy,builder)")["items"]
    first = found and (found[0]["metadata"]["namespace"], found[0]["metadata"]["labels"]["app.kubernetes.io/instance"])
    return {
        item["metadata"]["labels"]["app.kubernetes.io/component"]: item for item in found
        if (item["metadata"]["namespace"], item["metadata"]["labels"]["app.kubernetes.io/instance"]) == first}


def volumes(deployment):
    """What the pod's volumes hold, by their names; None while something of it does not exist, as a pod waits for it."""
    base = f'api/v1/namespaces/{deployment["metadata"]["namespace"]}'
    contents = {}
    for volume in deployment["spec"]["template"]["spec"]["volumes"]:
        if "configMap" in volume:
            source = get(f'{base}/configmaps/{volume["configMap"]["name"]}')
            if source is None:
                return None
            contents[volume["name"]] = {name: text.encode() for name, text in source["data"].items()}
        elif "secret" in volume:
            source = get(f'{base}/secrets/{volume["secret"]["secretName"]}')
            items = volume["secret"].get("items")
            if source is None or any(item["key"] not in source["data"] for item in items or []):
                return None
            pairs = ((item["key"], item["path"]) for item in items) if items else ((key, key) for key in source["data"])
            contents[volume["name"]] = {path: base64.b64decode(source["data"][key]) for key, path in pairs}
    return contents


class Proxy:
    def __init__(self, folder, builder_port):
        self.folder, self.process = folder, None
        self.ports = {"9902": free_port(), "9903": free_port(), "builder": builder_port}
        os.makedirs(f"{folder}/run/envoy")
        self.parts = {"config": Volume(f"{folder}/etc/envoy"), "outer": Volume(f"{folder}/certificates/outer"),
                      "inner": Volume(f"{folder}/certificates/inner")}

    def follow(self, deployment):
        contents = deployment and volumes(deployment)
        if contents is None:
            self.process = end(self.process)
            return
        metadata = deployment["metadata"]
        name = metadata["name"].removesuffix("-proxy")
        service = get(f'api/v1/namespaces/{metadata["namespace"]}/services/{name}')
        if service is None:
            return
        port = service["spec"]["ports"][0]["port"]
        contents["config"] = {
            name: self.moved(data.decode(), port).encode() for name, data in contents["config"].items()
            if name.endswith(".yaml")}
        bootstrap = (self.parts["config"].content or {}).get("envoy.yaml")
        for name, volume in self.parts.items():
            volume.hold(contents[name])
        if bootstrap != contents["config"]["envoy.yaml"]:
            self.process = end(self.process)
        if self.process is None or self.process.poll() is not None:
            self.process = start([
                ENVOY, "--config-path", f"{self.folder}/etc/envoy/envoy.yaml", "--disable-hot-restart", "--concurrency", "2",
            ], f"{self.folder}/envoy.log")

    def moved(self, text, port):
        """The same configuration with this machine's folders, ports and addresses."""
        text = re.sub(r"(?<![\w/])/(run/envoy|etc/envoy|certificates)\b", rf"{self.folder}/\1", text)
        # Its own listeners first, then what is left: the builder's Service.
        text = re.sub(r'address: "(?:0\.0\.0\.0|::)", port_value: (\d+)(?:, ipv4_compat: true)?',
                      lambda match: f"address: 127.0.0.1, port_value: {port if match[1] == '1234' else self.ports['9902']}",
                      text)
        text = re.sub(r"address: 127\.0\.0\.1, port_value: 9903", f"address: 127.0.0.1, port_value: {self.ports['9903']}", text)
        return re.sub(r"address: [\w.-]+\.svc\.[\w.-]+, port_value: 1234",
                      f"address: localhost, port_value: {self.ports['builder']}", text)

    def is_ready(self):
        if self.process is None or self.process.poll() is not None:
            return False
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.ports['9902']}/ready", timeout=1) as answer:
                return answer.status == 200
        except OSError:
            return False


class Builder:
    def __init__(self, folder, port):
        self.folder, self.port, self.process = folder, port, None
        self.certificates = Volume(f"{folder}/certificates")

    def follow(self, deployment):
        contents = deployment and deployment["spec"]["replicas"] > 0 and volumes(deployment)
        if not contents:
            if self.process and self.process.poll() is None:
                # It goes on until its last client has gone.
                self.process.terminate()
            return
        # BuildKit reads its certificates when it starts; the chart replaces its pod when they change.
        if self.certificates.hold(contents["certificates"]):
            self.process = end(self.process)
        if self.process is None or self.process.poll() is not None:
            command = [sys.executable, f"{HERE}/buildkit/bridge.py", ENGINE, str(self.port), self.certificates.path]
            self.process = start(command, f"{self.folder}/bridge.log")

    def is_ready(self):
        return self.process is not None and self.process.poll() is None


def start(command, log):
    with open(log, "ab") as file:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT)


def end(process):
    if process and process.poll() is None:
        process.kill()
        process.wait()


def main():
    port = free_port()
    os.makedirs(f"{FOLDER}/builder")
    proxy, builder, told = Proxy(f"{FOLDER}/proxy", port), Builder(f"{FOLDER}/builder", port), False
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        while True:
            found = deployments()
            builder.follow(found.get("builder"))
            proxy.follow(found.get("proxy"))
            if not told and builder.is_ready() and proxy.is_ready():
                told = True
                print("ready", flush=True)
            time.sleep(POLL)
    finally:
        end(proxy.process)
        end(builder.process)


main()
