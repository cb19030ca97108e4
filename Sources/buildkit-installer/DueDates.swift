import Installer

/// Tells when the certificates end, for people and for whoever renews them by a timer.
struct DueDates {
    /// As many days are soon where nobody says otherwise.
    private static let usual = 30

    let session: Session

    /// - Throws: an exit status of its own where something is due.
    func tell() async throws {
        let answers = try await session.answers(for: .rotate)
        let facts = await Verb.rotate.survey(answers, in: session.world).complete()
        let days = answers.ifDue ?? Self.usual
        let inventory = CertificateInventory(facts, now: facts.lookedAt, soon: days)
        session.reporter.certificates(inventory)
        if !inventory.due(within: days).isEmpty { throw ExitStatus.certificatesDue }
    }
}
