import FoundationEssentials

extension LocalCluster {
    /// A new cluster for each tool that is installed and lists its clusters, with a name that none of them has:
    /// `minikube start` would start an existing one, which is not this program's to delete.
    public static func available(in dependencies: Dependencies) async -> [LocalCluster] {
        let offers: [LocalCluster?]? = try? await concurrently(installed(in: dependencies)) { tool in
            let taken = try? await Query.localClusters(of: tool).value(from: dependencies.runner)
            guard let taken else { return nil }
            return names.first { !taken.contains($0) }.map { LocalCluster(tool, name: $0) }
        }
        return offers?.compactMap(\.self) ?? []
    }

    /// Whether a tool is installed that can create one. No tool is run.
    public static func isPossible(in dependencies: Dependencies) -> Bool {
        !installed(in: dependencies).isEmpty
    }

    private static func installed(in dependencies: Dependencies) -> [Tool] {
        let folders = (dependencies.environment["PATH"] ?? "").split(separator: ":")
        return tools.filter { tool in
            folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(tool.rawValue)") }
        }
    }

    private static let names = ["buildkit"] + (2...9).map { "buildkit-\($0)" }

    /// Adds the UID that distinguishes the running cluster from another one of the same name.
    public func identified(in dependencies: Dependencies) async throws -> LocalCluster {
        var cluster = self
        let query = Query.namespaceIDs(Kubectl(context: context))
        cluster.uid = try await query.value(from: dependencies.runner)[Self.identifyingNamespace]
        return cluster
    }

    fileprivate static let identifyingNamespace = "kube-system"
}

extension InstallationID {
    /// The installation's cluster, where this program created it on this machine.
    func localCluster(in dependencies: Dependencies) async throws -> Facts.LocalClusterState? {
        guard let cluster = try LocalCluster.recorded(ofContext: context, in: dependencies.places) else {
            return nil
        }
        guard let uid = cluster.uid else {
            throw InstallerError(
                "The creation of the \(cluster) was interrupted", hint: "Delete it: \(cluster.delete)")
        }
        // A cluster that does not answer is kept.
        guard let found = try? await Query.namespaceIDs(self.cluster).value(from: dependencies.runner) else {
            return Facts.LocalClusterState(cluster: cluster, others: nil)
        }
        // Another cluster that was created since, with the same name.
        guard found[LocalCluster.identifyingNamespace] == uid else { return nil }
        let others = found.keys.filter { $0 != namespace && !Self.builtInNamespaces.contains($0) }
        return Facts.LocalClusterState(
            cluster: cluster,
            others: try await inDefaultNamespace(dependencies).map { inDefault in
                others.sorted().map { "namespace/\($0)" } + inDefault.map { "\($0) in the namespace default" }
            })
    }

    /// The objects that were created in the namespace `default`, where people put them without thinking of it; nil
    /// where they could not be listed.
    private func inDefaultNamespace(_ dependencies: Dependencies) async throws -> [String]? {
        let place = InstallationID(context: context, namespace: "default", release: release)
        guard place != self else { return [] }
        let contents = try? await Query.namespaceContents(place, cacheClaim: "").value(
            from: dependencies.runner)
        guard let contents, contents.areComplete else { return nil }
        // The API server's own Service.
        return (contents.ofRelease + contents.others).filter { $0 != "service/kubernetes" }
    }

    /// The namespaces that Kubernetes and the tools of local clusters create.
    private static let builtInNamespaces: Set<String> = [
        "default", "kube-node-lease", "kube-public", "kube-system", "kubernetes-dashboard",
        "local-path-storage",
    ]
}

extension Query<[String]> {
    /// The names of all clusters of a tool.
    fileprivate static func localClusters(of tool: Tool) -> Query {
        Query(LocalCluster.list(tool)) { result throws(InstallerError) in
            let sentence = "The clusters of \(tool.rawValue) cannot be listed"
            let names =
                tool == .minikube
                ? try result.json(ProfileLists.self, else: sentence)?.names
                : Self.firstWords(of: try result.text(else: sentence))
            guard let names else { throw InstallerError(ofUnknownOutput: sentence) }
            return names
        }
    }

    /// The names in the first column; nil where a line has something else there.
    private static func firstWords(of text: String) -> [String]? {
        let words = text.split(separator: "\n").map { $0.prefix { $0 != " " } }
        let areNames = words.allSatisfy { word in
            !word.isEmpty && word.utf8.allSatisfy { $0.isLetterOrDigit || "-._".utf8.contains($0) }
        }
        return areNames ? words.map(String.init) : nil
    }

    private struct ProfileLists: Decodable {
        struct Profile: Decodable { var Name: String }
        let valid: [Profile]
        /// They exist, too.
        let invalid: [Profile]

        var names: [String] { (valid + invalid).map(\.Name) }
    }
}

extension Query<[String: String]> {
    /// The UID of each namespace, by its name.
    fileprivate static func namespaceIDs(_ kubectl: Kubectl) -> Query {
        let each = #"jsonpath={range .items[*]}{.metadata.name}{" "}{.metadata.uid}{"\n"}{end}"#
        return Query(kubectl.look("get", "namespaces", "--output", each)) { result throws(InstallerError) in
            let sentence = "The namespaces cannot be listed"
            let pairs = try result.text(else: sentence).split(separator: "\n").map {
                $0.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
            }
            // Every cluster has some. One in a line that cannot be read would count as absent.
            guard !pairs.isEmpty, pairs.allSatisfy({ $0.count == 2 }) else {
                throw InstallerError(ofUnknownOutput: sentence)
            }
            return Dictionary(pairs.map { ($0[0], $0[1]) }) { first, _ in first }
        }
    }
}
