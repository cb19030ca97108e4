// The messages of the API server, the scheduler, the kubelet and the volume controllers that identify each cause.
// They are those of Kubernetes 1.20 to 1.36; recordings of a real cluster are in the tests.

extension CauseCode {
    /// From the message of an admission plugin that rejects a pod.
    init(refusal said: String) {
        self = Self.first(in: Self.refusals, said) ?? .podRefused
    }

    private static let refusals: [(String, CauseCode)] = [
        ("exceeded quota", .quotaExceeded),
        ("failed quota", .quotaRequiresLimits),
        ("violates PodSecurity", .podSecurity),
        ("security context constraint", .securityContextConstraints),
        ("ValidatingAdmissionPolicy", .admissionPolicy),
        ("failed calling webhook", .webhookUnreachable),
        ("denied the request", .webhookDenied),
        ("error looking up service account", .serviceAccountMissing),
        ("no PriorityClass with name", .priorityClassMissing),
        ("usage per Container", .limitRange),
        ("usage per Pod", .limitRange),
        ("limit to request ratio", .limitRange),
    ]

    /// From the reason why a container waits.
    init?(waiting reason: String, _ said: String) {
        switch reason {
        case "InvalidImageName": self = .invalidImageName
        case "ErrImageNeverPull": self = .imageNeverPulled
        case "ErrImagePull", "ImagePullBackOff", "RegistryUnavailable", "ImageInspectError":
            self = .imagePullBackOff
        case "CreateContainerConfigError": self = Self.first(in: Self.references, said) ?? .containerConfig
        case "RunContainerError", "CreateContainerError", "StartError": self = .containerStart
        default: return nil
        }
    }

    /// From a kubelet warning about a pod that does not progress.
    init?(event reason: String, _ said: String) {
        switch reason {
        case "FailedCreatePodSandBox":
            self =
                said.contains("user namespace") || said.contains("hostUsers")
                ? .userNamespacesUnsupported : .sandboxFailed
        case "FailedMount", "FailedAttachVolume":
            self = Self.first(in: Self.references, said) ?? .volumeNotMounted
        case "Unhealthy": self = .probeFailing
        case "Evicted": self = .evicted
        default: return nil
        }
    }

    /// References of a pod to objects that do not exist.
    private static let references: [(String, CauseCode)] = [
        ("non-existent secret key", .secretKeyMissing),
        ("couldn't find key", .secretKeyMissing),
        ("configmap ", .configMapMissing),
        ("secret ", .secretMissing),
    ]

    /// From the message of the scheduler.
    init(unscheduled said: String, asksForArch: Bool) {
        let code = Self.first(in: Self.obstacles, said) ?? .unschedulable
        self = code == .unschedulableSelector && asksForArch ? .unschedulableArch : code
    }

    private static let obstacles: [(String, CauseCode)] = [
        ("unbound immediate PersistentVolumeClaims", .pvcPending),
        ("persistentvolumeclaim ", .pvcMissing),
        ("Insufficient ", .unschedulableResources),
        ("Too many pods", .unschedulableResources),
        ("volume node affinity conflict", .unschedulableVolume),
        ("node(s) had volume", .unschedulableVolume),
        ("available persistent volumes to bind", .unschedulableVolume),
        ("didn't match", .unschedulableSelector),
        ("taint", .unschedulableTaint),
    ]

    /// From the message of a volume controller about a claim.
    init(claim reason: String, _ said: String) {
        switch reason {
        case "FailedBinding" where said.contains("no storage class is set"): self = .pvcNoDefaultClass
        case "ProvisioningFailed":
            self =
                said.contains("storageclass") && said.contains("not found")
                ? .pvcClassMissing : .pvcProvisioningFailed
        default: self = .pvcPending
        }
    }

    private static func first(in table: [(String, CauseCode)], _ said: String) -> CauseCode? {
        table.first { said.contains($0.0) }?.1
    }
}
