/// Why an installation has no pods, or why its pods are not ready.
///
/// A code never changes: scripts, tickets and docs/troubleshooting.md refer to it.
public enum CauseCode: String, Codable, CaseIterable, Sendable {
    // The API server rejects the pods, so there is no pod to inspect.
    case quotaExceeded = "QuotaExceeded"
    case quotaRequiresLimits = "QuotaRequiresLimits"
    case limitRange = "LimitRange"
    case podSecurity = "PodSecurity"
    case securityContextConstraints = "SecurityContextConstraints"
    case admissionPolicy = "AdmissionPolicy"
    case webhookDenied = "WebhookDenied"
    case webhookUnreachable = "WebhookUnreachable"
    case serviceAccountMissing = "ServiceAccountMissing"
    case priorityClassMissing = "PriorityClassMissing"
    case podRefused = "PodRefused"

    // No node accepts the pods.
    case unschedulableArch = "UnschedulableArch"
    case unschedulableSelector = "UnschedulableSelector"
    case unschedulableTaint = "UnschedulableTaint"
    case unschedulableResources = "UnschedulableResources"
    case unschedulableVolume = "UnschedulableVolume"
    case unschedulable = "Unschedulable"

    // The cache volume.
    case pvcClassMissing = "PVCClassMissing"
    case pvcNoDefaultClass = "PVCNoDefaultClass"
    case pvcMissing = "PVCMissing"
    case pvcProvisioningFailed = "PVCProvisioningFailed"
    case pvcPending = "PVCPending"
    case volumeNotMounted = "VolumeNotMounted"

    // The node cannot create the container.
    case userNamespacesUnsupported = "UserNamespacesUnsupported"
    case sandboxFailed = "SandboxFailed"
    case secretMissing = "SecretMissing"
    case secretKeyMissing = "SecretKeyMissing"
    case configMapMissing = "ConfigMapMissing"
    case invalidImageName = "InvalidImageName"
    case imageNeverPulled = "ImageNeverPulled"
    case imagePullBackOff = "ImagePullBackOff"
    case containerConfig = "ContainerConfig"
    case containerStart = "ContainerStartFailed"

    // The container runs, with a problem.
    case outOfMemory = "OOMKilled"
    case crashLoop = "CrashLoop"
    case probeFailing = "ProbeFailing"
    case evicted = "PodEvicted"
    case notReady = "PodsNotReady"
}

/// One cause, as observed on one object.
public struct Cause: Equatable, Sendable {
    public let code: CauseCode
    /// The observed object: "Deployment buildkit-builder".
    let object: String
    /// `builder` or `proxy`.
    let component: String
    /// The cluster's own message.
    let words: String
    /// The pod whose container log may explain its exit; nil where no log can.
    var log: String?
    /// The container of that pod.
    var container: String?
    /// How long the cause may resolve without a change.
    let patience: CausePatience
    /// Unique to the pod or Deployment that is affected.
    let key: String
}

/// How long a cause may resolve without a change before a waiting run gives up.
enum CausePatience: Equatable, Comparable, Sendable {
    /// Waiting cannot help.
    case none
    /// A number of seconds.
    case short(Int)
    /// The full timeout of the user: the cluster is working on it.
    case full
}

extension CauseCode {
    /// The patience for this cause, unless other objects show that the cluster is resolving it.
    var patience: CausePatience {
        switch self {
        case .quotaExceeded, .quotaRequiresLimits, .limitRange, .podSecurity, .securityContextConstraints,
            .admissionPolicy, .webhookDenied, .webhookUnreachable, .priorityClassMissing, .unschedulableArch,
            .pvcClassMissing, .pvcNoDefaultClass, .userNamespacesUnsupported, .invalidImageName,
            .imageNeverPulled:
            .none
        // Helm creates it just before, and may have to create it again.
        case .serviceAccountMissing, .secretMissing, .secretKeyMissing, .configMapMissing, .pvcMissing,
            .podRefused, .containerConfig:
            .short(10)
        // A registry or a mirror may fail temporarily; a container is restarted a second and a third time.
        case .imagePullBackOff, .containerStart, .sandboxFailed: .short(30)
        case .crashLoop, .outOfMemory: .short(40)
        // A cluster autoscaler reports a scale-up within half a minute.
        case .unschedulableResources, .unschedulableTaint, .unschedulableSelector, .unschedulableVolume,
            .unschedulable, .pvcProvisioningFailed:
            .short(60)
        case .pvcPending, .volumeNotMounted, .probeFailing, .evicted, .notReady: .full
        }
    }

    /// The answer to change; nil where the cluster has to change.
    public var answer: Field? {
        switch self {
        case .quotaExceeded, .quotaRequiresLimits, .limitRange, .unschedulableResources, .outOfMemory: .memory
        case .userNamespacesUnsupported: .security
        case .invalidImageName, .imageNeverPulled, .imagePullBackOff: .image
        case .pvcClassMissing, .pvcNoDefaultClass, .pvcProvisioningFailed: .storageClass
        default: nil
        }
    }
}

extension Cause {
    /// The failure as a sentence without its full stop; the cluster's message follows it.
    var headline: String {
        let pods = isProxy ? "The proxy pods" : "The BuildKit pod"
        let are = isProxy ? "are" : "is"
        return switch code {
        case .quotaExceeded: "A ResourceQuota of the namespace has no capacity left for \(pods.lowered)"
        case .quotaRequiresLimits: "A ResourceQuota of the namespace rejects \(pods.lowered) without limits"
        case .limitRange: "A LimitRange of the namespace rejects \(pods.lowered)"
        case .podSecurity: "Pod Security admission of the namespace rejects \(pods.lowered)"
        case .securityContextConstraints: "No SecurityContextConstraints allow \(pods.lowered)"
        case .admissionPolicy: "An admission policy of the cluster rejects \(pods.lowered)"
        case .webhookDenied: "An admission webhook of the cluster rejects \(pods.lowered)"
        case .webhookUnreachable:
            "An admission webhook does not respond, so \(pods.lowered) cannot be created"
        case .serviceAccountMissing: "The service account of \(pods.lowered) does not exist"
        case .priorityClassMissing: "The PriorityClass of \(pods.lowered) does not exist"
        case .podRefused: "The API server rejects \(pods.lowered)"
        case .unschedulableArch: "No node has the architecture that \(pods.lowered) \(requires)"
        case .unschedulableSelector: "No node matches the node selector of \(pods.lowered)"
        case .unschedulableTaint: "Every node has a taint that \(pods.lowered) \(does) not tolerate"
        case .unschedulableResources: "No node has the CPU or memory that \(pods.lowered) \(requests)"
        case .unschedulableVolume: "No node can attach the volume of \(pods.lowered)"
        case .unschedulable: "\(pods) cannot be scheduled"
        case .pvcClassMissing: "The StorageClass of the cache volume does not exist"
        case .pvcNoDefaultClass: "The cluster has no default StorageClass for the cache volume"
        case .pvcMissing: "The PersistentVolumeClaim of \(pods.lowered) does not exist"
        case .pvcProvisioningFailed: "The cache volume cannot be provisioned"
        case .pvcPending: "The cache volume is not bound yet"
        case .volumeNotMounted: "A volume of \(pods.lowered) cannot be mounted"
        case .userNamespacesUnsupported:
            "The node's container runtime does not support user namespaces, which \(pods.lowered) \(requires)"
        case .sandboxFailed: "The node cannot create the sandbox of \(pods.lowered)"
        case .secretMissing: "A Secret of \(pods.lowered) does not exist"
        case .secretKeyMissing: "A Secret of \(pods.lowered) has a missing key"
        case .configMapMissing: "A ConfigMap of \(pods.lowered) does not exist"
        case .invalidImageName: "The image name of \(pods.lowered) is not valid"
        case .imageNeverPulled:
            "The image of \(pods.lowered) is not present on the node, and its pull policy is Never"
        case .imagePullBackOff: "The image of \(pods.lowered) cannot be pulled"
        case .containerConfig: "The container of \(pods.lowered) cannot be configured"
        case .containerStart: "The container of \(pods.lowered) cannot be started"
        case .outOfMemory: "\(pods) ran out of memory (OOMKilled)"
        case .crashLoop: "The container of \(pods.lowered) keeps crashing"
        case .probeFailing: "\(pods) \(are) running, but not ready"
        case .evicted: "The node has evicted \(pods.lowered)"
        case .notReady: "\(pods) \(are) not ready"
        }
    }

    var isProxy: Bool { component == "proxy" }
    private var does: String { isProxy ? "do" : "does" }
    private var requires: String { isProxy ? "require" : "requires" }
    private var requests: String { isProxy ? "request" : "requests" }

    /// "Pod buildkit-builder-1: Back-off pulling image …", redacted.
    var evidence: String { "\(object): \(Redactor.of(words))" }

    /// The cause as one sentence, for a list.
    var sentence: String { "\(headline). \(evidence)" }
}

extension String {
    /// The text inside a sentence: "The proxy pods" becomes "the proxy pods"; "BuildKit" keeps its capital.
    fileprivate var lowered: String { hasPrefix("The ") ? "t" + dropFirst() : self }
}
