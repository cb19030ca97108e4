"""Measures how long a rotation takes until the new certificate is served, beside a plain update of the Secret.

The control plane has no kubelet: here one stands in for it that follows the proxy's pods, and brings a changed Secret to
Envoy's files as soon as a pod is annotated, as a real one does.
"""
import base64
import json
import os
import socket
import ssl
import subprocess
import threading
import time

NAMESPACE = "buildkit"
SECRET = "buildkit-envoy-certs"
CONFIGURATION = """
node: {{id: bench, cluster: bench}}
static_resources:
  listeners:
  - name: buildkit
    address: {{socket_address: {{address: 127.0.0.1, port_value: {port}}}}}
    filter_chains:
    - transport_socket:
        name: envoy.transport_sockets.tls
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
          require_client_certificate: true
          common_tls_context:
            alpn_protocols: [h2]
            tls_certificate_sds_secret_configs:
            - {{name: pair, sds_config: {{resource_api_version: V3, path_config_source: {{path: {folder}/pair.yaml}}}}}}
            validation_context_sds_secret_config:
              {{name: trust, sds_config: {{resource_api_version: V3, path_config_source: {{path: {folder}/trust.yaml}}}}}}
      filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: bench
          codec_type: HTTP2
          http_filters:
          - name: envoy.filters.http.router
            typed_config: {{"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}
          route_config:
            virtual_hosts: [{{name: all, domains: ["*"], routes: [{{match: {{prefix: /}}, direct_response: {{status: 200}}}}]}}]
"""
PAIR = """
resources:
- "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret
  name: pair
  tls_certificate:
    certificate_chain: {{filename: {folder}/mount/server.pem}}
    private_key: {{filename: {folder}/mount/server-key.pem}}
    watched_directory: {{path: {folder}/mount}}
"""
TRUST = """
resources:
- "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret
  name: trust
  validation_context:
    trusted_ca: {{filename: {folder}/mount/ca.pem}}
    watched_directory: {{path: {folder}/mount}}
"""


class Proxy:
    """Envoy with the installation's Secret, and a kubelet that brings it there."""

    def __init__(self, folder, world):
        self.folder, self.world = os.path.join(folder, "proxy"), world
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.programs = []

    def kubectl(self, *arguments, **options):
        command = ["kubectl", *arguments, "--namespace", NAMESPACE]
        return subprocess.run(command, env=self.world, capture_output=True, check=True, text=True, **options).stdout

    def __enter__(self):
        os.makedirs(os.path.join(self.folder, "mount"))
        self.mount()
        for name in ("server.pem", "server-key.pem", "ca.pem"):
            os.symlink(f"..data/{name}", os.path.join(self.folder, "mount", name))
        for name, text in (("envoy", CONFIGURATION), ("pair", PAIR), ("trust", TRUST)):
            with open(os.path.join(self.folder, f"{name}.yaml"), "w") as file:
                file.write(text.format(folder=self.folder, port=self.port))
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.programs.append(subprocess.Popen(
            [os.environ["LAB_ENVOY"], "--config-path", f"{self.folder}/envoy.yaml", "--disable-hot-restart",
             "--concurrency", "1"], **quiet))
        pods = subprocess.Popen(
            ["kubectl", "get", "pods", "--watch", "--selector", "app.kubernetes.io/component=proxy", "--output",
             "jsonpath={.metadata.annotations}{\"\\n\"}", "--namespace", NAMESPACE],
            env=self.world, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.programs.append(pods)
        threading.Thread(target=self.follow, args=[pods.stdout], daemon=True).start()
        self.until(lambda serial: serial)
        return self

    def __exit__(self, *_):
        for program in self.programs:
            program.kill()
            program.wait()

    def follow(self, lines):
        for _ in lines:
            self.mount()

    def mount(self):
        data = json.loads(self.kubectl("get", "secret", SECRET, "--output", "json"))["data"]
        mount = os.path.join(self.folder, "mount")
        version = f"..{time.monotonic_ns()}"
        os.mkdir(os.path.join(mount, version))
        for name, text in data.items():
            with open(os.path.join(mount, version, name), "wb") as file:
                file.write(base64.b64decode(text))
        os.symlink(version, os.path.join(mount, "..data_tmp"))
        os.rename(os.path.join(mount, "..data_tmp"), os.path.join(mount, "..data"))

    def served(self):
        """The certificate that it shows, whoever asks; None while nobody answers."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as plain:
                with context.wrap_socket(plain) as connection:
                    return connection.getpeercert(binary_form=True)
        except OSError:
            return None

    def until(self, is_right):
        while not is_right(self.served()):
            time.sleep(0.005)


def rotations(binary, world, folder, runs=21):
    """Milliseconds until the new certificate is served, by a rotation and by kubectl alone; the rotation's whole too."""
    port = None
    install = [binary, "install", "--yes", "--cache", "none", "--verify", "no", "--exposure", "load-balancer",
               "--port", "20999"]
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    subprocess.run(install + ["--endpoint", f"127.0.0.1:{port}", "--sans", "builder.test"], env=world, check=True,
                   stdout=subprocess.DEVNULL)
    certificates = subprocess.run(["find", folder, "-name", "daemon"], capture_output=True, text=True).stdout.strip()
    served, whole, plain = [], [], []
    proxy = Proxy(folder, world)
    proxy.port = port
    with proxy:
        for run in range(runs):
            before = proxy.served()
            copy = os.path.join(folder, f"former-{run}")
            subprocess.run(["cp", "-r", certificates, copy], check=True)
            start = time.perf_counter()
            rotation = subprocess.Popen([binary, "rotate", "--yes"], env=world, stdout=subprocess.DEVNULL)
            proxy.until(lambda now: now not in (None, before))
            served.append((time.perf_counter() - start) * 1000)
            if rotation.wait() != 0:
                raise RuntimeError("The rotation failed.")
            whole.append((time.perf_counter() - start) * 1000)
            plain.append(update(proxy, copy))
            # What the rotation has put there comes back, or the next one would take over what is in the Secret.
            update(proxy, certificates)
    return served, whole, plain


def update(proxy, pair):
    """The same by hand: the Secret applied, the pods annotated."""
    before = proxy.served()
    start = time.perf_counter()
    files = {"server.pem": "cert.pem", "server-key.pem": "key.pem"}
    data = {key: base64.b64encode(open(os.path.join(pair, name), "rb").read()).decode() for key, name in files.items()}
    proxy.kubectl("patch", "secret", SECRET, "--patch", json.dumps({"data": data}))
    proxy.kubectl("annotate", "pods", "--selector", "app.kubernetes.io/component=proxy",
                  f"bench={time.time()}", "--overwrite")
    proxy.until(lambda now: now not in (None, before))
    return (time.perf_counter() - start) * 1000
