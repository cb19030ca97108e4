import FoundationEssentials

/// The contents of the kubeconfig's files. They are YAML or JSON, and only kubectl parses them.
/// https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
struct Kubeconfig: Equatable {
    /// Nil for a file that cannot be read: kubectl reports why.
    private let files: [Data?]

    init(in dependencies: Dependencies) {
        let named = dependencies.environment["KUBECONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        let paths = named?.split(separator: ":").map { String($0) } ?? ["\(dependencies.home)/.kube/config"]
        files = paths.map { FileManager.default.contents(atPath: $0) }
    }

    /// Whether a file contains one of these texts.
    func contains(anyOf texts: [String]) -> Bool {
        files.compactMap(\.self).contains { file in
            let content = String(decoding: file, as: UTF8.self)
            return texts.contains { content.contains($0) }
        }
    }
}
