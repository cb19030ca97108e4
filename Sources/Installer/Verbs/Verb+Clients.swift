extension Verb {
    /// A certificate of its own for a client, with a role.
    public static let addClient = client(
        "client add", "Add a client", "a certificate of its own for a person or a machine",
        [.client], Checks.addClient, headline: { "\($0.name) may build" }, Plan.addClient)

    /// A new certificate before the old one ends.
    public static let renewClient = client(
        "client renew", "Renew a client", "a new certificate before the old one ends", [.client],
        Checks.renewClient, headline: { "\($0.name) has a new certificate" }, Plan.renewClient)

    /// A laptop was lost.
    public static let revokeClient = client(
        "client revoke", "Revoke a client", "nobody lets it in any more", [.client, .revocation],
        Checks.revokeClient,
        headline: {
            "\($0.serials.isEmpty ? $0.name : $0.serials.joined(separator: ", ")) is not let in any more"
        }, Plan.revokeClient)

    private static func client(
        _ id: ID, _ title: String, _ meaning: String, _ forms: [Form], _ checks: [Check],
        headline: @escaping @Sendable (Answers) -> String,
        _ planner: @escaping @Sendable (Answers, Facts, Places, _ home: String) -> Plan
    ) -> Verb {
        Verb(
            id: id, title: title, meaning: meaning, forms: forms + [.approach], checks: checks,
            report: SummaryWords(
                subject: "change of the client",
                outcome: { run in
                    run.plan.steps.isEmpty
                        ? (.unchanged, "Nothing had to be changed") : (.changed, "It is as you asked")
                },
                headline: headline,
                next: { answers, _ in
                    [NextCommand("See all clients", "buildkit-installer client list")]
                        + (answers.bundle.hasSuffix(".tar")
                            ? [
                                NextCommand(
                                    "On the client's machine",
                                    "tar -xf \(answers.bundle.split(separator: "/").last ?? "") && "
                                        + "sh \(answers.name)/create-builder.sh")
                            ] : [])
                }),
            planner: planner)
    }
}
