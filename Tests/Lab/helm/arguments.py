"""Helm's command line: the part of it that the installer and its tests use. What is not known here is refused."""
import argparse
import re
import sys


def refuse(message):
    print(f"Error: {message}", file=sys.stderr)
    sys.exit(1)


class Parser(argparse.ArgumentParser):
    def __init__(self, **options):
        super().__init__(add_help=False, allow_abbrev=False, **options)

    def error(self, message):
        unknown = re.match(r"argument command: invalid choice: '(.*?)'", message)
        refuse(f'unknown command "{unknown[1]}" for "helm"' if unknown else message)


class InOrder(argparse.Action):
    """Collects the options that bring values, each with its kind, because their order matters within a kind."""

    def __call__(self, parser, namespace, value, option=None):
        namespace.values = [*getattr(namespace, "values", []), (self.dest, value)]


def duration(text):
    match = re.fullmatch(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?", text)
    if not text or not match:
        refuse(f'invalid argument "{text}" for "--timeout" flag: time: invalid duration "{text}"')
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds


def labels(text):
    return dict(pair.split("=", 1) for pair in text.split(",")) if text else {}


def parse(words):
    # These take a value after "=" only; bare ones mean what Helm says they mean.
    bare = {"--wait": "--wait=watcher", "--dry-run": "--dry-run=client"}
    known, unknown = build().parse_known_args([bare.get(word, word) for word in words])
    for word in unknown:
        if word.startswith("--"):
            refuse(f"unknown flag: {word.split('=')[0]}")
        if word.startswith("-"):
            refuse(f"unknown shorthand flag: '{word[1]}' in {word}")
        refuse(f'unexpected argument "{word}"')
    return known


def build():
    # Given before the command or after it: the default must not replace what the other place has set.
    everywhere = Parser(argument_default=argparse.SUPPRESS)
    everywhere.add_argument("-n", "--namespace")
    for name in ("kubeconfig", "kube-context", "kube-as-user", "kube-token", "kube-apiserver", "kube-ca-file"):
        everywhere.add_argument(f"--{name}")

    values = Parser(argument_default=argparse.SUPPRESS)
    values.add_argument("-f", "--values", action=InOrder, dest="file")
    for kind in ("set", "set_string", "set_json", "set_file", "set_literal"):
        values.add_argument("--" + kind.replace("_", "-"), action=InOrder, dest=kind)

    output = Parser()
    output.add_argument("-o", "--output", default="table", choices=["table", "json"])
    waiting = Parser()
    waiting.add_argument("--wait", choices=["watcher", "legacy", "hookOnly"])
    waiting.add_argument("--timeout", type=duration, default=300)
    revision = Parser()
    revision.add_argument("--revision", type=int)
    release = Parser()
    release.add_argument("name")
    change = Parser(parents=[values, output, waiting, release])
    change.add_argument("chart")
    change.add_argument("--dry-run", choices=["client", "server", "none"])
    change.add_argument("--create-namespace", action="store_true")
    change.add_argument("--rollback-on-failure", "--atomic", action="store_true")
    change.add_argument("--description")
    change.add_argument("--labels", type=labels, default={})

    top = Parser(parents=[everywhere])
    commands = top.add_subparsers(dest="command", required=True, parser_class=Parser)

    def command(name, *parents):
        return commands.add_parser(name, parents=[everywhere, *parents])

    version = command("version")
    version.add_argument("--short", action="store_true")
    version.add_argument("--template")
    lint = command("lint", values)
    lint.add_argument("chart", nargs="?", default=".")
    lint.add_argument("--strict", action="store_true")
    template = command("template", values)
    template.add_argument("name")
    template.add_argument("chart")
    template.add_argument("--kube-version")
    template.add_argument("-a", "--api-versions", action="append")
    template.add_argument("-s", "--show-only", action="append")
    command("install", change)
    upgrade = command("upgrade", change)
    upgrade.add_argument("-i", "--install", action="store_true")
    upgrade.add_argument("--reset-values", action="store_true")
    upgrade.add_argument("--reuse-values", action="store_true")
    upgrade.add_argument("--reset-then-reuse-values", action="store_true")
    upgrade.add_argument("--force-conflicts", action="store_true")
    upgrade.add_argument("--history-max", type=int)
    listing = command("list", output)
    listing.add_argument("-A", "--all-namespaces", action="store_true")
    listing.add_argument("-q", "--short", action="store_true")
    listing.add_argument("--filter")
    command("status", output, release, revision)
    getting = command("get", output)
    getting.add_argument("what", choices=["values", "manifest", "notes"])
    getting.add_argument("name")
    getting.add_argument("-a", "--all", action="store_true")
    getting.add_argument("--revision", type=int)
    command("history", output, release).add_argument("--max", type=int, default=256)
    rollback = command("rollback", waiting, release)
    rollback.add_argument("revision", nargs="?", type=int)
    uninstall = command("uninstall", waiting, release)
    uninstall.add_argument("--keep-history", action="store_true")
    uninstall.add_argument("--ignore-not-found", action="store_true")
    return top
