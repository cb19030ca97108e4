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
        "if-due", "Only if due", .text, at: \.ifDue, Rule<Int>.days.orNone(),
        help: "Renew only what ends within so many days.", whenEmpty: "renew it however long it lasts",
        unless: { $0.renew == .certificates ? nil : "it is about certificates" })
}

extension Rule where Value == Int {
    /// A number of days: `30d`, or `30`.
    fileprivate static let days = Rule(example: "30d", print: { "\($0)d" }) { text throws(Refusal) in
        let digits = text.hasSuffix("d") ? text.dropLast() : text[...]
        guard let days = Int(digits), (0...36500).contains(days), digits.allSatisfy(\.isASCII) else {
            throw Refusal("'\(text)' is no number of days", example: "30d")
        }
        return days
    }
}
