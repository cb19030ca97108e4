extension Action {
    /// Does what the action says. Each case is done in one place.
    func perform(in workshop: Workshop) async throws {
        switch self {
        case .run(let command) where command.tool == .helm: try await ReleaseRunner(workshop).run(command)
        case .run(let command): try await workshop.run(command)
        case .issueCertificates(let order, let folder):
            try await CertificateIssuer(workshop).issue(order, into: folder)
        case .bakeCertificates(let command, let folder):
            try await CertificateBaker(workshop).bake(command, into: folder)
        case .issueInner(let folder, let algorithm, let days):
            try await CertificateIssuer(workshop).issueInner(into: folder, algorithm: algorithm, days: days)
        case .saveClient(let folder, let secret): try await ClientSaver(workshop).save(secret, into: folder)
        case .applySecret(let recipe): try await SecretWriter(workshop).apply(recipe)
        case .restoreSecret(let name): try await SecretWriter(workshop).restore(name)
        case .nudgeProxies(let site): try await ProxyNudge(workshop).nudge(site)
        case .awaitUptake(let uptake): try await UptakeWait(workshop).wait(for: uptake)
        case .issueClient(let order, let folder, let serial):
            try await ClientIssuer(workshop).issue(order, into: folder, replacing: serial)
        case .withdrawClient(let name, let folder, let kept):
            try ClientIssuer(workshop).withdraw(name, from: folder, except: kept)
        case .revoke(let serials, let folder): try await ClientIssuer(workshop).revoke(serials, in: folder)
        case .watchClient(let look): try await ClientWatch(workshop).watch(look)
        case .writeBundle(let bundle): try await BundleWriter(workshop).write(bundle)
        case .unpackChart(let folder): try ChartUnpacker(workshop).unpack(into: folder)
        case .waitForAddress(let service, let exposure, let timeout):
            try await AddressWait(workshop).wait(for: service, exposure, timeout: timeout)
        case .awaitBuilder(_, let site, let scaling, let timeout):
            try await BuilderWait(workshop).wait(for: scaling, at: site, timeout: timeout)
        case .register(let registration): try await BuilderRegistrar(workshop).register(registration)
        case .prove(let proof): try await BuildProof(workshop).prove(proof)
        case .remove(let paths): try FileRemover(workshop).remove(paths)
        case .removeCertificates(let folder, let files):
            try FileRemover(workshop).removeCertificates(files, from: folder)
        case .delete(let removal): try await ObjectRemover(workshop).delete(removal)
        case .forget(let paths): try FileRemover(workshop).remove(paths)
        case .waitForBuilds(let site, let timeout):
            try await BuildWait(workshop).wait(at: site, timeout: timeout)
        }
    }
}
