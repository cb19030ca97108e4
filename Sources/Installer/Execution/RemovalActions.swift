import FoundationEssentials
import MutualTLS

/// Deletes this program's own files, and refuses to delete anything else.
struct FileRemover {
    private let context: ActionContext

    init(_ context: ActionContext) { self.context = context }

    private var places: InstallerPaths { context.dependencies.places }

    func remove(_ paths: [String]) throws {
        for path in paths {
            guard isOurs(path) else {
                throw InstallerError(
                    "\(path) was not deleted: it does not belong to this installation",
                    hint: "To remove it, delete it manually.")
            }
            // The temporary folder of an action that was killed.
            TemporaryDirectory(beside: path).remove()
            do {
                try FileManager.default.removeItem(atPath: path)
            } catch let error as CocoaError where error.code == .fileNoSuchFile {
            } catch {
                throw InstallerError(
                    "\(path) could not be deleted", detail: error.reason,
                    hint: "Check it: ls -ld \(path.shellQuoted)")
            }
            places.prune(path.parentFolder)
        }
    }

    /// By their names only: the folder may contain files of others.
    func removeCertificates(_ files: [String], from folder: String) throws {
        TemporaryDirectory(beside: folder).remove()
        try CertificateFolder(path: folder).remove(files)
        places.prune(folder.parentFolder)
    }

    /// Whether the path is one of the installation's records, and nothing above or beside them. Only the text of the
    /// path is compared, so a link cannot redirect it.
    private func isOurs(_ path: String) -> Bool {
        let installation = context.plan.installation
        return places.records(of: installation).contains(path)
            || path == places.localCluster(ofContext: installation.context)
    }
}

/// Deletes a local cluster, after a last look: others may have used it since the plan was made.
struct LocalClusterDeleter {
    private let context: ActionContext

    init(_ context: ActionContext) { self.context = context }

    func delete(_ removal: LocalClusterRemoval) async throws {
        let cluster = removal.cluster
        if let reason = try await reasonToKeep(removal) {
            throw InstallerError(
                "The \(cluster) was kept: \(reason)",
                hint: "Run the same command again to remove only the installation, or delete the cluster: "
                    + "\(cluster.delete)", code: .objectKept)
        }
        try await context.run(cluster.delete)
    }

    private func reasonToKeep(_ removal: LocalClusterRemoval) async throws -> String? {
        let installation = removal.emptied.installation
        let state = try await installation.localCluster(in: context.dependencies)
        guard let state, state.cluster == removal.cluster else {
            return "another cluster has its name, or its record no longer exists"
        }
        if let reason = state.reasonToKeep { return reason }
        return try await Query.namespaceContents(installation, cacheClaim: removal.emptied.cacheClaim)
            .value(from: context.dependencies.runner).reasonToKeep()
    }
}

/// Deletes the pods that a release's own ReplicaSets control. Others with the same labels are kept.
struct PodDeleter {
    private let context: ActionContext

    init(_ context: ActionContext) { self.context = context }

    func delete(_ removal: PodRemoval) async throws {
        let query = Query.pods(of: removal.installation, removal.component, hasReplicaSets: true)
        let objects = try await query.value(from: context.dependencies.runner)
        let owners = try Self.owners(of: removal, among: objects)
        let pods = objects.items.filter { $0["kind"]?.string == "Pod" }
        let outcomes = try await concurrently(pods) { try await delete($0, ownedBy: owners, removal) }
        for case .success(let line?) in outcomes { await context.say(line) }
        // Only now: a failure must not end the deletions of the other pods.
        for outcome in outcomes { _ = try outcome.get() }
    }

    private static func owners(
        of removal: PodRemoval, among objects: ReleaseObjects
    ) throws(InstallerError) -> [String] {
        switch removal.owners {
        case .replicaSets(let seen): return seen.map(\.uid)
        case .deployment(let component, let name):
            let found = objects.replicaSets(of: removal.installation, component).compactMap(\.uid)
            guard found.isEmpty else { return found }
            throw InstallerError(
                "The \(component) pods were kept: no Deployment that Helm has created for the release "
                    + "\(removal.installation.release) controls them",
                hint: way(removal, objects.pods(of: removal.installation, component).map(\.name), of: name),
                code: .objectKept)
        }
    }

    /// A release that was applied from the chart's output has no marks of Helm, so the user decides about its pods.
    private static func way(_ removal: PodRemoval, _ pods: [String], of deployment: String) -> String {
        let kubectl = removal.installation.kubectl
        guard !pods.isEmpty else {
            return "Check the Deployment: \(kubectl("get", "deployment", deployment, "--output", "yaml"))"
        }
        let flags = ["--grace-period=\(removal.gracePeriod)", "--wait=false"]
        return "If the release was applied without Helm, delete them: "
            + "\(kubectl.command(["delete", "pods"] + pods + flags))"
    }

    /// Only while it is the pod that was read.
    /// - Returns: the line to print; nil where the pod has ended by itself.
    private func delete(
        _ pod: JSONValue, ownedBy owners: [String], _ removal: PodRemoval
    ) async throws -> Result<String?, InstallerError> {
        guard let uid = pod.uid, pod.isControlled(by: owners) else {
            return .success("The pod \(pod.name) was kept: it is not known to belong to the release")
        }
        let reference = removal.installation.pod(pod.name)
        do {
            _ = try await context.ask(reference.delete(uid: uid, gracePeriod: removal.gracePeriod))
            return .success("\(reference) deleted")
        } catch let failure as InstallerError {
            return failure.saysItIsGone ? .success(nil) : .failure(failure)
        }
    }
}

extension InstallerError {
    /// Whether the object does not exist, or another one has its name.
    fileprivate var saysItIsGone: Bool {
        ["(NotFound)", "(Conflict)"].contains { detail?.contains($0) == true }
    }
}

/// Deletes objects, waits until they no longer exist, and reports what blocks a deletion.
struct ObjectDeleter {
    /// The interval between two queries where changes are not seen.
    private static let interval = Duration.milliseconds(250)

    private let context: ActionContext

    init(_ context: ActionContext) { self.context = context }

    func delete(_ removal: Removal) async throws {
        let kubectl = removal.kubectl
        if let emptied = removal.emptied { try await check(emptied) }
        if let exclusive = removal.exclusive { try await check(exclusive) }
        try await context.run(
            kubectl.command(["delete"] + removal.objects + ["--ignore-not-found", "--wait=false"]))
        let look = kubectl.look(["get"] + removal.objects + ["--ignore-not-found", "--output", "json"])
        let end = context.dependencies.now().addingTimeInterval(Double(removal.timeout))
        var left = try await objects(look)
        if !left.isEmpty {
            left = try await ClusterWatch.during(look, in: context.dependencies) { [left] changes in
                var left = left
                while !left.isEmpty, context.dependencies.now() < end {
                    try await changes.pause(Self.interval, until: end)
                    left = try await objects(look)
                }
                return left
            }
        }
        guard left.isEmpty else {
            throw StuckDeletions(left).failure(
                "Some resources were not deleted within \(removal.timeout) seconds", kubectl)
        }
    }

    /// Objects that appeared since the plan was made belong to others.
    private func check(_ emptied: EmptiedNamespace) async throws {
        let installation = emptied.installation
        let query = Query.namespaceContents(installation, cacheClaim: emptied.cacheClaim)
        let contents = try await query.value(from: context.dependencies.runner)
        guard let reason = contents.reasonToKeep(countsRelease: true) else { return }
        throw InstallerError(
            "The namespace \(installation.namespace) was kept: \(reason)",
            hint: "List its objects: \(installation.kubectl("get", "all")). "
                + "Then run the same command again to remove the rest.", code: .objectKept)
    }

    /// A release that was installed since the plan was made has the same Secrets.
    private func check(_ exclusive: InstallationID) async throws {
        let others = try await Query.otherReleases(beside: exclusive).value(from: context.dependencies.runner)
        guard !others.isEmpty else { return }
        throw InstallerError(
            "The Secrets in the namespace \(exclusive.namespace) were kept: other releases use them, too: "
                + others.inShort,
            hint: "Run the same command again to remove the rest.", code: .objectKept)
    }

    private func objects(_ look: Command) async throws -> [JSONValue] {
        let text = try await context.ask(look)
        guard !text.trimmed.isEmpty else { return [] }
        let value = try JSONValue(kubectl: text)
        // kubectl prints one object alone, several as a list.
        return value["items"]?.array ?? [value]
    }
}
