// What to do about each cause: an answer to change, or a command.

extension Cause {
    /// What mends it, as one sentence or a command.
    func fix(_ installation: InstallationID) -> String {
        let kubectl = installation.kubectl
        let values = component == "proxy" ? "proxy" : "builder"
        return switch code {
        case .quotaExceeded:
            "Ask for less with --memory and --cpu, or have the quota raised: \(kubectl("describe", "resourcequotas"))"
        case .quotaRequiresLimits:
            "Set the limits that it names in a values file (--values), at \(values).resources.limits, or give the namespace "
                + "defaults with a LimitRange: \(kubectl("describe", "resourcequotas"))"
        case .limitRange:
            "Ask for what it allows with --memory and --cpu, or have it changed: \(kubectl("describe", "limitranges"))"
        case .podSecurity:
            "Let the namespace run BuildKit: "
                + "\(installation.cluster("label", "namespace", installation.namespace, "\(KubernetesLabels.podSecurity)=privileged", "--overwrite"))"
        case .securityContextConstraints:
            "Ask an administrator to allow it: oc adm policy add-scc-to-user privileged --serviceaccount "
                + "\(name) --namespace \(installation.namespace.shellQuoted)"
                + (installation.context.isEmpty ? "" : " --context \(installation.context.shellQuoted)")
        case .admissionPolicy:
            "Ask whoever keeps the policy for an exemption of the namespace \(installation.namespace): "
                + "\(installation.cluster("get", "validatingadmissionpolicybindings"))"
        case .webhookDenied:
            "Ask whoever keeps the webhook for an exemption of the namespace \(installation.namespace): "
                + "\(installation.cluster("get", "validatingwebhookconfigurations,mutatingwebhookconfigurations"))"
        case .webhookUnreachable:
            "Bring the webhook's Service back, or have the webhook removed: "
                + "\(installation.cluster("get", "validatingwebhookconfigurations,mutatingwebhookconfigurations"))"
        case .serviceAccountMissing: "See which there are: \(kubectl("get", "serviceaccounts"))"
        case .priorityClassMissing:
            "Name one that exists at \(values).priorityClassName of the values file: "
                + "\(installation.cluster("get", "priorityclasses"))"
        case .podRefused, .notReady, .unschedulable: "See more: \(describe(kubectl))"
        case .unschedulableArch:
            "Add such a node, or take kubernetes.io/arch out of \(values).nodeSelector of the values file: "
                + "\(installation.cluster("get", "nodes", "--label-columns", "kubernetes.io/arch"))"
        case .unschedulableSelector:
            "Change \(values).nodeSelector or \(values).affinity of the values file, or label a node: "
                + "\(installation.cluster("get", "nodes", "--show-labels"))"
        case .unschedulableTaint:
            "Add \(values).tolerations to the values file (--values), or a node without the taint: "
                + "\(installation.cluster("describe", "nodes"))"
        case .unschedulableResources:
            "Ask for less with --memory and --cpu, or add a bigger node: \(installation.cluster("describe", "nodes"))"
        case .unschedulableVolume:
            "See where the volume is: \(kubectl("describe", "persistentvolumeclaims"))"
        case .pvcClassMissing, .pvcNoDefaultClass:
            "Choose a class with --storage-class, or do without the volume with --cache none: "
                + "\(installation.cluster("get", "storageclasses"))"
        case .pvcMissing: "See which there are: \(kubectl("get", "persistentvolumeclaims"))"
        case .pvcProvisioningFailed, .pvcPending:
            "See what keeps it: \(kubectl("describe", "persistentvolumeclaims"))"
        case .userNamespacesUnsupported: "Choose --security rootless, which needs none"
        case .sandboxFailed, .volumeNotMounted, .containerConfig: "See more: \(describe(kubectl))"
        case .secretMissing, .secretKeyMissing:
            "Have it stored again: \(installation.installer("install")), or see what there is: \(kubectl("get", "secrets"))"
        case .configMapMissing: "See which there are: \(kubectl("get", "configmaps"))"
        case .invalidImageName: "\(imageAnswer) with a valid name, all in small letters"
        case .imageNeverPulled:
            "\(imageAnswer) that is on the nodes, or let it be pulled: \(values).image.pullPolicy"
        case .imagePullBackOff:
            "\(imageAnswer) that the nodes can pull, or give them access: name a pull secret at imagePullSecrets "
                + "of the values file (--values)"
        case .containerStart: "\(imageAnswer) that can run here. See more: \(describe(kubectl))"
        case .outOfMemory: "Give it more memory with --memory"
        case .crashLoop:
            "See its log: \(log.map { "\(kubectl("logs", $0, "--previous"))" } ?? "\(describe(kubectl))")"
        case .probeFailing: "See its log: \(log.map { "\(kubectl("logs", $0))" } ?? "\(describe(kubectl))")"
        case .evicted: "See why: \(describe(kubectl))"
        }
    }

    private var imageAnswer: String {
        component == "proxy"
            ? "Choose an image at proxy.image of the values file (--values)" : "Choose an image with --image"
    }

    private var name: String { object.split(separator: " ").last.map(String.init) ?? object }

    private func describe(_ kubectl: Kubectl) -> Command {
        let words = object.split(separator: " ").map(String.init)
        return kubectl.command(["describe", (words.first ?? "pods").lowercased()] + words.dropFirst())
    }

    /// The cause as what a run failed of.
    /// - Parameters:
    ///   - log: the last lines that the container has printed.
    ///   - said: what the tool said that waited.
    func failure(_ installation: InstallationID, log lines: [String] = [], said: String? = nil)
        -> InstallerError
    {
        let printed = lines.map { "\(log ?? object), log: \($0)" }
        let detail = [evidence] + printed + [said].compactMap { $0 }
        return InstallerError(
            headline, detail: detail.joined(separator: "\n"), hint: fix(installation), code: code.rawValue)
    }
}
