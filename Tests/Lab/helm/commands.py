"""One function for each command of Helm: it asks the engine and prints."""
import os
import re

import helm_python as engine

import shapes
from arguments import refuse
from values import collect


def configuration(given):
    names = ("kube_context", "kube_as_user", "kube_token", "kube_apiserver", "kube_ca_file")
    return engine.Config(
        namespace=namespace(given), kubeconfig_path=getattr(given, "kubeconfig", None),
        storage_driver=os.environ.get("HELM_DRIVER"), **{name: getattr(given, name, None) for name in names})


def namespace(given):
    # The engine does not look into the context: its namespace has to be given.
    return getattr(given, "namespace", None) or os.environ.get("HELM_NAMESPACE") or "default"


def values(given):
    return collect(getattr(given, "values", []))


def version(given, context):
    number = engine.helm_sdk_version()
    if given.template:
        print(given.template.replace("{{.Version}}", number), end="")
    else:
        print(number if given.short else f'version.BuildInfo{{Version:"{number}"}}')


def lint(given, context):
    report = engine.lint(given.chart, values(given), strict=given.strict or None)
    print(f"==> Linting {given.chart}")
    for message in report["messages"]:
        severity = ["UNKNOWN", "INFO", "WARNING", "ERROR"][message["severity"]]
        print(f'[{severity}] {message["path"]}: {message["error"]}')
    if report["errors"]:
        refuse("1 chart(s) linted, 1 chart(s) failed")
    print("\n1 chart(s) linted, 0 chart(s) failed")


def template(given, context):
    # Not through the wrapper's own function, which hides the versions of the cluster to render for.
    config = configuration(given)
    release = render(config, given) if given.kube_version or given.api_versions else config.install(
        given.chart, given.name, values(given), namespace=namespace(given), dry_run="client")
    documents = [text for text in re.split(r"(?m)^---\n", release["manifest"]) if text.strip()]
    if given.show_only:
        documents = [text for text in documents if any(f"/{path}\n" in text for path in given.show_only)]
        if not documents:
            refuse(f"could not find template {given.show_only[0]} in chart")
    print("".join(f"---\n{text.rstrip()}\n" for text in documents), end="")


def render(config, given):
    import json
    from helm_python import _native
    options = {"namespace": namespace(given), "dry_run": "client", "kube_version": given.kube_version,
               "api_versions": given.api_versions}
    return json.loads(_native.call_string(
        "helm_install", config._raw(), _native.HANDLE(0), _native.HANDLE(0), given.chart, given.name,
        json.dumps(values(given)), json.dumps({key: value for key, value in options.items() if value})))


def install(given, context):
    config = configuration(given)
    given.prefix = "INSTALLATION FAILED: "
    report(given, config, create(config, given, context))


def create(config, given, context):
    return config.install(
        given.chart, given.name, values(given), context=context, namespace=namespace(given),
        timeout=given.timeout, wait=given.wait, dry_run=given.dry_run, description=given.description,
        labels=given.labels or None, create_namespace=given.create_namespace, rollback_on_failure=given.rollback_on_failure)


def upgrade(given, context):
    config = configuration(given)
    try:
        is_there = config.status(given.name)["status"] != "uninstalled"
    except engine.HelmNotFoundError:
        is_there = False
    if not is_there and not given.install:
        refuse(f'UPGRADE FAILED: "{given.name}" has no deployed releases')
    if not is_there:
        if given.output == "table":
            print(f'Release "{given.name}" does not exist. Installing it now.')
        return report(given, config, create(config, given, context))
    given.prefix = "UPGRADE FAILED: "
    summary = change(config, given, context)
    if given.output == "table" and not given.dry_run:
        print(f'Release "{given.name}" has been upgraded. Happy Helming!')
    return report(given, config, summary)


def change(config, given, context):
    # Not through the wrapper's own function, which hides what becomes of values and fields of before.
    import json
    from helm_python import _native
    options = {"namespace": namespace(given), "timeout_seconds": given.timeout, "wait": given.wait,
               "dry_run": given.dry_run, "description": given.description, "labels": given.labels, "max_history": given.history_max,
               "reset_values": given.reset_values, "reuse_values": given.reuse_values,
               "reset_then_reuse_values": given.reset_then_reuse_values,
               "force_conflicts": given.force_conflicts, "rollback_on_failure": given.rollback_on_failure}
    return json.loads(_native.call_string(
        "helm_upgrade", config._raw(), context._raw(), _native.HANDLE(0), given.chart, given.name,
        json.dumps(values(given)), json.dumps({key: value for key, value in options.items() if value})))


def report(given, config, summary):
    if given.output == "json":
        return shapes.show(summary if given.dry_run else shapes.release(config.get_all(given.name)))
    shapes.block(summary)
    if given.dry_run:
        print("MANIFEST:\n" + summary["manifest"])


def list(given, context):
    found = configuration(given).list(
        all_states=True, all_namespaces=given.all_namespaces, name_filter=given.filter)
    rows = [shapes.listed(summary) for summary in found]
    if given.short:
        print("".join(row["name"] + "\n" for row in rows), end="")
    elif given.output == "json":
        shapes.show(rows)
    else:
        shapes.table(rows, ["name", "namespace", "revision", "updated", "status", "chart", "app_version"])


def status(given, context):
    config = configuration(given)
    if given.output == "json":
        shapes.show(shapes.release(config.get_all(given.name, revision=given.revision)))
    else:
        shapes.block(config.status(given.name, revision=given.revision))


def get(given, context):
    config = configuration(given)
    if given.what == "values":
        found = config.get_values(given.name, all_values=given.all, revision=given.revision) or None
        if given.output == "table":
            print("COMPUTED VALUES:" if given.all else "USER-SUPPLIED VALUES:")
        shapes.show(found)
    else:
        print(config.status(given.name, revision=given.revision).get(given.what, ""))


def history(given, context):
    config = configuration(given)
    rows = []
    for summary in config.history(given.name)[-given.max:]:
        info = config.get_all(given.name, revision=summary["revision"])["info"]
        rows.append(shapes.revision(summary, info.get("description", "")))
    if given.output == "json":
        shapes.show(rows)
    else:
        shapes.table(rows, ["revision", "updated", "status", "chart", "app_version", "description"])


def rollback(given, context):
    configuration(given).rollback(given.name, version=given.revision, timeout=given.timeout, wait=given.wait)
    print("Rollback was a success! Happy Helming!")


def uninstall(given, context):
    result = configuration(given).uninstall(
        given.name, keep_history=given.keep_history, timeout=given.timeout, wait=given.wait,
        ignore_not_found=given.ignore_not_found)
    if result.get("info"):
        print(result["info"])
    print(f'release "{given.name}" uninstalled')
