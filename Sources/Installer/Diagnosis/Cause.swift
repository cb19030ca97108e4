/// Why an installation does not get its pods, or why they do not get ready.
///
/// A code stays the same for ever: scripts, tickets and docs/troubleshooting.md go by it.
public enum CauseCode: String, Codable, CaseIterable, Sendable {
    // The API server refuses the pods, so that there is none to look at.
    case quotaExceeded = "QUOTA_EXCEEDED"
    case quotaRequiresLimits = "QUOTA_REQUIRES_LIMITS"
    case limitRange = "LIMIT_RANGE"
    case podSecurity = "POD_SECURITY"
    case securityContextConstraints = "SECURITY_CONTEXT_CONSTRAINTS"
    case admissionPolicy = "ADMISSION_POLICY"
    case webhookDenied = "WEBHOOK_DENIED"
    case webhookUnreachable = "WEBHOOK_UNREACHABLE"
    case serviceAccountMissing = "SERVICE_ACCOUNT_MISSING"
    case priorityClassMissing = "PRIORITY_CLASS_MISSING"
    case podRefused = "POD_REFUSED"

    // No node takes them.
    case unschedulableArch = "UNSCHEDULABLE_ARCH"
    case unschedulableSelector = "UNSCHEDULABLE_SELECTOR"
    case unschedulableTaint = "UNSCHEDULABLE_TAINT"
    case unschedulableResources = "UNSCHEDULABLE_RESOURCES"
    case unschedulableVolume = "UNSCHEDULABLE_VOLUME"
    case unschedulable = "UNSCHEDULABLE"

    // The cache volume.
    case pvcClassMissing = "PVC_CLASS_MISSING"
    case pvcNoDefaultClass = "PVC_NO_DEFAULT_CLASS"
    case pvcMissing = "PVC_MISSING"
    case pvcProvisioningFailed = "PVC_PROVISIONING_FAILED"
    case pvcPending = "PVC_PENDING"
    case volumeNotMounted = "VOLUME_NOT_MOUNTED"

    // The node cannot make the container.
    case userNamespacesUnsupported = "USER_NAMESPACES_UNSUPPORTED"
    case sandboxFailed = "SANDBOX_FAILED"
    case secretMissing = "SECRET_MISSING"
    case secretKeyMissing = "SECRET_KEY_MISSING"
    case configMapMissing = "CONFIG_MAP_MISSING"
    case invalidImageName = "INVALID_IMAGE_NAME"
    case imageNeverPulled = "IMAGE_NEVER_PULLED"
    case imagePullBackOff = "IMAGE_PULL_BACKOFF"
    case containerConfig = "CONTAINER_CONFIG"
    case containerStart = "CONTAINER_START_FAILED"

    // It runs, and not as it should.
    case outOfMemory = "OOM_KILLED"
    case crashLoop = "CRASH_LOOP"
    case probeFailing = "PROBE_FAILING"
    case evicted = "POD_EVICTED"
    case notReady = "PODS_NOT_READY"
}

/// One cause, as it was seen of one object.
public struct Cause: Equatable, Sendable {
    public let code: CauseCode
    /// What it was seen of: "Deployment buildkit-builder".
    let object: String
    /// `builder` or `proxy`.
    let component: String
    /// What the cluster says of it, in its own words.
    let words: String
    /// The pod whose container has printed why it ended; nil where no log can say more.
    var log: String?
    /// How long it may yet mend itself.
    let patience: CausePatience
    /// Changes with the pod or the Deployment that it is about.
    let key: String
}

/// How long a cause may yet mend itself before a run that waits gives up.
enum CausePatience: Equatable, Comparable, Sendable {
    /// Waiting cannot help.
    case none
    /// So many seconds.
    case short(Int)
    /// Something is at work; as long as the user allows.
    case full
}

extension CauseCode {
    /// What a run that waits does where it sees this, unless the objects beside it say that help is on its way.
    var patience: CausePatience {
        switch self {
        case .quotaExceeded, .quotaRequiresLimits, .limitRange, .podSecurity, .securityContextConstraints,
            .admissionPolicy, .webhookDenied, .webhookUnreachable, .priorityClassMissing, .unschedulableArch,
            .pvcClassMissing, .pvcNoDefaultClass, .userNamespacesUnsupported, .invalidImageName,
            .imageNeverPulled:
            .none
        // Helm makes it a moment before, and may have to make it again.
        case .serviceAccountMissing, .secretMissing, .secretKeyMissing, .configMapMissing, .pvcMissing,
            .podRefused, .containerConfig:
            .short(10)
        // A registry or a mirror may have had a bad moment; a container gets a second and a third chance.
        case .imagePullBackOff, .containerStart, .sandboxFailed: .short(30)
        case .crashLoop, .outOfMemory: .short(40)
        // A cluster that grows says so within half a minute.
        case .unschedulableResources, .unschedulableTaint, .unschedulableSelector, .unschedulableVolume,
            .unschedulable, .pvcProvisioningFailed:
            .short(60)
        case .pvcPending, .volumeNotMounted, .probeFailing, .evicted, .notReady: .full
        }
    }

    /// The answer that makes the difference; nil where the cluster has to change.
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
    /// What failed, as a sentence without its end; the words of the cluster follow it.
    var headline: String {
        let pods = component == "proxy" ? "The proxy's pods" : "BuildKit's pod"
        let are = component == "proxy" ? "are" : "is"
        return switch code {
        case .quotaExceeded: "A ResourceQuota of the namespace leaves no room for \(pods.lowered)"
        case .quotaRequiresLimits: "A ResourceQuota of the namespace refuses \(pods.lowered) without limits"
        case .limitRange: "A LimitRange of the namespace refuses \(pods.lowered)"
        case .podSecurity: "Pod Security of the namespace refuses \(pods.lowered)"
        case .securityContextConstraints: "No SecurityContextConstraints allow \(pods.lowered)"
        case .admissionPolicy: "An admission policy of the cluster refuses \(pods.lowered)"
        case .webhookDenied: "An admission webhook of the cluster refuses \(pods.lowered)"
        case .webhookUnreachable: "An admission webhook does not answer, so \(pods.lowered) cannot be created"
        case .serviceAccountMissing: "The service account of \(pods.lowered) does not exist"
        case .priorityClassMissing: "The PriorityClass of \(pods.lowered) does not exist"
        case .podRefused: "The API server refuses \(pods.lowered)"
        case .unschedulableArch: "No node has the architecture that \(pods.lowered) asks for"
        case .unschedulableSelector: "No node matches the node selector of \(pods.lowered)"
        case .unschedulableTaint: "Every node has a taint that \(pods.lowered) \(does) not tolerate"
        case .unschedulableResources: "No node has the CPU or memory that \(pods.lowered) asks for"
        case .unschedulableVolume: "No node can reach the volume of \(pods.lowered)"
        case .unschedulable: "\(pods) cannot be scheduled"
        case .pvcClassMissing: "The storage class of the cache volume does not exist"
        case .pvcNoDefaultClass: "The cluster has no default storage class for the cache volume"
        case .pvcMissing: "The PersistentVolumeClaim of \(pods.lowered) does not exist"
        case .pvcProvisioningFailed: "The cache volume cannot be provisioned"
        case .pvcPending: "The cache volume is not bound yet"
        case .volumeNotMounted: "A volume of \(pods.lowered) cannot be mounted"
        case .userNamespacesUnsupported:
            "The node's container runtime does not support user namespaces, which \(pods.lowered) asks for"
        case .sandboxFailed: "The node cannot create the sandbox of \(pods.lowered)"
        case .secretMissing: "A Secret of \(pods.lowered) does not exist"
        case .secretKeyMissing: "A Secret of \(pods.lowered) lacks a key"
        case .configMapMissing: "A ConfigMap of \(pods.lowered) does not exist"
        case .invalidImageName: "The image name of \(pods.lowered) is not valid"
        case .imageNeverPulled: "The image of \(pods.lowered) is not on the node and may not be pulled"
        case .imagePullBackOff: "The image of \(pods.lowered) cannot be pulled"
        case .containerConfig: "The container of \(pods.lowered) cannot be configured"
        case .containerStart: "The container of \(pods.lowered) cannot be started"
        case .outOfMemory: "\(pods) \(are) killed for want of memory (OOMKilled)"
        case .crashLoop: "The container of \(pods.lowered) keeps crashing"
        case .probeFailing: "\(pods) \(are) running, but not ready"
        case .evicted: "The node has evicted \(pods.lowered)"
        case .notReady: "\(pods) \(are) not ready"
        }
    }

    private var does: String { component == "proxy" ? "do" : "does" }

    /// "Pod buildkit-builder-1: Back-off pulling image …", with nothing secret in it.
    var evidence: String { "\(object): \(Redactor.of(words))" }

    /// The cause as one sentence, for a list.
    var sentence: String { "\(headline). \(evidence)" }
}

extension String {
    /// The same inside of a sentence: "The proxy's pods" as "the proxy's pods"; BuildKit keeps its capital.
    fileprivate var lowered: String { hasPrefix("The ") ? "t" + dropFirst() : self }
}
