import MutualTLS

// The questions about one client.

extension Field {
    public static let name = Field(
        "name", "Name", .text, at: \.name, .clientName.orEmpty(),
        help: "Client name: a person, a machine or a job.",
        emptyMeaning: "none (required, except to revoke by serial number)")

    public static let role = Field(
        "role", "Role",
        .choice([
            Option(value: "builder", help: "run builds"),
            Option(value: "admin", help: "run builds, prune, edit history"),
        ]),
        at: \.role, ValueFormat<ClientRole>.choice.orNone(),
        help:
            "Role of the client. Without roles every client is an admin; the first role enables them for all clients.",
        emptyMeaning: "unchanged; with roles, builder for a new client")

    public static let bundle = Field(
        "bundle", "Bundle", .path, at: \.bundle, .line(example: "alice.tar"),
        help:
            "Write a client bundle (directory, .tar or .tar.gz). It contains a private key.",
        emptyMeaning: "none")

    public static let serial = Field(
        "serial", "Serials", .list, at: \.serials, ValueFormat<String>.serial.list(limit: 100),
        help: "Revoke certificates by serial number.",
        emptyMeaning: "all certificates of the named client")

    public static let now = Field(
        "now", "Close connections", .toggle, at: \.now, .toggle,
        help: "Close active connections now (replaces the Envoy pods; interrupts ALL builds).")
}

extension ValueFormat where Value == String {
    /// The name of a client.
    static let clientName = ValueFormat(example: "alice", print: { $0 }) { text throws(FormatError) in
        do throws(NameError) { try ClientName.check(text) } catch {
            throw FormatError(error.message, example: error.example)
        }
        return text
    }

    /// A certificate's serial number, as this program, openssl or a browser prints it.
    static let serial = ValueFormat(example: "5f0c1d2e3a4b", print: { $0 }) { text throws(FormatError) in
        let digits = text.lowercased().filter { $0 != ":" }
        guard (1...64).contains(digits.count), digits.allSatisfy({ $0.isASCII && $0.isHexDigit }) else {
            throw FormatError(
                "'\(text)' is not a serial number (hexadecimal digits)", example: "5f0c1d2e3a4b")
        }
        // A serial number in a certificate consists of whole bytes.
        return digits.count % 2 == 0 ? digits : "0" + digits
    }
}

// The questions of an uninstall, and the consent that it shares with other commands.

extension Field {
    public static let remove = Field(
        "remove", "Remove",
        .choices(RemovablePart.allCases.map { Option(value: $0.rawValue, help: $0.meaning) }),
        at: \.remove, ValueFormat<RemovablePart>.choice.list(limit: RemovablePart.allCases.count),
        help: "Components to remove. cache, authority and foreign-secrets cannot be restored.",
        emptyMeaning: "nothing")

    public static let confirm = Field(
        "confirm", "Release name", .text, at: \.confirm, .line(example: "buildkit"),
        help: "Type the release name to confirm: this deletes data permanently.",
        emptyMeaning: "not confirmed; the removal of data is refused",
        unless: { $0.remove.contains(where: \.isIrrecoverable) ? nil : "no data is selected for removal" })

    public static let force = Field(
        "force", "Force", .toggle, at: \.force, .toggle,
        help:
            "Uninstall: cancel running builds, remove even a locked Helm release, and clean up this machine even if the "
            + "cluster does not respond. Rotate: drop the old CA even if clients still use it. Sleep: scale down even if "
            + "builds are running, queued or cannot be counted; running builds finish first.")
}

// The questions of a rotation.

extension Field {
    public static let renew = Field(
        "renew", "Renew",
        .choice([
            Option(value: "certificates", help: "server and client certificates"),
            Option(value: "authority", help: "new CA; the old one stays trusted"),
            Option(value: "finish", help: "stop trusting the old CA"),
            Option(value: "inner", help: "internal mTLS (Envoy to BuildKit)"),
        ]),
        at: \.renew, .choice,
        help:
            "What to renew. A new CA takes two phases: authority, then finish once all clients have new certificates. "
            + "inner restarts BuildKit when idle.")

    public static let ifDue = Field(
        "if-due", "Only if due", .text, at: \.ifDue, ValueFormat<Int>.days.orNone(),
        help: "Renew only if a server or client certificate expires within N days.",
        emptyMeaning: "always renew",
        unless: { $0.renew == .certificates ? nil : "only used with renew certificates" })
}

extension ValueFormat where Value == Int {
    /// A number of days: `30d`, or `30`.
    fileprivate static let days = ValueFormat(example: "30d", print: { "\($0)d" }) {
        text throws(FormatError) in
        let digits = text.hasSuffix("d") ? text.dropLast() : text[...]
        guard let days = Int(digits), (0...36500).contains(days), digits.allSatisfy(\.isASCII) else {
            throw FormatError("'\(text)' is not a number of days", example: "30d")
        }
        return days
    }
}
