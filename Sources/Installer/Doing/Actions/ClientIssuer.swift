import MutualTLS

/// Issues certificates for clients, and takes them back.
struct ClientIssuer {
    private let workshop: Workshop

    init(_ workshop: Workshop) { self.workshop = workshop }

    func issue(_ order: ClientOrder, into folder: String, replacing serial: String?) async throws {
        let certificates = CertificateFolder(path: folder)
        let issued = try await certificates.issueClient(
            order, replacing: serial, now: workshop.world.now())
        await workshop.say(
            "\(certificates.place(ofClient: order.name)): \(issued.serial), until \(issued.notAfter.day)")
    }

    func withdraw(_ name: String, from folder: String, except kept: [String]) throws {
        try CertificateFolder(path: folder).withdrawClient(name, except: kept)
    }

    func revoke(_ serials: [String], in folder: String) async throws {
        try CertificateFolder(path: folder).revoke(serials, now: workshop.world.now())
        for serial in serials { await workshop.say("\(serial) is on the list") }
    }
}
