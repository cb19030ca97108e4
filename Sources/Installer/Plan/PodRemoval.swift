/// Pods of a release to delete: those that its own ReplicaSets control, whatever else has the same labels.
public struct PodRemoval: Codable, Equatable, Sendable {
    /// The ReplicaSets that control the pods.
    public enum Owners: Codable, Equatable, Sendable {
        /// Those of a component's Deployment at the time of the deletion. The Deployment's name is for scripts.
        case deployment(component: String, name: String)
        /// Those that were seen when the plan was made, because they are deleted before their pods.
        case replicaSets(seen: [ReplicaSetName])
    }

    public var installation: InstallationID
    public var owners: Owners
    /// In seconds; 0: at once, without waiting for the kubelet.
    public var gracePeriod: Int
}

extension PodRemoval {
    /// The component of the pods; nil: both.
    var component: String? { if case .deployment(let component, _) = owners { component } else { nil } }
}

/// A ReplicaSet that was seen.
public struct ReplicaSetName: Codable, Equatable, Sendable {
    public var name: String
    /// Distinguishes it from another one of the same name.
    public var uid: String
    /// The value of a label that only its pods have: ``KubernetesLabels/podTemplateHash``.
    var hash: String { name.split(separator: "-").last.map { String($0) } ?? "" }
}
