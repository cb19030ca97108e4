// The fix for each cause: an answer to change, or a command.

extension Cause {
    /// The fix, as one sentence or a command.
    /// - Parameter names: the names of the chart's objects, for a pod that was rejected in a dry run.
    func fix(_ installation: InstallationID, names: ChartNames = ChartNames()) -> String {
        let kubectl = installation.kubectl
        let values = isProxy ? "proxy" : "builder"
        let resources =
            isProxy ? "in a values file (--values), at proxy.resources" : "with --memory and --cpu"
        return switch code {
        case .quotaExceeded:
            "Reduce the requests \(resources), or raise the quota. List the quotas: "
                + "\(kubectl("describe", "resourcequotas"))"
        case .quotaRequiresLimits:
            "Set limits in a values file (--values), at \(values).resources.limits, or set default limits with a "
                + "LimitRange. List the quotas: \(kubectl("describe", "resourcequotas"))"
        case .limitRange:
            "Set allowed values \(resources), or change the LimitRange. List the LimitRanges: "
                + "\(kubectl("describe", "limitranges"))"
        case .podSecurity:
            "Allow BuildKit in the namespace: "
                + "\(installation.cluster("label", "namespace", installation.namespace, "\(KubernetesLabels.podSecurity)=privileged", "--overwrite"))"
        case .securityContextConstraints:
            "Ask an administrator to allow it: oc adm policy add-scc-to-user privileged --serviceaccount "
                + "\(serviceAccount(installation, names).shellQuoted) "
                + "--namespace \(installation.namespace.shellQuoted)"
                + (installation.context.isEmpty ? "" : " --context \(installation.context.shellQuoted)")
        case .admissionPolicy:
            "Ask the owner of the policy to exempt the namespace \(installation.namespace). List the policy "
                + "bindings: \(installation.cluster("get", "validatingadmissionpolicybindings"))"
        case .webhookDenied:
            "Ask the owner of the webhook to exempt the namespace \(installation.namespace). List the webhooks: "
                + "\(installation.cluster("get", "validatingwebhookconfigurations,mutatingwebhookconfigurations"))"
        case .webhookUnreachable:
            "Restore the webhook's Service, or remove the webhook. List the webhooks: "
                + "\(installation.cluster("get", "validatingwebhookconfigurations,mutatingwebhookconfigurations"))"
        case .serviceAccountMissing: "List the service accounts: \(kubectl("get", "serviceaccounts"))"
        case .priorityClassMissing:
            "Set an existing PriorityClass in a values file (--values), at \(values).priorityClassName. List them: "
                + "\(installation.cluster("get", "priorityclasses"))"
        case .podRefused, .notReady, .unschedulable: "Details: \(describe(kubectl))"
        case .unschedulableArch:
            "Add a node of this architecture, or remove kubernetes.io/arch from \(values).nodeSelector in the "
                + "values file (--values). List the architectures: "
                + "\(installation.cluster("get", "nodes", "--label-columns", "kubernetes.io/arch"))"
        case .unschedulableSelector:
            "Change \(values).nodeSelector or \(values).affinity in the values file (--values), or label a node. "
                + "List the labels: "
                + "\(installation.cluster("get", "nodes", "--show-labels"))"
        case .unschedulableTaint:
            "Add \(values).tolerations to the values file (--values), or add a node without the taint. List the "
                + "taints: "
                + "\(installation.cluster("describe", "nodes"))"
        case .unschedulableResources:
            "Reduce the requests \(resources), or add a larger node. Show the allocated resources: "
                + "\(installation.cluster("describe", "nodes"))"
        case .unschedulableVolume:
            "Check the location of the volume: \(kubectl("describe", "persistentvolumeclaims"))"
        case .pvcClassMissing, .pvcNoDefaultClass:
            "Choose a StorageClass with --storage-class, or use no volume with --cache none. List them: "
                + "\(installation.cluster("get", "storageclasses"))"
        case .pvcMissing: "List the claims: \(kubectl("get", "persistentvolumeclaims"))"
        case .pvcProvisioningFailed, .pvcPending:
            "Details: \(kubectl("describe", "persistentvolumeclaims"))"
        case .userNamespacesUnsupported: "Choose --security rootless, which does not require user namespaces"
        case .sandboxFailed, .volumeNotMounted, .containerConfig: "Details: \(describe(kubectl))"
        case .secretMissing, .secretKeyMissing:
            "Restore it: \(installation.installer("install")), or list the Secrets: \(kubectl("get", "secrets"))"
        case .configMapMissing: "List the ConfigMaps: \(kubectl("get", "configmaps"))"
        case .invalidImageName: "\(imageAnswer) with a valid name in lowercase"
        case .imageNeverPulled:
            "\(imageAnswer) that is present on the nodes, or allow pulling it in a values file (--values), at "
                + "\(values).image.pullPolicy"
        case .imagePullBackOff:
            "\(imageAnswer) that the nodes can pull, or add a pull secret at imagePullSecrets of the values file "
                + "(--values)"
        case .containerStart: "\(imageAnswer) that can run on the node. Details: \(describe(kubectl))"
        case .outOfMemory: "Increase the memory \(isProxy ? resources : "with --memory")"
        case .crashLoop: "Check its log: \(logs(kubectl, "--previous"))"
        case .probeFailing: "Check its log: \(logs(kubectl))"
        case .evicted: "Details: \(describe(kubectl))"
        }
    }

    private var imageAnswer: String {
        isProxy
            ? "Choose an image at proxy.image of the values file (--values)" : "Choose an image with --image"
    }

    /// The service account of the pods: it has the name of their Deployment.
    private func serviceAccount(_ installation: InstallationID, _ names: ChartNames) -> String {
        let words = object.split(separator: " ")
        guard words.count == 2, words[0] == "Deployment" else {
            return "\(names.fullname(of: installation.release))-\(component)"
        }
        return String(words[1])
    }

    private func logs(_ kubectl: Kubectl, _ options: String...) -> Command {
        guard let log else { return describe(kubectl) }
        return kubectl.command(["logs", log] + (container.map { ["--container", $0] } ?? []) + options)
    }

    private func describe(_ kubectl: Kubectl) -> Command {
        let words = object.split(separator: " ").map(String.init)
        return kubectl.command(["describe", (words.first ?? "pods").lowercased()] + words.dropFirst())
    }

    /// The cause as the error of a failed run.
    /// - Parameters:
    ///   - log: the last lines that the container printed.
    ///   - said: the output of the tool that waited.
    func failure(_ installation: InstallationID, log lines: [String] = [], said: String? = nil)
        -> InstallerError
    {
        let printed = lines.map { "\(log ?? object), log: \($0)" }
        let detail = [evidence] + printed + [said].compactMap { $0 }
        return InstallerError(
            headline, detail: detail.joined(separator: "\n"), hint: fix(installation), code: code.rawValue)
    }
}
