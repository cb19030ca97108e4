import FoundationEssentials
import MutualTLS

extension CertificateLayout {
    /// What is to be said of the certificates that buildx and Envoy use; nil where there are none yet.
    func inspection(in dependencies: Dependencies) async -> Inspection? {
        // What an interrupted run has begun to move is no set yet; issuing it once more brings that to its end.
        guard !outer.isHalfWritten, CertificateFile.outer.contains(where: { outer.holds([$0]) }) else {
            return nil
        }
        return await outer.inspect(expecting: expectedNames, now: dependencies.now())
    }

    /// What is kept of the authority.
    func authorities() throws -> Facts.Authorities {
        Facts.Authorities(
            current: try outer.keptAuthority(), former: try outer.keptFormerAuthority(),
            waiting: try outer.renewal.keptAuthority(),
            revocations: try outer.revocationRecords())
    }

    /// What is to be said of the clients that were given certificates of their own.
    func clients(in dependencies: Dependencies) async throws -> [String: Inspection] {
        var clients: [String: Inspection] = [:]
        for name in try outer.clientNames() {
            clients[name] = await outer.inspect(client: name, now: dependencies.now())
        }
        return clients
    }

    /// The certificates that are not in use yet; nil where there are none.
    func pendingRenewal(in dependencies: Dependencies) async throws -> Facts.Renewal? {
        guard let pending = try outer.pendingRenewal() else { return nil }
        let holdsPairs = CertificateFile.outer.contains { outer.renewal.holds([$0]) }
        return Facts.Renewal(
            order: pending.order, serverWaits: outer.serverWaits(of: pending),
            inspection: holdsPairs ? await outer.renewal.inspect(now: dependencies.now()) : Inspection())
    }

    /// SHA-256 of every file there is, by its path.
    var digests: [String: String] {
        var digests: [String: String] = [:]
        for folder in [outer, outer.renewal, inner] {
            for file in CertificateFile.allCases where folder.holds([file]) {
                // A file that cannot be read is found by the inspection; here it is as good as changed.
                digests[folder.path(of: file)] = (try? folder.bytes(of: file)).map(Digest.ofPEM)
            }
        }
        return digests
    }
}

extension CertificateLayout {
    /// What the installation has left on this machine and is certainly this program's.
    func localState(_ places: InstallerPaths) throws -> Facts.LocalState {
        var localState = Facts.LocalState(clientFolder: clientFolder)
        let own = CertificateFolder(path: places.certificates(of: installation))
        // A folder that the user names may be anybody's. Where the certificates of the inner hop are in it, too,
        // they were issued here: people who bring their own have none.
        let isIssuedHere = answers.certificates == .issue || answers.certificates == .bake
        let isOurs = outer != own && isIssuedHere && outer.holds(CertificateFile.inner)
        for folder in isOurs ? [own, outer] : [own] {
            let authority = try folder.ownAuthorityFiles()
            if folder.holdsBroughtAuthority { localState.broughtAuthorities.append(folder.path) }
            let others = try folder.certificateFiles()
            if !authority.isEmpty { localState.authority[folder] = authority }
            if !others.isEmpty { localState.certificates[folder] = others }
        }
        let files = FileManager.default
        localState.records = (places.records(of: installation) + [places.journal(of: installation)]).filter {
            files.fileExists(atPath: $0)
        }
        localState.formerBuilder = files.contents(atPath: places.former(of: installation)).flatMap {
            let name = String(decoding: $0, as: UTF8.self).trimmed
            return name.isEmpty ? nil : name
        }
        return localState
    }
}
