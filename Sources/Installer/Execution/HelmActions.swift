import FoundationEssentials

/// Has Helm make revisions of a release, and takes back those that this run is seen to have made.
struct ReleaseChanger {
    private let context: ActionContext

    init(_ context: ActionContext) { self.context = context }

    func change(_ change: ReleaseChange) async throws {
        let installation = change.installation
        try await check(change)
        let isInstall = if case .revision = change.base { false } else { true }
        let work = HelmWork(
            installation, isInstall ? .install : .upgrade, revision: change.base.next, mark: context.mark,
            returnsTo: change.returnsTo, waitsOnReturn: change.waitsOnReturn)
        let claim = try await absentClaim(of: change)
        await context.reaching(work)
        do {
            try await HelmRunner(context).run(installation.helm.change(change, mark: context.mark))
            await note(claim)
            await context.made(.revision(work: work))
        } catch {
            let context = context
            await context.uninterrupted {
                await note(claim)
                // Without an answer it may have been made: taking back looks again.
                let revisions = try? await self.revisions(of: installation)
                guard revisions?.contains(where: work.made) ?? true else { return }
                await context.made(.revision(work: work))
            }
            throw Self.explained(error, installation)
        }
    }

    func uninstall(_ installation: InstallationID, timeout: Int) async throws {
        // Which revision it is matters only to whoever finds it half-way.
        if let last = try? await revisions(of: installation).last {
            await context.reaching(HelmWork(installation, .uninstall, revision: last.revision))
        }
        try await HelmRunner(context).run(installation.helm.uninstall(timeout: timeout))
    }

    func free(_ locked: LockedRelease) async throws {
        let installation = locked.installation
        let last = try await revisions(of: installation).last
        guard last?.revision == locked.revision, last?.status == locked.status else {
            throw Self.changedMeanwhile(installation, last)
        }
        await context.reaching(
            locked.returnsTo == nil
                ? HelmWork(installation, .uninstall, revision: locked.revision)
                : HelmWork(installation, .rollback, revision: locked.revision + 1))
        try await HelmRunner(context).run(locked.command)
    }

    // MARK: Taking back

    func takeBack(_ work: HelmWork) async throws {
        let installation = work.installation
        let revisions = try await revisions(of: installation)
        // Whoever has uninstalled it since has taken it back.
        guard revisions.contains(where: work.made), let last = revisions.last else { return }
        guard last.revision == work.revision else { throw Self.changedMeanwhile(installation, last) }
        if let former = work.returnsTo {
            await context.reaching(HelmWork(installation, .rollback, revision: work.revision + 1))
            try await HelmRunner(context).run(
                installation.helm.rollback(to: former, waits: work.waitsOnReturn))
        } else {
            await context.reaching(HelmWork(installation, .uninstall, revision: work.revision))
            try await HelmRunner(context).run(installation.helm.uninstall())
        }
    }

    // MARK: Looking

    private func revisions(of installation: InstallationID) async throws -> [Facts.ReleaseRevision] {
        try await Query.releaseRevisions(installation).value(from: context.dependencies.runner)
    }

    /// Helm itself refuses an install where a release is; nothing refuses an upgrade of one that somebody else has
    /// upgraded since the plan was made.
    private func check(_ change: ReleaseChange) async throws {
        let last = try await revisions(of: change.installation).last
        let expected: Int? =
            switch change.base {
            case .none: nil
            case .uninstalled(let last), .revision(let last): last
            }
        guard last?.revision == expected else { throw Self.changedMeanwhile(change.installation, last) }
    }

    private static func changedMeanwhile(
        _ installation: InstallationID, _ last: Facts.ReleaseRevision?
    ) -> InstallerError {
        let now = last.map { "is at revision \($0.revision) (\($0.status))" } ?? "is gone"
        return InstallerError(
            "The release \(installation.release) was changed by somebody else meanwhile, and was left as it is",
            detail: "It \(now).", hint: "See who: \(installation.helm.history()), then run this again")
    }

    private static func explained(_ error: any Error, _ installation: InstallationID) -> any Error {
        guard let failure = error as? InstallerError, let said = failure.detail,
            ["re-use a name", "reuse a name", "release: already exists"].contains(where: said.contains)
        else { return error }
        return InstallerError(
            "A release \(installation.release) was installed by somebody else meanwhile, and was left as it is",
            detail: said, hint: "See it: \(installation.helm.history()), then run this again")
    }

    // MARK: The cache volume, which Helm keeps

    /// The claim that the chart is to make, where it is certainly not there yet.
    private func absentClaim(of change: ReleaseChange) async throws -> ObjectReference? {
        guard let name = change.claim else { return nil }
        let installation = change.installation
        let claim = ObjectReference(
            .claim, name, namespace: installation.namespace, context: installation.context)
        // Not knowing whether it is there, one takes it for somebody's.
        guard let text = try? await context.ask(claim.get), text.trimmed.isEmpty else { return nil }
        return claim
    }

    private func note(_ claim: ObjectReference?) async {
        guard let claim, let text = try? await context.ask(claim.get), !text.trimmed.isEmpty,
            let object = try? JSONValue(kubectl: text), let uid = object.uid,
            object.annotation("meta.helm.sh/release-name") == context.plan.installation.release
        else { return }
        await context.made(.created(object: CreatedObject(claim, uid: uid)))
    }
}

extension HelmWork {
    /// Whether a revision is the one that this work has made.
    fileprivate func made(_ revision: Facts.ReleaseRevision) -> Bool {
        revision.revision == self.revision && mark != nil && revision.mark == mark
    }
}

/// Runs Helm, and says why pods are not ready, or objects not gone, where Helm only says that its patience has ended.
struct HelmRunner {
    private let context: ActionContext

    init(_ context: ActionContext) { self.context = context }

    func run(_ command: Command) async throws {
        do {
            // An undo takes its time: it has nothing better to do.
            if ["install", "upgrade"].contains(command.arguments.first), command.arguments.contains("--wait")
            {
                try await watcher.follow { [context] in try await context.run(command) }
            } else {
                try await context.run(command)
            }
        } catch let failure as InstallerError {
            // What the watcher has named needs no other explanation.
            guard CauseCode(rawValue: failure.code.rawValue) == nil else { throw failure }
            throw command.arguments.first == "uninstall" ? await held(failure) : await explained(failure)
        }
    }

    private var watcher: RolloutWatcher { RolloutWatcher(context, isUndone: !context.keepsOnFailure) }

    /// What Helm waited for in vain when it deleted a release.
    private func held(_ failure: InstallerError) async -> InstallerError {
        let installation = context.plan.installation
        let kinds =
            "deployments.apps,services,configmaps,serviceaccounts,networkpolicies.networking.k8s.io,"
            + "poddisruptionbudgets.policy"
        let look = installation.kubectl(
            "get", kinds, "--selector", "app.kubernetes.io/instance=\(installation.release)", "--output",
            "json")
        // As with pods: without them, what Helm said stands alone.
        guard let list = try? JSONValue(kubectl: await context.ask(look)) else { return failure }
        let held = StuckDeletions(list["items"]?.array ?? [])
        guard !held.sentences.isEmpty else { return failure }
        return held.failure(
            "Not all of the release \(installation.release) is gone", said: failure.detail,
            installation.kubectl)
    }

    private func explained(_ failure: InstallerError) async -> InstallerError {
        let installation = context.plan.installation
        if let owner = failure.conflictingManager {
            return InstallerError(
                "Fields of the release \(installation.release) were set by '\(owner)', and were left as they are",
                detail: failure.detail,
                hint: "To have them as the chart has them, run it again with --take-over.",
                code: InstallerError.fieldConflict)
        }
        // The pods only explain; where they cannot be had, what Helm said stands alone.
        guard let objects = try? await Query.objects(installation).value(from: context.dependencies.runner)
        else {
            return failure
        }
        if let failure = await watcher.failure(objects, said: failure.detail) { return failure }
        let trouble = PodProblems(objects.own("Pod", of: installation), in: objects).sentences
        guard !trouble.isEmpty else { return failure }
        return InstallerError(
            "The pods of the release \(installation.release) did not get ready",
            detail: (trouble + [failure.detail].compactMap { $0 }).joined(separator: "\n"),
            hint: (context.keepsOnFailure
                ? "See more: " : "To look at them, run it again with --keep-on-failure, then: ")
                + "\(installation.kubectl("describe", "pods", "--selector", "app.kubernetes.io/instance=\(installation.release)"))",
            code: CauseCode.notReady.rawValue)
    }
}

extension InstallerError {
    /// The code of fields that somebody else has set; consent takes them over.
    static let fieldConflict: ErrorCode = "FIELD_CONFLICT"
}

/// Writes the chart that is inside this program to a folder, from which Helm reads it.
struct ChartUnpacker {
    private let context: ActionContext

    init(_ context: ActionContext) { self.context = context }

    /// What was in the folder is replaced as a whole: a file of an older chart must not stay among the new ones.
    func unpack(into folder: String) async throws {
        let scratch = TemporaryDirectory(beside: folder)
        let fresh = scratch.path
        let files = FileManager.default
        if files.fileExists(atPath: folder), !files.fileExists(atPath: "\(folder)/Chart.yaml") {
            throw InstallerError(
                "\(folder) is there already and is not a chart, so it was left as it is",
                hint: "Name a folder that does not exist yet.")
        }
        try scratch.make()
        do {
            for file in Chart.files {
                let target = URL(filePath: "\(fresh)/\(file.path)")
                try files.createDirectory(
                    at: target.deletingLastPathComponent(), withIntermediateDirectories: true,
                    attributes: [.posixPermissions: 0o700])
                try Data(file.text.utf8).write(to: target)
                // Whatever the umask lets through: what others could change, Helm would install.
                try files.setAttributes([.posixPermissions: 0o644], ofItemAtPath: target.path)
            }
            let isNew = !files.fileExists(atPath: folder)
            if !isNew { try files.removeItem(atPath: folder) }
            try files.moveItem(atPath: fresh, toPath: folder)
            if isNew { await context.made(.record(path: folder)) }
        } catch {
            // What is half there is of no use to anybody; the first error is the one to tell.
            scratch.remove()
            throw InstallerError(
                "The chart could not be written to \(folder)", detail: error.reason,
                hint: "Check the disk: df -h \(context.dependencies.home.shellQuoted)")
        }
    }
}
