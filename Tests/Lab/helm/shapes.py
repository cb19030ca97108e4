"""How Helm 4 shows what its engine knows."""
import json


def show(value):
    print(json.dumps(value, separators=(",", ":")))


def release(full):
    """The object of `status`, `install` and `upgrade`."""
    summary = full["summary"]
    info = {**full["info"], "status": summary["status"], "notes": summary.get("notes", "")}
    return {"name": summary["name"], "info": info, "config": full.get("config") or {},
            "manifest": summary.get("manifest", ""), "version": summary["revision"],
            "namespace": summary["namespace"]}


def listed(summary):
    """A row of `list`, where the revision is a string."""
    return {"name": summary["name"], "namespace": summary["namespace"], "revision": str(summary["revision"]),
            "updated": summary.get("deployed_at", ""), "status": summary["status"],
            "chart": chart(summary), "app_version": summary.get("app_version", "")}


def revision(summary, description):
    """A row of `history`, where the revision is a number."""
    return {"revision": summary["revision"], "updated": summary.get("deployed_at", ""),
            "status": summary["status"], "chart": chart(summary),
            "app_version": summary.get("app_version", ""), "description": description}


def chart(summary):
    return f'{summary["chart_name"]}-{summary["chart_version"]}'


def table(rows, columns):
    print("\t".join(column.upper().replace("_", " ") for column in columns))
    for row in rows:
        print("\t".join(str(row[column]) for column in columns))


def block(summary):
    print(f'NAME: {summary["name"]}\nLAST DEPLOYED: {summary.get("deployed_at", "")}')
    print(f'NAMESPACE: {summary["namespace"]}\nSTATUS: {summary["status"]}\nREVISION: {summary["revision"]}')
    if summary.get("notes"):
        print("NOTES:\n" + summary["notes"])
