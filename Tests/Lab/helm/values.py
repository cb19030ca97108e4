"""The values of a release, from the options that bring them."""
import csv
import sys

import helm_python as engine

from arguments import refuse

# In Helm's order: whatever stands later replaces what stands earlier, however the options were mixed.
PARSERS = {
    "file": None,
    "set_json": engine.parse_set_json,
    "set": engine.parse_set_string,
    "set_string": engine.parse_set_string_values,
    "set_file": engine.parse_set_file,
    "set_literal": engine.parse_set_literal,
}


def collect(given):
    values = {}
    for kind, parse in PARSERS.items():
        for text in (text for option, text in given if option == kind):
            for others in [parse(text)] if parse else map(read, paths(text)):
                merge(values, others)
    return values


def paths(text):
    """Helm's option is a comma-separated list with quotes."""
    return next(csv.reader([text], strict=True))


def read(path):
    try:
        text = sys.stdin.read() if path == "-" else open(path).read()
    except OSError as error:
        refuse(f"open {path}: {error.strerror.lower()}")
    return engine.values_from_yaml(text) or {} if text.strip() else {}


def merge(values, others):
    for key, other in others.items():
        if isinstance(other, dict) and isinstance(values.get(key), dict):
            merge(values[key], other)
        else:
            values[key] = other
