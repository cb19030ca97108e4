import Installer

/// The JSON schema of a line of `--output json`. Tests validate real output; undeclared keys are rejected.
enum OutputSchema {
    typealias Member = JSONSchema.Member

    /// A line type and its meaning.
    struct Line {
        var type: String
        var meaning: String
        var members: [Member]
    }

    static var schema: JSONValue {
        [
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "Output of buildkit-installer",
            "description": "One line of --output json.",
            "oneOf": .array(lines.map(schema)),
        ]
    }

    private static func schema(of line: Line) -> JSONValue {
        let envelope = [
            Member("type", .constant(.string(line.type)), "Type of the line."),
            Member("schemaVersion", .constant(.number(Double(JSONLines.schemaVersion))), "Format version."),
            Member("timestamp", .time, "Time of the event, or of the output."),
        ]
        return JSONSchema.object(envelope + line.members).described(line.meaning).value
    }

    // MARK: The lines

    static let lines: [Line] = [
        Line(
            type: "answer-errors",
            meaning: "Errors in the settings; an empty list if there are none.",
            members: [
                Member(
                    "errors",
                    .list(
                        of: .object([
                            Member("code", .string, "InvalidAnswer."),
                            Member("id", .string, "The setting, named like its flag."),
                            .optional("source", .string, "Source of the value."),
                            Member("message", .string, "The error."),
                            .optional("example", .string, "A valid value."),
                        ])), "All errors.")
            ]),
        Line(
            type: "checks", meaning: "The checks before a run.",
            members: [
                Member(
                    "checks",
                    .list(
                        of: .object([
                            Member("id", .string, "ID of the check."),
                            Member(
                                "category", .one(of: Check.Category.allCases.map(\.rawValue)),
                                "Category of the check."),
                            Member("title", .string, "Title of the check."),
                            Member(
                                "verdict", .one(of: ["ok", "warning", "failed", "skipped", "pending"]),
                                "Result of the check."),
                            .optional("code", .string, "Failure code, if the check did not pass."),
                            Member("message", .string, "Details of the result."),
                            .optional("hint", .string, "How to fix it."),
                        ])), "All checks.")
            ]),
        Line(
            type: "plan", meaning: "The planned changes.",
            members: [
                Member("kind", .one(of: Plan.Kind.allCases.map(\.rawValue)), "Operation of the plan."),
                Member("title", .string, "Title of the plan."),
                Member("installation", .installation, "The installation."),
                Member(
                    "steps",
                    .list(
                        of: .object([
                            Member("id", .string, "ID of the step: stable across runs."),
                            Member("title", .string, "Title of the step."),
                            .optional("command", .string, "Equivalent command line."),
                        ])), "All steps, in order."),
                Member(
                    "changes",
                    .list(
                        of: .object([
                            Member("id", .string, "The setting that changes."),
                            Member("before", .string, "Current value."),
                            Member("after", .string, "New value."),
                        ])), "Differences to the current installation."),
                Member("notes", .list(of: .string), "Notes on the plan."),
                .optional(
                    "answers", .anyObject, "The settings of the installation, as in an answers file."),
            ]),
        Line(
            type: "event", meaning: "Progress of a run.",
            members: [
                Member(
                    "event",
                    .one(of: [
                        "began", "started", "printed", "pods", "finished", "failed", "interrupted",
                        "rolling-back",
                        "rolled-back", "rollback-failed", "ended",
                    ]), "Type of the event."),
                .optional("step", .string, "ID of the step."),
                .optional("text", .string, "One line of tool output."),
                .optional("stream", .one(of: ["output", "error"]), "Output stream of the tool."),
                .optional(
                    "pods", .list(of: .podProgress),
                    "All pods that the step waits for; sent when the state of one changes."),
                .optional("failure", .stepFailure, "The failure."),
            ]),
        Line(
            type: "result", meaning: "Result of the command; the last line.",
            members: [
                Member("outcome", .one(of: ResultLine.Outcome.allCases.map(\.rawValue)), "Outcome."),
                Member("exitStatus", .integer, "Exit status of the program."),
                Member("message", .string, "The outcome as a sentence."),
                .optional("installation", .installation, "The installation."),
                .optional("builder", .string, "The builder registered in docker buildx."),
                .optional("endpoint", .string, "Endpoint that clients connect to."),
                .optional("buildVerified", .boolean, "Whether a test build succeeded."),
                .optional(
                    "certificates",
                    .object([
                        Member("directory", .string, "The directory of the certificates."),
                        .optional("notAfter", .time, "Earliest expiry."),
                    ]), "The certificates on this machine."),
                .optional("rolledBack", .boolean, "Whether changes were rolled back."),
                .optional("failure", .failure, "Reason for the failure or refusal."),
                .optional("rollbackFailures", .list(of: .stepFailure), "Failures during rollback."),
                .optional("notes", .list(of: .string), "Notes."),
                .optional(
                    "next",
                    .list(
                        of: .object([
                            Member("purpose", .string, "Purpose of the command."),
                            Member("command", .string, "The command line."),
                        ])), "Suggested next commands."),
            ]),
        Line(
            type: "certificates", meaning: "Output of rotate --check.",
            members: [
                Member("message", .string, "Summary."),
                Member(
                    "withinDays", .integer, "Certificates that expire within this number of days are due."),
                Member("due", .list(of: .string), "IDs of the certificates that are due."),
                Member("certificates", .list(of: .certificate), "All certificates."),
                Member("diagnostics", .list(of: .diagnostic), "Problems with the certificates."),
            ]),
        Line(
            type: "clients", meaning: "Output of client list.",
            members: [
                Member(
                    "clients",
                    .list(
                        of: .object([
                            Member("name", .string, "Client name."),
                            Member(
                                "role",
                                .one(of: ClientReport.ClientAccess.ids),
                                "Role of the client; unrestricted: roles are disabled; revocation-pending: revoked on "
                                    + "this machine, but not in the cluster yet."),
                            Member(
                                "certificates",
                                .list(
                                    of: .object([
                                        Member("serial", .string, "The serial in hexadecimal."),
                                        Member("fingerprint", .string, "SHA-256 of the certificate."),
                                        Member("notBefore", .time, "Start of validity."),
                                        Member("notAfter", .time, "Expiry."),
                                        Member("daysLeft", .integer, "Whole days until expiry."),
                                        Member("revoked", .boolean, "Whether the certificate is revoked."),
                                        JSONSchema.revocationPending,
                                    ])), "Certificates of the client, newest first."),
                            .optional("directory", .string, "Directory of its files on this machine."),
                            .optional(
                                "lastSeen",
                                .object([
                                    Member("time", .time, "Time of the last connection."),
                                    Member("serial", .string, "Serial of the certificate used."),
                                ]), "Last connection."),
                        ])), "All clients."),
                Member("notes", .list(of: .string), "Notes."),
            ]),
        Line(
            type: "status", meaning: "Output of status.",
            members: [
                Member(
                    "ready", .boolean,
                    "Whether the builder is ready for builds, as observed from this machine."),
                Member("health", .one(of: ["healthy", "unhealthy", "certificates-due"]), "Overall health."),
                Member("message", .string, "Summary."),
                Member("installation", .installation, "The installation."),
                Member("observedAt", .time, "Time of observation."),
                .optional(
                    "release",
                    .object([
                        Member("chart", .string, "Name and version of the chart."),
                        .optional("appVersion", .string, "The version of BuildKit."),
                        Member("status", .string, "Status as reported by Helm."),
                        Member("revision", .integer, "Revision of the release."),
                        .optional(
                            "availableChartVersion", .string,
                            "Newer chart version in this buildkit-installer."),
                        .optional(
                            "availableAppVersion", .string,
                            "Newer BuildKit version in this buildkit-installer."),
                    ]), "The Helm release."),
                Member("pods", .list(of: .pod), "The pods."),
                .optional(
                    "service",
                    .object([
                        Member("type", .string, "Service type."),
                        Member("addresses", .list(of: .string), "External addresses."),
                        .optional("port", .integer, "Service port."),
                        .optional("nodePort", .integer, "Node port."),
                    ]), "The builder's Service."),
                .optional(
                    "endpoint",
                    .object([
                        Member("endpoint", .string, "Endpoint that buildx connects to."),
                        Member("portForwarded", .boolean, "Whether a temporary port-forward was used."),
                        Member("ready", .boolean, "Whether the endpoint accepted the client certificate."),
                        Member("message", .string, "Result of the connection."),
                    ]), "The endpoint, as observed from this machine."),
                Member("certificates", .list(of: .certificate), "All certificates."),
                .optional(
                    "builder",
                    .object([
                        Member("name", .string, "Name of the builder."),
                        Member("endpoint", .string, "Registered endpoint."),
                        Member("current", .boolean, "Whether it is the current buildx builder."),
                        .optional("directory", .string, "Directory of its certificates."),
                    ]), "Builder registration in docker buildx."),
                .optional(
                    "builds",
                    .object([
                        Member("running", .integer, "Active clients."),
                        Member("held", .integer, "Queued requests."),
                    ]), "Running and queued builds."),
                .optional(
                    "cache",
                    .object([
                        .optional(
                            "claimName", .string, "PersistentVolumeClaim; absent if the cache is ephemeral."),
                        .optional("capacity", .string, "Capacity of the volume."),
                        .optional(
                            "usage",
                            .object([
                                Member("used", .integer, "Bytes in use."),
                                Member("free", .integer, "Bytes free."),
                            ]), "Usage of the volume."),
                    ]), "The cache volume."),
                .optional(
                    "sleep",
                    .object([
                        Member("suspended", .boolean, "Whether BuildKit is scaled to zero."),
                        Member("automatic", .boolean, "Whether KEDA scales BuildKit automatically."),
                    ]), "Sleep state."),
                Member("diagnostics", .list(of: .diagnostic), "Problems, most severe first."),
                Member("unknown", .list(of: .failure), "Parts that could not be read."),
            ]),
        Line(
            type: "doctor", meaning: "Output of doctor.",
            members: [
                Member("installation", .installation, "The installation."),
                Member("builder", .string, "The builder."),
                Member("healthy", .boolean, "Whether no problems were found."),
                Member("message", .string, "Summary."),
                Member(
                    "checks",
                    .list(
                        of: .object(
                            [
                                Member("id", .string, "ID of the check."),
                                Member("title", .string, "Title of the check."),
                                Member(
                                    "verdict", .one(of: ["ok", "warning", "broken", "skipped"]),
                                    "Result of the check."),
                            ]
                                + JSONSchema.failureMembers.filter { $0.key != "id" }.map {
                                    Member($0.key, $0.schema, $0.meaning, isRequired: $0.key == "message")
                                })), "All layers, in the order of a build."),
            ]),
        Line(
            type: "support-bundle", meaning: "Output of doctor bundle.",
            members: [
                Member("file", .string, "Path of the bundle."),
                Member(
                    "entries",
                    .list(
                        of: .object([
                            Member("name", .string, "File name."),
                            Member("bytes", .integer, "Size in bytes."),
                        ])), "Files in the bundle."),
            ]),
    ]
}
