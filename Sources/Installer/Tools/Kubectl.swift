import MutualTLS

/// Builds command lines of kubectl. Pure: nothing is run here.
public struct Kubectl: Sendable {
    public var context: String
    public var namespace: String?

    public init(context: String, namespace: String? = nil) {
        self.context = context
        self.namespace = namespace
    }

    /// The manager of fields in the cluster that this program sets.
    public static let fieldManager = "buildkit-installer"

    public func callAsFunction(_ arguments: String..., input: String? = nil, timeout: Int = 60) -> Command {
        command(arguments, input: input, timeout: timeout)
    }

    /// Lists what the user may do in the namespace.
    var permissions: Command { command(["auth", "can-i", "--list"]) }

    func command(_ arguments: [String], input: String? = nil, timeout: Int = 60) -> Command {
        var all = arguments
        // Global flags are last, because users read the verb first.
        if let namespace { all += ["--namespace", namespace] }
        if !context.isEmpty { all += ["--context", context] }
        return Command(.kubectl, all, input: input, timeout: timeout)
    }

    /// Applies a manifest from standard input, as the only manager of its fields.
    /// - Parameter force: take over fields from other managers.
    public func apply(_ manifest: String, force: Bool = false) -> Command {
        command(
            ["apply", "--server-side", "--field-manager", Self.fieldManager]
                + (force ? ["--force-conflicts"] : [])
                + ["--filename", "-"], input: manifest)
    }

    /// Creates an object from standard input, and fails where its name exists.
    /// - Parameter output: the output format of kubectl; nil: the name.
    public func create(_ manifest: String, output: String? = nil) -> Command {
        command(
            ["create", "--field-manager", Self.fieldManager, "--filename", "-"]
                + (output.map { ["--output", $0] } ?? []), input: manifest)
    }

    /// Annotates pods: the kubelet syncs a changed pod at once, with its mounted Secrets; otherwise a changed Secret
    /// takes one or two minutes to reach it.
    public func annotate(pods: [String], with value: String) -> Command {
        command(
            ["annotate", "pods"] + pods
                + ["\(KubernetesLabels.certificatesChangedAnnotation)=\(value)", "--overwrite"])
    }

    /// Replaces the pods of a Deployment by its rollout strategy.
    public func restart(deployment: String) -> Command {
        command(["rollout", "restart", "deployment/\(deployment)"])
    }

    /// Deletes objects and waits until they no longer exist.
    public func delete(_ removal: Removal) -> Command {
        command(
            ["delete"] + removal.objects + ["--ignore-not-found", "--wait", "--timeout=\(removal.timeout)s"],
            timeout: removal.timeout + 60)
    }

    public func scale(_ object: String, to replicas: Int) -> Command {
        command(["scale", object, "--replicas=\(replicas)"])
    }

    /// Forwards a port of a Service to the same port of this machine, until the process is ended.
    public func portForward(_ service: ServiceName) -> Command {
        command(
            ["port-forward", "service/\(service.name)", "\(service.port):\(service.port)"], timeout: 24 * 3600
        )
    }
}

extension SecretName {
    var kubectl: Kubectl { Kubectl(context: context, namespace: namespace) }
}

extension Removal {
    var kubectl: Kubectl { Kubectl(context: context, namespace: namespace) }
}

extension ServiceName {
    var kubectl: Kubectl { Kubectl(context: context, namespace: namespace) }
}

extension InstallationID {
    var kubectl: Kubectl { Kubectl(context: context, namespace: namespace) }
}

extension Kubectl {
    /// Prints the name of the current context and all contexts, as a JSON array: ``ContextList``. The rest of the
    /// kubeconfig, which has the credentials, is not printed.
    static let contexts = Command(
        .kubectl, ["config", "view", "--output", "jsonpath-as-json={['current-context','contexts']}"],
        timeout: 15)

    /// kubectl also fetches plain HTTP. Without a kubeconfig it has no credentials to send.
    static func metrics(at port: Int) -> Command {
        Command(
            .kubectl,
            [
                "get", "--raw", "/metrics", "--kubeconfig", "/dev/null", "--server",
                "http://127.0.0.1:\(port)", "--request-timeout=5s",
            ], timeout: 15)
    }

    /// A read-only command with a short timeout for an unreachable server.
    func look(_ arguments: [String], input: String? = nil) -> Command {
        command(arguments + ["--request-timeout=5s"], input: input, timeout: 15)
    }

    func look(_ arguments: String..., input: String? = nil) -> Command { look(arguments, input: input) }
}

extension String {
    /// The hint where the cluster does not answer.
    static func reachCluster(by command: Command) -> String {
        "Check the network, a VPN and the context, then try it: \(command)"
    }
}

extension InstallationID {
    /// For cluster-scoped objects.
    var cluster: Kubectl { Kubectl(context: context) }
}

/// The labels that the installer sets and reads.
enum KubernetesLabels {
    /// https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
    static let managedBy = "app.kubernetes.io/managed-by"
    static let us = "buildkit-installer"
    /// https://kubernetes.io/docs/concepts/security/pod-security-admission/
    static let podSecurity = "pod-security.kubernetes.io/enforce"

    /// The label of this program's objects.
    static let ours = [managedBy: us]

    /// The mark of one run: its value is known only to that run. An annotation of objects, a label of Helm's
    /// revisions.
    static let run = "buildkit-installer/run"

    /// Helm's annotation of an object: the name of its release.
    /// https://helm.sh/docs/chart_best_practices/labels/
    static let helmRelease = "meta.helm.sh/release-name"
    /// The namespace of that release.
    static let helmNamespace = "meta.helm.sh/release-namespace"

    /// Selects all objects of a release.
    static func objects(of installation: InstallationID) -> String {
        "\(instance)=\(installation.release)"
    }

    /// The name of the release.
    static let instance = "app.kubernetes.io/instance"
    static let component = "app.kubernetes.io/component"

    /// The components of a release that have pods.
    static let components = ["builder", "proxy"]

    /// The chart's container in the pods of a component. Others may be added to a pod, such as that of a service mesh.
    static func container(of component: String) -> String { component == "proxy" ? "envoy" : "buildkitd" }

    /// The label by which a Deployment tells the pods of its ReplicaSets apart; their names end with it.
    static let podTemplateHash = "pod-template-hash"

    /// Selects the pods with the labels of one component of a release; nil: of both.
    static func pods(of installation: InstallationID, _ component: String?) -> String {
        let choice = component.map { "=\($0)" } ?? " in (\(components.joined(separator: ",")))"
        return "\(objects(of: installation)),\(Self.component)\(choice)"
    }

    /// The annotation of a pod whose Secrets have changed; its value is the time.
    static let certificatesChangedAnnotation = "buildkit-installer/certificates-changed"
}

/// Objects of the cluster to delete.
public struct Removal: Codable, Equatable, Sendable {
    public var context: String
    /// Nil: they are cluster-scoped.
    public var namespace: String?
    /// `deployment.apps/buildkit-proxy`, in kubectl's notation.
    public var objects: [String]
    /// The timeout, in seconds.
    public var timeout: Int
    /// A namespace is only deleted while it contains nothing of others: that is checked again directly before.
    public var emptied: EmptiedNamespace?
    /// Secrets are only deleted while no other release of the chart is in the namespace: all of them mount the same
    /// ones. That is checked again directly before. Nil: the objects belong to one release.
    public var exclusive: InstallationID?
}

/// A namespace from which an installation has been removed.
public struct EmptiedNamespace: Codable, Equatable, Sendable {
    public var installation: InstallationID
    /// The name of the cache volume's claim.
    public var cacheClaim: String
}

public struct SecretName: Codable, Hashable, Sendable {
    public var context: String
    public var namespace: String
    public var name: String
}

/// A Service of the cluster, and the port that clients dial.
public struct ServiceName: Codable, Hashable, Sendable {
    public var context: String
    public var namespace: String
    public var name: String
    public var port: Int
}
