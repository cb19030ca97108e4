import FoundationEssentials

/// Runs Helm, and says why pods are not ready, or objects not gone, where Helm only says that its patience has ended.
struct HelmRunner {
    private let context: ActionContext

    init(_ context: ActionContext) { self.context = context }

    func run(_ command: Command) async throws {
        do {
            // An undo takes its time: it has nothing better to do.
            if ["install", "upgrade"].contains(command.arguments.first), command.arguments.contains("--wait") {
                try await watcher.follow { [context] in try await context.run(command) }
            } else {
                try await context.run(command)
            }
        } catch let failure as InstallerError {
            guard failure.code == nil else { throw failure }
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
            hint: (context.keepsOnFailure ? "See more: " : "To look at them, run it again with --keep-on-failure, then: ")
                + "\(installation.kubectl("describe", "pods", "--selector", "app.kubernetes.io/instance=\(installation.release)"))",
            code: CauseCode.notReady.rawValue)
    }
}

extension InstallerError {
    /// The code of fields that somebody else has set; consent takes them over.
    static let fieldConflict = "FIELD_CONFLICT"
}

/// Writes the chart that is inside this program to a folder, from which Helm reads it.
struct ChartUnpacker {
    private let context: ActionContext

    init(_ context: ActionContext) { self.context = context }

    /// What was in the folder is replaced as a whole: a file of an older chart must not stay among the new ones.
    func unpack(into folder: String) throws {
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
            }
            if files.fileExists(atPath: folder) { try files.removeItem(atPath: folder) }
            try files.moveItem(atPath: fresh, toPath: folder)
        } catch {
            // What is half there is of no use to anybody; the first error is the one to tell.
            scratch.remove()
            throw InstallerError(
                "The chart could not be written to \(folder)", detail: error.reason,
                hint: "Check the disk: df -h \(context.dependencies.home.shellQuoted)")
        }
    }
}
