import LabSupport
import Synchronization

/// A substitute for the kubelet: runs BuildKit behind a proxy while its Deployment has a replica, and terminates it
/// gracefully like a pod.
final class BuilderPod: Sendable {
    private let own: OwnProxy
    private let starts = Mutex(0)
    private let running = Mutex(false)

    init(behind own: OwnProxy) { self.own = own }

    /// The number of starts of BuildKit.
    var count: Int { starts.withLock(\.self) }
    var isRunning: Bool { running.withLock(\.self) }

    /// Runs until it is cancelled.
    func run() async throws {
        while true {
            try await wait(until: 1)
            try await own.whileBuilderServes { builder in
                starts.withLock { $0 += 1 }
                running.withLock { $0 = true }
                try await wait(until: 0)
                // A terminating pod is removed from its Service at once.
                builder.terminate()
                try await own.installation.pods.drainBuilder(
                    port: own.builderPort, in: "\(own.installation.folder)/drain-\(own.builderPort)-\(count)")
            }
            running.withLock { $0 = false }
        }
    }

    private func wait(until replicas: Int) async throws {
        let namespace = own.installation.namespace
        while try await namespace.kubectl.require(
            "get", "deployment/buildkit-builder", "-n", namespace.name, "-o", "jsonpath={.spec.replicas}")
            != "\(replicas)"
        { try await Task.sleep(for: .milliseconds(200)) }
    }
}
