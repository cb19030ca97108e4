import Synchronization

/// Remembers, in memory only, what Secrets were before a run changed them.
final class SecretMemory: Sendable {
    private struct Key: Hashable {
        let step: Step.ID
        let secret: SecretName
    }

    private let manifests = Mutex<[Key: String]>([:])

    /// Keeps what the Secret was before a step. Only the first time counts: the second one would see its own change.
    func keep(_ manifest: String, of name: SecretName, before step: Step.ID) {
        let key = Key(step: step, secret: name)
        manifests.withLock { $0[key] = $0[key] ?? manifest }
    }

    func manifest(of name: SecretName, before step: Step.ID) -> String? {
        manifests.withLock { $0[Key(step: step, secret: name)] }
    }
}
