import MutualTLS

// The questions about one client.

extension Field {
    public static let name = Field(
        "name", "Name", .text, at: \.name, .clientName.orEmpty(),
        help: "The client: a person, a machine or a job. `client add NAME` is the same.", whenEmpty: "none")

    public static let role = Field(
        "role", "Role",
        .choice([
            Option(value: "builder", help: "may build"),
            Option(value: "admin", help: "may also prune, and see and change the history of builds"),
        ]),
        at: \.role, Rule<ClientRole>.choice.orNone(),
        help: "What the client may do. The first role that is given puts roles in force for all.",
        whenEmpty: "the one it has; else builder, where roles are in force")

    public static let bundle = Field(
        "bundle", "Bundle", .path, at: \.bundle, .line(example: "alice.tar"),
        help:
            "A folder or a file.tar to be made with all that the client needs. It holds a key: hand it over safely.",
        whenEmpty: "none")

    public static let serial = Field(
        "serial", "Serials", .list, at: \.serials, Rule<String>.serial.list(limit: 100),
        help: "Certificates to revoke by their serials, whoever has them.",
        whenEmpty: "all of the client that is named")

    public static let now = Field(
        "now", "Now", .toggle, at: \.now, .toggle,
        help: "End builds that run, too. The proxies are replaced for that: everybody's builds end.")
}

extension Rule where Value == String {
    /// The name of a client.
    static let clientName = Rule(example: "alice", print: { $0 }) { text throws(Refusal) in
        do throws(NameProblem) { try ClientName.check(text) } catch {
            throw Refusal(error.message, example: error.example)
        }
        return text
    }

    /// A certificate's serial, as this program, openssl or a browser prints it.
    static let serial = Rule(example: "5f0c1d2e3a4b", print: { $0 }) { text throws(Refusal) in
        let digits = text.lowercased().filter { $0 != ":" }
        guard (1...64).contains(digits.count), digits.allSatisfy({ $0.isASCII && $0.isHexDigit }) else {
            throw Refusal(
                "'\(text)' is not a serial: it is made of hexadecimal digits", example: "5f0c1d2e3a4b")
        }
        // Certificates have whole bytes.
        return digits.count % 2 == 0 ? digits : "0" + digits
    }
}
