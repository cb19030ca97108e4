/// A deletion that was requested and is not complete: the object still exists, and vanishes once its finalizers are
/// removed.
///
/// https://kubernetes.io/docs/concepts/overview/working-with-objects/finalizers/
public struct PendingDeletion: Codable, Equatable, Sendable {
    /// `example.com/hold`, `kubernetes.io/pvc-protection` …
    public var finalizers: [String]

    public init(finalizers: [String] = []) { self.finalizers = finalizers }

    /// Nil for an object that is not being deleted.
    init?(of object: JSONValue) {
        guard object.isTerminating else { return nil }
        finalizers = (object["metadata"]?["finalizers"]?.array ?? []).compactMap(\.string)
    }
}

extension PendingDeletion {
    /// "Secret buildkit-secrets is being deleted and waits for its finalizer example.com/hold"
    func sentence(about object: String) -> String {
        guard !finalizers.isEmpty else { return "\(object) is being deleted" }
        let noun = finalizers.count > 1 ? "finalizers" : "finalizer"
        return "\(object) is being deleted and waits for its \(noun) \(finalizers.inWords)"
    }

    /// Whether a controller that does not belong to Kubernetes holds the object, and may no longer exist.
    var isHeldByOthers: Bool {
        finalizers.contains { finalizer in
            let parts = finalizer.split(separator: "/")
            return parts.count > 1 && !parts[0].hasSuffix("kubernetes.io")
        }
    }
}
