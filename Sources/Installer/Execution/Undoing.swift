import MutualTLS

/// Takes a step back: whatever its receipts name, the last one first, and then what follows from that.
struct StepUndoer {
    private let context: ActionContext
    private let receipts: [Receipt]

    init(_ context: ActionContext, receipts: [Receipt]) {
        (self.context, self.receipts) = (context, receipts)
    }

    /// Whether there is anything to take back.
    static func applies(to step: Step, with receipts: [Receipt]) -> Bool {
        !step.undo.isEmpty && !receipts.isEmpty
    }

    /// - Returns: what could not be taken back.
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
                    try await context.run(
                        installation.kubectl("rollout", "restart", "deployment/\(deployment)"))
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
    /// Whether it is about keys of this machine that something in the cluster may still need.
    var holdsKeys: Bool {
        switch self {
        case .files, .renewal, .client: true
        case .created, .secretChanged, .revision, .record, .builder, .currentBuilder: false
        }
    }

    /// Whether the keys of this machine are needed as long as it is not taken back.
    var needsKeys: Bool {
        switch self {
        case .created, .secretChanged, .revision: true
        case .files, .renewal, .client, .record, .builder, .currentBuilder: false
        }
    }
}
