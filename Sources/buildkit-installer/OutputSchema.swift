import Installer

/// The form of a line of `--output json` as a JSON schema. Tests put real output before a validator, and nothing that
/// is not named here passes.
enum OutputSchema {
    typealias Member = JSONSchema.Member

    /// A line, and what it is for.
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
            Member("type", .constant(.string(line.type)), "What the line is."),
            Member(
                "schemaVersion", .constant(.number(Double(JSONLines.schemaVersion))),
                "Raised by a change that readers must know of."),
            Member("timestamp", .time, "When it was written, or happened."),
        ]
        return JSONSchema.object(envelope + line.members).described(line.meaning).value
    }

    // MARK: The lines

    static let lines: [Line] = [
        Line(
            type: "answer-errors",
            meaning: "What is wrong with the settings; an empty list where nothing is.",
            members: [
                Member(
                    "errors",
                    .list(
                        of: .object([
                            Member("code", .string, "InvalidAnswer."),
                            Member("id", .string, "The setting, by the name of its flag."),
                            .optional("source", .string, "Where the value came from."),
                            Member("message", .string, "What is wrong."),
                            .optional("example", .string, "A value that would be accepted."),
                        ])), "Each error.")
            ]),
        Line(
            type: "checks", meaning: "The checks before a run.",
            members: [
                Member(
                    "checks",
                    .list(
                        of: .object([
                            Member("id", .string, "The check."),
                            Member(
                                "category", .one(of: Check.Category.allCases.map(\.rawValue)),
                                "What it is about."),
                            Member("title", .string, "The check in words."),
                            Member(
                                "verdict", .one(of: ["ok", "warning", "failed", "skipped", "looking"]),
                                "How it ended."),
                            .optional("code", .string, "The kind of trouble, where there is any."),
                            Member("message", .string, "What was seen."),
                            .optional("hint", .string, "What to do."),
                        ])), "Each check.")
            ]),
        Line(
            type: "plan", meaning: "What would be done, or will be.",
            members: [
                Member("kind", .one(of: Plan.Kind.allCases.map(\.rawValue)), "What the plan is for."),
                Member("title", .string, "The plan in words."),
                Member("installation", .installation, "The installation."),
                Member(
                    "steps",
                    .list(
                        of: .object([
                            Member("id", .string, "The step: stable across runs."),
                            Member("title", .string, "The step in words."),
                            .optional("command", .string, "The command line that does it."),
                        ])), "Each step, in order."),
                Member(
                    "changes",
                    .list(
                        of: .object([
                            Member("id", .string, "What changes."),
                            Member("before", .string, "How it is."),
                            Member("after", .string, "How it will be."),
                        ])), "What becomes different."),
                Member("notes", .list(of: .string), "What to know before agreeing."),
                .optional(
                    "answers", .anyObject, "The settings of the installation, as in an answers file."),
            ]),
        Line(
            type: "event", meaning: "Something that happened in a run.",
            members: [
                Member(
                    "event",
                    .one(of: [
                        "began", "started", "printed", "finished", "failed", "interrupted", "rolling-back",
                        "rolled-back", "rollback-failed", "ended",
                    ]), "What happened."),
                .optional("step", .string, "The step."),
                .optional("text", .string, "A line that a tool printed."),
                .optional("stream", .one(of: ["output", "error"]), "Where the tool printed it."),
                .optional("failure", .failure, "Why it failed."),
            ]),
        Line(
            type: "result", meaning: "What came of the command; the last line.",
            members: [
                Member("outcome", .one(of: ResultLine.Outcome.allCases.map(\.rawValue)), "How it ended."),
                Member("exitStatus", .integer, "The exit status of the program."),
                Member("message", .string, "The outcome as a sentence."),
                .optional("installation", .installation, "The installation."),
                .optional("builder", .string, "The builder of docker buildx."),
                .optional("buildVerified", .boolean, "Whether a real build went through the builder."),
                .optional(
                    "certificates",
                    .object([
                        Member("directory", .string, "The directory of the certificates."),
                        .optional("notAfter", .time, "When the first of them expires."),
                    ]), "The certificates on this machine."),
                .optional("rolledBack", .boolean, "Whether what was done was rolled back."),
                .optional("failure", .failure, "Why it failed or was refused."),
                .optional("rollbackFailures", .list(of: .failure), "What could not be rolled back."),
                .optional("notes", .list(of: .string), "What to know besides."),
                .optional(
                    "next",
                    .list(
                        of: .object([
                            Member("purpose", .string, "What it is for."),
                            Member("command", .string, "The command line."),
                        ])), "What to type next."),
            ]),
        Line(
            type: "certificates", meaning: "The answer of rotate --check.",
            members: [
                Member("message", .string, "The verdict as a sentence."),
                Member("withinDays", .integer, "With so many days left, or fewer, a certificate is due."),
                Member("due", .list(of: .string), "The certificates that are due, by their id."),
                Member("certificates", .list(of: .certificate), "Every certificate."),
                Member("diagnostics", .list(of: .diagnostic), "What is wrong with them."),
            ]),
        Line(
            type: "clients", meaning: "The answer of client list.",
            members: [
                Member(
                    "clients",
                    .list(
                        of: .object([
                            Member("name", .string, "The client."),
                            Member(
                                "role", .one(of: ["builder", "admin", "unrestricted", "none", "unknown"]),
                                "What it may do; unrestricted: roles are disabled."),
                            Member(
                                "certificates",
                                .list(
                                    of: .object([
                                        Member("serial", .string, "The serial in hexadecimal."),
                                        Member("fingerprint", .string, "SHA-256 of the certificate."),
                                        Member("notBefore", .time, "When it begins to be valid."),
                                        Member("notAfter", .time, "When it expires."),
                                        Member("daysLeft", .integer, "Whole days until it expires."),
                                        Member("revoked", .boolean, "Whether it is revoked."),
                                    ])), "Its certificates, the newest first."),
                            .optional("directory", .string, "The directory of its files on this machine."),
                            .optional(
                                "lastSeen",
                                .object([
                                    Member("time", .time, "When it last connected."),
                                    Member("serial", .string, "The certificate that it showed."),
                                ]), "Its last connection."),
                        ])), "Each client."),
                Member("notes", .list(of: .string), "What to know besides."),
            ]),
        Line(
            type: "status", meaning: "The answer of status.",
            members: [
                Member("ready", .boolean, "Whether builds can go through, as far as was seen."),
                Member("health", .one(of: ["healthy", "unhealthy", "certificates-due"]), "The verdict."),
                Member("message", .string, "The verdict as a sentence."),
                Member("installation", .installation, "The installation."),
                Member("observedAt", .time, "When it was observed."),
                .optional(
                    "release",
                    .object([
                        Member("chart", .string, "Name and version of the chart."),
                        .optional("appVersion", .string, "The version of BuildKit."),
                        Member("status", .string, "As Helm calls it."),
                        Member("revision", .integer, "The revision."),
                        .optional("availableChartVersion", .string, "A newer chart in this program."),
                        .optional("availableAppVersion", .string, "A newer BuildKit in this program."),
                    ]), "The Helm release."),
                Member(
                    "pods",
                    .list(
                        of: .object([
                            Member("name", .string, "The pod."),
                            Member("ready", .boolean, "Whether it is ready."),
                            .optional("node", .string, "Its node."),
                            .optional("message", .string, "Why it is not ready."),
                            .optional("lastEvent", .string, "The last event about it."),
                            Member("logs", .list(of: .string), "Its last lines, if it is not ready."),
                        ])), "The pods."),
                .optional(
                    "service",
                    .object([
                        Member("type", .string, "The Service's type."),
                        Member("addresses", .list(of: .string), "Its external addresses."),
                        .optional("port", .integer, "Its port."),
                        .optional("nodePort", .integer, "Its port on every node."),
                    ]), "The builder's Service."),
                .optional(
                    "endpoint",
                    .object([
                        Member("endpoint", .string, "What buildx dials."),
                        Member("portForwarded", .boolean, "Whether a port was forwarded for the look."),
                        Member("ready", .boolean, "Whether it accepted the client's certificate."),
                        Member("message", .string, "What was seen."),
                    ]), "What a client sees."),
                Member("certificates", .list(of: .certificate), "Every certificate."),
                .optional(
                    "builder",
                    .object([
                        Member("name", .string, "The builder of docker buildx."),
                        Member("endpoint", .string, "What it dials."),
                        Member("current", .boolean, "Whether it is the default builder."),
                        .optional("directory", .string, "The directory of its certificates."),
                    ]), "What docker buildx has registered."),
                .optional(
                    "builds",
                    .object([
                        Member("running", .integer, "Active clients."),
                        Member("held", .integer, "Queued requests."),
                    ]), "The builds."),
                .optional(
                    "cache",
                    .object([
                        .optional("claimName", .string, "The PersistentVolumeClaim; none: ephemeral."),
                        .optional("capacity", .string, "Its size."),
                        .optional(
                            "usage",
                            .object([
                                Member("used", .integer, "Bytes in use."),
                                Member("free", .integer, "Bytes free."),
                            ]), "How full it is."),
                    ]), "The cache volume."),
                .optional(
                    "sleep",
                    .object([
                        Member("suspended", .boolean, "Whether BuildKit is scaled to zero."),
                        Member("automatic", .boolean, "Whether it is scaled by the number of builds."),
                    ]), "Whether it sleeps."),
                Member("diagnostics", .list(of: .diagnostic), "What is wrong, the worst first."),
                Member("unknown", .list(of: .failure), "What could not be observed."),
            ]),
        Line(
            type: "doctor", meaning: "The answer of doctor.",
            members: [
                Member("installation", .installation, "The installation."),
                Member("builder", .string, "The builder."),
                Member("healthy", .boolean, "Whether no problem was found."),
                Member("message", .string, "The verdict as a sentence."),
                Member(
                    "checks",
                    .list(
                        of: .object(
                            [
                                Member("id", .string, "The check."),
                                Member("title", .string, "The check in words."),
                                Member(
                                    "verdict", .one(of: ["ok", "warning", "broken", "skipped"]),
                                    "How it ended."),
                            ]
                                + JSONSchema.failureMembers.filter { $0.key != "id" }.map {
                                    Member($0.key, $0.schema, $0.meaning, isRequired: $0.key == "message")
                                })), "Each layer, in the order of a build."),
            ]),
        Line(
            type: "support-bundle", meaning: "The answer of doctor bundle.",
            members: [
                Member("file", .string, "The file that was written."),
                Member(
                    "entries",
                    .list(
                        of: .object([
                            Member("name", .string, "A file in it."), Member("bytes", .integer, "Its size."),
                        ])), "What it holds."),
            ]),
    ]
}
