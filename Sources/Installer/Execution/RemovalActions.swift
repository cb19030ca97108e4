import FoundationEssentials
import MutualTLS

/// Deletes files of this program's own, and refuses to touch anything else.
struct FileRemover {
    private let context: ActionContext

    init(_ context: ActionContext) { self.context = context }

    private var places: InstallerPaths { context.dependencies.places }

    func remove(_ paths: [String]) throws {
        for path in paths {
            guard isOurs(path) else {
                throw InstallerError(
                    "\(path) was not deleted: it is not a file of this installation",
                    hint: "If you want it gone, delete it yourself.")
            }
            // What an action that was killed has left beside it.
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

    /// By their names alone: whatever else is in the folder may be anybody's.
    func removeCertificates(_ files: [String], from folder: String) throws {
        TemporaryDirectory(beside: folder).remove()
        try CertificateFolder(path: folder).remove(files)
        places.prune(folder.parentFolder)
    }

    /// Whether it is what this program keeps of the installation, and nothing above or beside it. Judged by its
    /// letters alone, so that no link can lead elsewhere unseen.
    private func isOurs(_ path: String) -> Bool {
        let installation = context.plan.installation
        return places.records(of: installation).contains(path)
            || path == places.localCluster(ofContext: installation.context)
    }
}

/// Deletes objects of the cluster, waits until they are gone, and says what holds those that do not go.
struct ObjectDeleter {
    /// How long to wait between two looks, in seconds.
    private static let interval = 1

    private let context: ActionContext

    init(_ context: ActionContext) { self.context = context }

    func delete(_ removal: Removal) async throws {
        let kubectl = removal.kubectl
        if let emptied = removal.emptied { try await check(emptied) }
        try await context.run(
            kubectl.command(["delete"] + removal.objects + ["--ignore-not-found", "--wait=false"]))
        let look = kubectl.command(["get"] + removal.objects + ["--ignore-not-found", "--output", "json"])
        let end = context.dependencies.now().addingTimeInterval(Double(removal.timeout))
        var left = try await objects(look)
        while !left.isEmpty, context.dependencies.now() < end {
            try await context.dependencies.pause(.seconds(Self.interval))
            left = try await objects(look)
        }
        guard left.isEmpty else {
            throw StuckDeletions(left).failure(
                "Not all of it was gone after \(removal.timeout) seconds", kubectl)
        }
    }

    /// What has come since the plan was made is somebody's.
    private func check(_ emptied: EmptiedNamespace) async throws {
        let installation = emptied.installation
        let query = Query.namespaceContents(installation, cacheClaim: emptied.cacheClaim)
        let contents = try await query.value(from: context.dependencies.runner)
        let found = contents.others + contents.ofRelease
        guard contents.areComplete, found.isEmpty else {
            throw InstallerError(
                "The namespace \(installation.namespace) was left as it is",
                detail: found.isEmpty
                    ? "Not all that is in it could be seen." : "Meanwhile it holds \(found.inShort).",
                hint:
                    "See what is there: \(installation.kubectl("get", "all")). Then run the same again: what is "
                    + "left to go besides the namespace goes then")
        }
    }

    private func objects(_ look: Command) async throws -> [JSONValue] {
        let text = try await context.ask(look)
        guard !text.trimmed.isEmpty else { return [] }
        let value = try JSONValue(kubectl: text)
        // One object comes alone, several as a list.
        return value["items"]?.array ?? [value]
    }
}
