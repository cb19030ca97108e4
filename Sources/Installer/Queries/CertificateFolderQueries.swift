import FoundationEssentials
import MutualTLS

extension CertificatePlan {
    /// What is to be said of the certificates that buildx and Envoy use; nil where there are none yet.
    func inspection(in world: World) async -> Inspection? {
        guard CertificateFile.outer.contains(where: { outer.holds([$0]) }) else { return nil }
        return await outer.inspect(expecting: expectedNames, now: world.now())
    }

    /// What is kept of the authority.
    func authorities() throws -> Facts.Authorities {
        Facts.Authorities(current: try outer.keptAuthority(), former: try outer.keptFormerAuthority())
    }

    /// What is to be said of the clients that were given certificates of their own.
    func clients(in world: World) async throws -> [String: Inspection] {
        var clients: [String: Inspection] = [:]
        for name in try outer.clientNames() {
            clients[name] = await outer.inspect(client: name, now: world.now())
        }
        return clients
    }

    /// The certificates that are not in use yet; nil where there are none.
    func pendingRenewal(in world: World) async throws -> Facts.Renewal? {
        guard let pending = try outer.pendingRenewal() else { return nil }
        let holdsPairs = CertificateFile.outer.contains { outer.renewal.holds([$0]) }
        return Facts.Renewal(
            order: pending.order, serverWaits: outer.serverWaits(of: pending),
            inspection: holdsPairs ? await outer.renewal.inspect(now: world.now()) : Inspection())
    }

    /// SHA-256 of every file there is, by its path.
    var digests: [String: String] {
        var digests: [String: String] = [:]
        for folder in [outer, outer.renewal, inner] {
            for file in CertificateFile.allCases where folder.holds([file]) {
                // A file that cannot be read is found by the inspection; here it is as good as changed.
                digests[folder.path(of: file)] = (try? folder.bytes(of: file)).map(Digest.sha256)
            }
        }
        return digests
    }
}

extension CertificatePlan {
    /// What the installation has left on this machine and is certainly this program's.
    func remains(_ places: Places) throws -> Facts.Remains {
        var remains = Facts.Remains(clientFolder: clientFolder)
        let own = CertificateFolder(path: places.certificates(of: site))
        // A folder that the user names may be anybody's. Where the certificates of the inner hop are in it, too,
        // they were issued here: people who bring their own have none.
        let isIssuedHere = answers.certificates == .issue || answers.certificates == .bake
        let isOurs = outer != own && isIssuedHere && outer.holds(CertificateFile.inner)
        for folder in isOurs ? [own, outer] : [own] {
            let authority = try folder.authorityFiles()
            let others = try folder.certificateFiles()
            if !authority.isEmpty { remains.authority[folder] = authority }
            if !others.isEmpty { remains.certificates[folder] = others }
        }
        let files = FileManager.default
        remains.records = (places.records(of: site) + [places.journal(of: site)]).filter {
            files.fileExists(atPath: $0)
        }
        remains.formerBuilder = files.contents(atPath: places.former(of: site)).flatMap {
            let name = String(decoding: $0, as: UTF8.self).trimmed
            return name.isEmpty ? nil : name
        }
        return remains
    }
}
