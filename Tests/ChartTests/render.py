"""Renders a chart many times with Helm's engine: JSON requests on standard input, JSON results on standard output.

The command line of Helm renders once a start, and the one at hand cannot be told the cluster's version.
"""

import json
import sys

import helm_python
from helm_python import _native


def values_of(request):
    values = helm_python.values_from_yaml(request["values"]) or {}
    for path, text in request["set"].items():
        place = values
        *parents, last = path.split(".")
        for parent in parents:
            place = place.setdefault(parent, {})
        place[last] = helm_python.values_from_yaml("value: " + text)["value"]
    return values


def render(request):
    values = values_of(request)
    options = {
        "namespace": request["namespace"],
        "kube_version": request["kubernetes"],
        "api_versions": request["apis"],
    }
    try:
        # The engine's own calls, because the wrappers around them leave out the version of the cluster.
        release = _native.call_string(
            "helm_install",
            configuration._raw(),
            _native.HANDLE(0),
            _native.HANDLE(0),
            path,
            request["release"],
            json.dumps(values),
            json.dumps({"dry_run": "client", **options}),
        )
        # An install keeps its hooks to itself.
        files = _native.call_string(
            "helm_render",
            chart._raw(),
            json.dumps(values),
            json.dumps({"name": request["release"], **options}),
        )
    except helm_python.HelmError as error:
        return {"error": str(error)}
    release = json.loads(release)
    tests = [text for file, text in json.loads(files).items() if "/templates/tests/" in file]
    return {"manifest": release["manifest"], "tests": "\n---\n".join(tests), "notes": release["notes"]}


path = sys.argv[1]
chart = helm_python.Chart.load(path)
configuration = helm_python.Config(kubeconfig_path="/nonexistent")
json.dump([render(request) for request in json.load(sys.stdin)], sys.stdout)
