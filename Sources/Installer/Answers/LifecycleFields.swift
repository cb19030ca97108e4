import MutualTLS

// The questions about one client.

extension Field {
    public static let name = Field(
        "name", "Name", .text, at: \.name, .clientName.orEmpty(),
        help: "The client: a person, a machine or a job.", emptyMeaning: "none"
    )

    public static let role = Field(
        "role", "Role",
        .choice([
            Option(value: "builder", help: "may build"),
            Option(value: "admin", help: "may also prune, and see and change the history of builds"),
        ]),
        at: \.role, ValueFormat<ClientRole>.choice.orNone(),
        help: "What the client may do. The first role that is given puts roles in force for all.",
        emptyMeaning: "the one it has; else builder, where roles are in force")

    public static let bundle = Field(
        "bundle", "Bundle", .path, at: \.bundle, .line(example: "alice.tar"),
        help:
            "A folder or a file.tar to be made with all that the client needs. It holds a key: hand it over safely.",
        emptyMeaning: "none")

    public static let serial = Field(
        "serial", "Serials", .list, at: \.serials, ValueFormat<String>.serial.list(limit: 100),
        help: "Certificates to revoke by their serials, whoever has them.",
        emptyMeaning: "all of the client that is named")

    public static let now = Field(
        "now", "Now", .toggle, at: \.now, .toggle,
        help: "End builds that run, too. The proxies are replaced for that: everybody's builds end.")
}

extension ValueFormat where Value == String {
    /// The name of a client.
    static let clientName = ValueFormat(example: "alice", print: { $0 }) { text throws(FormatError) in
        do throws(NameError) { try ClientName.check(text) } catch {
            throw FormatError(error.message, example: error.example)
        }
        return text
    }

    /// A certificate's serial, as this program, openssl or a browser prints it.
    static let serial = ValueFormat(example: "5f0c1d2e3a4b", print: { $0 }) { text throws(FormatError) in
        let digits = text.lowercased().filter { $0 != ":" }
        guard (1...64).contains(digits.count), digits.allSatisfy({ $0.isASCII && $0.isHexDigit }) else {
            throw FormatError(
                "'\(text)' is not a serial: it is made of hexadecimal digits", example: "5f0c1d2e3a4b")
        }
        // Certificates have whole bytes.
        return digits.count % 2 == 0 ? digits : "0" + digits
    }
}

// The questions of an uninstall.

extension Field {
    public static let remove = Field(
        "remove", "Remove",
        .choices(RemovablePart.allCases.map { Option(value: $0.rawValue, help: $0.meaning) }),
        at: \.remove, ValueFormat<RemovablePart>.choice.list(limit: RemovablePart.allCases.count),
        help: "What goes.",
        emptyMeaning: "nothing")

    public static let confirm = Field(
        "confirm", "Release's name", .text, at: \.confirm, .line(example: "buildkit"),
        help: "The release's name once more: what is chosen holds data that nobody can bring back.",
        emptyMeaning: "no data goes",
        unless: { $0.remove.contains(where: \.isIrrecoverable) ? nil : "no data is to be removed" })

    public static let force = Field(
        "force", "Force", .toggle, at: \.force, .toggle,
        help:
            "Neither wait nor keep anybody: builds that run are broken off, a release that another Helm has locked goes, "
            + "and clients with an authority that is dropped are locked out.")
}

// The questions of a rotation.

extension Field {
    public static let renew = Field(
        "renew", "Renew",
        .choice([
            Option(
                value: "certificates",
                help: "the server's and the clients' certificates, by the authority that is there"),
            Option(
                value: "authority",
                help:
                    "a new authority too; the one before stays trusted while clients elsewhere have only that"
            ),
            Option(value: "finish", help: "trust the authority before the last no longer"),
            Option(
                value: "inner",
                help: "the hop from Envoy to BuildKit, which restarts once no build runs"),
        ]),
        at: \.renew, .choice, help: "What is made anew.")

    public static let ifDue = Field(
        "if-due", "Only if due", .text, at: \.ifDue, ValueFormat<Int>.days.orNone(),
        help: "Renew only what ends within so many days.", emptyMeaning: "renew it however long it lasts",
        unless: { $0.renew == .certificates ? nil : "it is about certificates" })
}

extension ValueFormat where Value == Int {
    /// A number of days: `30d`, or `30`.
    fileprivate static let days = ValueFormat(example: "30d", print: { "\($0)d" }) {
        text throws(FormatError) in
        let digits = text.hasSuffix("d") ? text.dropLast() : text[...]
        guard let days = Int(digits), (0...36500).contains(days), digits.allSatisfy(\.isASCII) else {
            throw FormatError("'\(text)' is no number of days", example: "30d")
        }
        return days
    }
}
