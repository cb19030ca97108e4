import MutualTLS

/// Makes new certificates beside those in use, and puts them into their places.
struct CertificateRenewer {
    private let workshop: Workshop

    init(_ workshop: Workshop) { self.workshop = workshop }

    func prepare(_ order: RenewalOrder, in folder: String) async throws {
        let certificates = CertificateFolder(path: folder)
        for file in try await certificates.prepare(order, now: workshop.world.now()) {
            await workshop.say("\(certificates.renewal.path)/\(file)")
        }
    }

    func install(in folder: String) async throws {
        let folders = try CertificateFolder(path: folder).installRenewal()
        if folders.isEmpty { await workshop.say("All of them are in their places already") }
        for part in folders { await workshop.say("\(folder)/\(part)") }
    }
}
