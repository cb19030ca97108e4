import MutualTLS

/// Issues certificates into a folder. A set that an interruption left half-way is brought to its end or its start.
struct CertificateIssuer {
    private let workshop: Workshop

    init(_ workshop: Workshop) { self.workshop = workshop }

    func issue(_ order: CertificateOrder, into folder: String) async throws {
        let certificates = CertificateFolder(path: folder)
        // One that was kept, perhaps by an uninstall, still signs: whoever trusts it need not be told of another.
        let authority = try certificates.authority()
        await tell(
            try await certificates.issue(order, by: authority, now: workshop.world.now()), in: folder)
    }

    func issueInner(into folder: String, algorithm: KeyAlgorithm, days: Int) async throws {
        let files = try await CertificateFolder(path: folder).issueInner(
            algorithm: algorithm, days: days, now: workshop.world.now())
        await tell(files, in: folder)
    }

    private func tell(_ files: [CertificateFile], in folder: String) async {
        if files.isEmpty { await workshop.say("All of them are there already") }
        for file in files { await workshop.say("\(folder)/\(file.rawValue)") }
    }
}
