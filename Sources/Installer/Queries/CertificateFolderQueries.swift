import FoundationEssentials
import MutualTLS

extension CertificateLayout {
    /// The findings on the certificates that buildx and Envoy use; nil where there are none yet.
    func inspection(in dependencies: Dependencies) async -> Inspection? {
        // A set that an interrupted run has partly moved is incomplete; issuing again completes it.
        guard !outer.isHalfWritten, CertificateFile.outer.contains(where: { outer.holds([$0]) }) else {
            return nil
        }
        return await outer.inspect(expecting: expectedNames, now: dependencies.now())
    }

    /// The CAs in the folder.
    func authorities() throws -> Facts.Authorities {
        Facts.Authorities(
            current: try outer.keptAuthority(), former: try outer.keptFormerAuthority(),
            waiting: try outer.renewal.keptAuthority(),
            revocations: try outer.revocationRecords(), offered: outer.trustedAuthorities(),
            incomplete: outer.incompleteAuthority().map { InstallerError($0) })
    }

    /// The findings on the clients with certificates of their own.
    func clients(in dependencies: Dependencies) async throws -> [String: Inspection] {
        var clients: [String: Inspection] = [:]
        for name in try outer.clientNames() {
            clients[name] = await outer.inspect(client: name, now: dependencies.now())
        }
        return clients
    }

    /// The pending renewal; nil where there is none.
    func pendingRenewal(in dependencies: Dependencies) async throws -> Facts.Renewal? {
        if let pending = try await pendingRenewal(of: outer, dependencies) { return pending }
        return inner == outer ? nil : try await pendingRenewal(of: inner, dependencies)
    }

    private func pendingRenewal(
        of folder: CertificateFolder, _ dependencies: Dependencies
    ) async throws -> Facts.Renewal? {
        guard let pending = try folder.pendingRenewal() else { return nil }
        let holdsPairs = CertificateFile.outer.contains { folder.renewal.holds([$0]) }
        return Facts.Renewal(
            order: pending.order, serverWaits: folder.serverWaits(of: pending),
            inspection: holdsPairs ? await folder.renewal.inspect(now: dependencies.now()) : Inspection(),
            files: Self.files(of: pending.order.change, in: folder.renewal))
    }

    /// SHA-256 of every existing file, by its path.
    var digests: [String: String] {
        var digests: [String: String] = [:]
        for folder in Set([outer, outer.renewal, inner, inner.renewal]) {
            for file in CertificateFile.allCases where folder.holds([file]) {
                // The inspection reports an unreadable file; here it counts as changed.
                digests[folder.path(of: file)] = (try? folder.bytes(of: file)).map(Digest.ofPEM)
            }
        }
        return digests
    }
}

extension Dependencies {
    /// Whether a rotation may replace the internal certificates: an interrupted renewal of them is continued whatever is asked
    /// for. Where it is unknown, it may.
    func mayRenewInner(_ answers: Answers) -> Bool {
        guard answers.renew != .inner else { return true }
        var answers = answers
        if answers.context.isEmpty { answers.context = Kubeconfig(in: self).currentContext ?? "" }
        // Only kubectl knows the context, which determines the directory.
        guard !answers.context.isEmpty else { return true }
        let layout = CertificateLayout(
            answers, installation: answers.installation, places: places, home: home)
        return [layout.outer, layout.inner].contains { folder in
            do { return try folder.pendingRenewal()?.order.change == .inner } catch { return true }
        }
    }
}

extension CertificateLayout {
    /// The files of the installation on this machine that certainly belong to this program.
    /// - Parameter others: the other installations of this machine. A folder that one of them uses, too, is kept.
    func localState(_ places: InstallerPaths, beside others: [KnownInstallation]) throws -> Facts.LocalState {
        var localState = Facts.LocalState(clientFolder: clientFolder)
        let own = CertificateFolder(path: places.certificates(of: installation))
        let isNamed = outer.path.canonicalPath != own.path.canonicalPath
        let isIssuedHere = answers.certificates == .issue || answers.certificates == .bake
        for folder in isNamed && isIssuedHere ? [own, outer] : [own] {
            let authority = try folder.ownAuthorityFiles()
            let certificates = try folder.certificateFiles()
            if let other = others.first(where: { $0.mayUse(folder) }) {
                if !certificates.isEmpty { localState.sharedCertificates[folder] = other }
                if !authority.isEmpty || folder.holdsBroughtAuthority {
                    localState.sharedAuthorities[folder] = other
                }
                continue
            }
            // A folder that the user names may contain files of others. Where it also has the certificates of the inner
            // hop, they were issued here: user-supplied folders have none. A CA that was created here has a mark.
            let isOurs = folder == own || folder.holds(CertificateFile.inner)
            if isOurs, !certificates.isEmpty { localState.certificates[folder] = certificates }
            guard isOurs || AuthorityMark(folder).isThere else { continue }
            if folder.holdsBroughtAuthority { localState.broughtAuthorities.append(folder.path) }
            if !authority.isEmpty { localState.authority[folder] = authority }
        }
        let files = FileManager.default
        localState.records = (places.records(of: installation) + [places.journal(of: installation)]).filter {
            files.fileExists(atPath: $0)
        }
        localState.formerBuilder = (try? Data(ofFile: places.former(of: installation))).flatMap {
            let name = String(decoding: $0, as: UTF8.self).trimmed
            return name.isEmpty ? nil : name
        }
        return localState
    }
}
