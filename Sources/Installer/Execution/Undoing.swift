import MutualTLS

/// Rolls back a step: everything that its receipts name, the last one first, and then their consequences.
struct StepUndoer {
    private let context: ActionContext
    private let receipts: [Receipt]

    init(_ context: ActionContext, receipts: [Receipt]) {
        (self.context, self.receipts) = (context, receipts)
    }

    /// - Returns: the failures of the rollback.
    func undo(_ step: Step) async -> [InstallerError] {
        var failures: [InstallerError] = []
        for undo in step.undo {
            switch undo {
            case .takeBack:
                for receipt in receipts.reversed() {
                    await attempt(&failures) { try await takeBack(receipt) }
                }
            case .refreshProxies(let installation):
                await attempt(&failures) { try await ProxyRefresher(context).nudge(installation) }
            case .restart(let installation, let deployment):
                await attempt(&failures) {
                    try await DeploymentRestarter(context).restart(deployment, of: installation)
                }
            }
        }
        return failures
    }

    private func attempt(_ failures: inout [InstallerError], _ body: () async throws -> Void) async {
        do { try await body() } catch { failures.append(InstallerError(error).redacted) }
    }

    private func takeBack(_ receipt: Receipt) async throws {
        switch receipt {
        case .created(let object): try await CreatedObjectRemover(context).remove(object)
        case .secretChanged(let secret, let uid, let digests):
            try await SecretWriter(context).restore(secret, uid: uid, digests: digests)
        case .revision(let work): try await ReleaseChanger(context).takeBack(work)
        case .files(let folder, let digests): try WrittenFiles.remove(digests, from: folder, in: context)
        case .record(let path): try FileRemover(context).remove([path])
        case .builder(let change): try await BuilderRegistrar(context).takeBack(change)
        case .currentBuilder(let name, let former):
            try await BuilderRegistrar(context).takeBackUse(of: name, to: former)
        case .renewal(let folder): try CertificateFolder(path: folder).discardRenewal()
        case .client(let name, let folder, let serial):
            try ClientIssuer(context).withdraw(name, serial: serial, from: folder)
        }
    }
}

extension Receipt {
    /// Whether it concerns keys of this machine that something in the cluster may still need.
    var holdsKeys: Bool {
        switch self {
        case .files, .renewal, .client: true
        case .created, .secretChanged, .revision, .record, .builder, .currentBuilder: false
        }
    }

    /// Whether it needs the keys of this machine until it is rolled back.
    var needsKeys: Bool {
        switch self {
        case .created, .secretChanged, .revision: true
        case .files, .renewal, .client, .record, .builder, .currentBuilder: false
        }
    }
}
