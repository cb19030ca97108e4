import Synchronization

/// Remembers, in memory only, what Secrets were before a run changed them.
final class SecretMemory: Sendable {
    private let manifests = Mutex<[SecretName: String]>([:])

    /// Keeps what the Secret was. Only the first time counts: the second one would see our own change.
    func keep(_ manifest: String, of name: SecretName) {
        manifests.withLock { $0[name] = $0[name] ?? manifest }
    }

    func manifest(of name: SecretName) -> String? { manifests.withLock { $0[name] } }
}
