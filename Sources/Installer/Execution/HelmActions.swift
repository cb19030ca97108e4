import FoundationEssentials

/// Changes a release with Helm, and rolls back revisions that this run is known to have created.
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
                // Without an answer the revision may exist: the rollback checks again.
                let revisions = try? await self.revisions(of: installation)
                guard revisions?.contains(where: work.made) ?? true else { return }
                await context.made(.revision(work: work))
            }
            throw Self.explained(error, installation)
        }
    }

    /// While the builds were waited for, another process may have upgraded the release, or replaced it by one of
    /// another chart with the same revision.
    func uninstall(_ installation: InstallationID, at revision: Int, timeout: Int) async throws {
        let release = try await Query.release(installation).value(from: context.dependencies.runner)
        guard let release else { return await context.say("The release no longer exists") }
        guard release.revision == revision, release.isOurs else {
            throw Self.changedMeanwhile(
                installation,
                "The release is at revision \(release.revision) of \(release.chart) (\(release.status)).")
        }
        await context.reaching(HelmWork(installation, .uninstall, revision: revision))
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

    // MARK: Rollback

    func takeBack(_ work: HelmWork) async throws {
        let installation = work.installation
        let revisions = try await revisions(of: installation)
        // A release that was uninstalled since needs no rollback.
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

    // MARK: Revisions

    private func revisions(of installation: InstallationID) async throws -> [Facts.ReleaseRevision] {
        let storage = HelmStorage(environment: context.dependencies.environment)
        let runner = context.dependencies.runner
        guard storage == .elsewhere else {
            return try await Query.releaseRevisions(installation, in: storage).value(from: runner)
        }
        // Helm does not show the mark of a run, so nothing is rolled back.
        let last = try await Query.release(installation, hasValues: false).value(from: runner)
        return last.map { [Facts.ReleaseRevision(revision: $0.revision, status: $0.status, mark: nil)] } ?? []
    }

    /// Helm itself rejects an install where a release exists; it does not reject an upgrade of a release that another
    /// process upgraded since the plan was made.
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
        changedMeanwhile(
            installation,
            last.map { "The release is at revision \($0.revision) (\($0.status))." }
                ?? "The release no longer exists.")
    }

    private static func changedMeanwhile(_ installation: InstallationID, _ detail: String) -> InstallerError {
        InstallerError(
            "The release \(installation.release) was changed by another process and was left unchanged",
            detail: detail,
            hint: "Check its history: \(installation.helm.history()), then run the same command again",
            code: .changedMeanwhile)
    }

    private static func explained(_ error: any Error, _ installation: InstallationID) -> any Error {
        guard let failure = error as? InstallerError, let said = failure.detail,
            ["re-use a name", "reuse a name", "release: already exists"].contains(where: said.contains)
        else { return error }
        return InstallerError(
            "The release \(installation.release) was installed by another process and was left unchanged",
            detail: said,
            hint: "Check its history: \(installation.helm.history()), then run the same command again",
            code: .changedMeanwhile)
    }

    // MARK: Cache volume, which Helm keeps

    /// The claim that the chart will create; nil where it exists or its absence is not certain.
    private func absentClaim(of change: ReleaseChange) async throws -> ObjectReference? {
        guard let name = change.claim else { return nil }
        let installation = change.installation
        let claim = ObjectReference(
            .claim, name, namespace: installation.namespace, context: installation.context)
        // Where its absence is not certain, it is assumed to belong to others.
        guard let text = try? await context.ask(claim.get), text.trimmed.isEmpty else { return nil }
        return claim
    }

    private func note(_ claim: ObjectReference?) async {
        guard let claim, let text = try? await context.ask(claim.get), !text.trimmed.isEmpty,
            let object = try? JSONValue(kubectl: text), let uid = object.uid,
            object.annotation(KubernetesLabels.helmRelease) == context.plan.installation.release
        else { return }
        await context.made(.created(object: CreatedObject(claim, uid: uid)))
    }
}

extension HelmWork {
    /// Whether this work created a revision.
    fileprivate func made(_ revision: Facts.ReleaseRevision) -> Bool {
        revision.revision == self.revision && mark != nil && revision.mark == mark
    }
}

/// Runs Helm, and explains why pods are not ready or objects not deleted where Helm only reports a timeout.
struct HelmRunner {
    private let context: ActionContext

    init(_ context: ActionContext) { self.context = context }

    func run(_ command: Command) async throws {
        do {
            // Only these are cancelled early; a rollback has no alternative to waiting.
            if ["install", "upgrade"].contains(command.arguments.first), command.arguments.contains("--wait")
            {
                try await watcher.follow { [context] in try await context.run(command) }
            } else {
                try await context.run(command)
            }
        } catch let failure as InstallerError {
            // A cause that the watcher found needs no other explanation.
            guard CauseCode(rawValue: failure.code.rawValue) == nil else { throw failure }
            throw command.arguments.first == "uninstall" ? await held(failure) : await explained(failure)
        }
    }

    private var watcher: RolloutWatcher { RolloutWatcher(context, isUndone: !context.keepsOnFailure) }

    /// The objects that Helm waited for when it deleted a release.
    private func held(_ failure: InstallerError) async -> InstallerError {
        let installation = context.plan.installation
        let kinds =
            "deployments.apps,services,configmaps,serviceaccounts,networkpolicies.networking.k8s.io,"
            + "poddisruptionbudgets.policy"
        let look = installation.kubectl(
            "get", kinds, "--selector", KubernetesLabels.objects(of: installation), "--output",
            "json")
        // Without the objects, Helm's own error is reported.
        guard let list = try? JSONValue(kubectl: await context.ask(look)) else { return failure }
        let held = StuckDeletions(list["items"]?.array ?? [])
        guard !held.sentences.isEmpty else { return failure }
        return held.failure(
            "The release \(installation.release) is not completely deleted", said: failure.detail,
            installation.kubectl)
    }

    private func explained(_ failure: InstallerError) async -> InstallerError {
        let installation = context.plan.installation
        if let owner = failure.conflictingManager {
            return InstallerError(
                "Fields of the release \(installation.release) are owned by '\(owner)' and were left unchanged",
                detail: failure.detail,
                hint:
                    "To overwrite them with the chart's values, run the same command again with --take-over.",
                code: InstallerError.fieldConflict)
        }
        // The pods only explain the failure; without them, Helm's own error is reported.
        guard let objects = try? await Query.objects(installation).value(from: context.dependencies.runner)
        else {
            return failure
        }
        if let failure = await watcher.failure(objects, said: failure.detail) { return failure }
        let trouble = objects.pods(of: installation).compactMap(
            CauseFinder(objects, of: installation).trouble(of:))
        guard !trouble.isEmpty else { return failure }
        return InstallerError(
            "The pods of the release \(installation.release) did not become ready",
            detail: (trouble + [failure.detail].compactMap { $0 }).joined(separator: "\n"),
            hint: (context.keepsOnFailure
                ? "Details: " : "To inspect them, run the same command again with --keep-on-failure, then: ")
                + "\(installation.kubectl("describe", "pods", "--selector", KubernetesLabels.objects(of: installation)))",
            code: CauseCode.notReady.rawValue)
    }
}

extension InstallerError {
    /// The code of a conflict over fields that another process set; `--take-over` overrides it.
    static let fieldConflict: ErrorCode = "FieldConflict"
}

/// Writes the embedded chart to a folder, from which Helm reads it.
struct ChartUnpacker {
    private let context: ActionContext

    init(_ context: ActionContext) { self.context = context }

    /// The folder is replaced as a whole: a file of an older chart must not remain.
    func unpack(into folder: String) async throws {
        let scratch = TemporaryDirectory(beside: folder)
        let (fresh, former) = ("\(scratch.path)/new", "\(scratch.path)/former")
        let files = FileManager.default
        // Only this program writes to the folder in its own configuration.
        let isOwn = folder == context.dependencies.places.chart(of: context.plan.installation)
        if files.fileExists(atPath: folder), !isOwn, !Chart.isUnpacked(in: folder) {
            throw InstallerError(
                "\(folder) already exists and is not a copy of this chart, so it was left unchanged",
                hint: "Specify a directory that does not exist yet.")
        }
        try scratch.make()
        do {
            for file in Chart.files {
                let target = URL(filePath: "\(fresh)/\(file.path)")
                try files.createDirectory(
                    at: target.deletingLastPathComponent(), withIntermediateDirectories: true,
                    attributes: [.posixPermissions: 0o700])
                try Data(file.text.utf8).write(to: target)
                // Regardless of the umask: Helm would install what other users could change.
                try files.setAttributes([.posixPermissions: 0o644], ofItemAtPath: target.path)
            }
            let isNew = !files.fileExists(atPath: folder)
            // A run that is killed leaves a whole chart in the folder or none: a part of one would not be replaced.
            if !isNew { try files.moveItem(atPath: folder, toPath: former) }
            do { try files.moveItem(atPath: fresh, toPath: folder) } catch {
                if !isNew { try files.moveItem(atPath: former, toPath: folder) }
                throw error
            }
            scratch.remove()
            if isNew { await context.made(.record(path: folder)) }
        } catch {
            // An incomplete copy is useless; the first error is the one to report.
            scratch.remove()
            throw InstallerError(
                "The chart could not be written to \(folder)", detail: error.reason,
                hint: "Check the disk: df -h \(context.dependencies.home.shellQuoted)", code: .fileUnwritable)
        }
    }
}
