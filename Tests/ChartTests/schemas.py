"""Checks manifests against the schemas of Kubernetes' API: JSON requests on standard input, on standard output what is amiss.

schemas.py FOLDER: has a folder for each version, with a schema for each kind of object.
"""

import functools
import json
import re
import sys

import helm_python
from jsonschema import Draft4Validator, Draft202012Validator
from jsonschema.exceptions import best_match
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4, DRAFT202012


def content(version, name):
    with open(f"{sys.argv[1]}/{version}/{name}.json") as file:
        return json.load(file)


@functools.cache
def registry(version):
    """What the schemas of a version refer to: since 1.25 with a path, and in a later draft."""
    definitions = content(version, "_definitions")
    draft = DRAFT202012 if "$defs" in definitions else DRAFT4
    resource = Resource(definitions, specification=draft)
    return Registry().with_resources([("_definitions.json", resource), ("/api/_definitions.json", resource)])


@functools.cache
def validator(version, api, kind):
    """None for what is not of Kubernetes itself."""
    group, _, number = api.rpartition("/")
    # networking.k8s.io/v1 is called networking-v1.
    name = "-".join(part for part in (kind.lower(), group.split(".")[0], number) if part)
    try:
        schema = content(version, name)
    except FileNotFoundError:
        return None
    draft = Draft202012Validator if "/api/" in json.dumps(schema) else Draft4Validator
    return draft(schema, registry=registry(version))


@functools.cache
def complaint(version, text):
    """What is wrong with one object; None: nothing."""
    # As Helm reads YAML before it sends it to a cluster.
    item = helm_python.values_from_yaml(text)
    if not item:
        return None
    check = validator(version, item["apiVersion"], item["kind"])
    if not check:
        return f'{item["apiVersion"]} {item["kind"]} is unknown'
    error = best_match(check.iter_errors(item))
    return error and f'{item["kind"]}/{item["metadata"]["name"]} {error.json_path}: {error.message}'


def complaints(request):
    texts = re.split(r"(?m)^---\n", request["manifest"])
    return [said for text in texts if (said := complaint(request["version"], text))]


json.dump([complaints(request) for request in json.load(sys.stdin)], sys.stdout)
