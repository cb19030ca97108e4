import MutualTLS

/// Builds kubectl's command lines. Pure: nothing is run here.
public struct Kubectl: Sendable {
    public var context: String
    public var namespace: String?

    public init(context: String, namespace: String? = nil) {
        self.context = context
        self.namespace = namespace
    }

    /// Who the cluster is told changed a field.
    public static let fieldManager = "buildkit-installer"

    public func callAsFunction(_ arguments: String..., input: String? = nil, timeout: Int = 60) -> Command {
        command(arguments, input: input, timeout: timeout)
    }

    func command(_ arguments: [String], input: String? = nil, timeout: Int = 60) -> Command {
        var all = arguments
        // Global flags go last: a person reads the verb first.
        if let namespace { all += ["--namespace", namespace] }
        if !context.isEmpty { all += ["--context", context] }
        return Command(.kubectl, all, input: input, timeout: timeout)
    }

    /// Applies what comes on standard input, as the only owner of the fields in it.
    /// - Parameter force: take fields over from whoever owned them.
    public func apply(_ manifest: String, force: Bool = false) -> Command {
        command(
            ["apply", "--server-side", "--field-manager", Self.fieldManager]
                + (force ? ["--force-conflicts"] : [])
                + ["--filename", "-"], input: manifest)
    }

    /// Makes what comes on standard input, and fails where something of its name is there.
    /// - Parameter output: what to print of it, as kubectl takes it; nil: its name.
    public func create(_ manifest: String, output: String? = nil) -> Command {
        command(
            ["create", "--field-manager", Self.fieldManager, "--filename", "-"]
                + (output.map { ["--output", $0] } ?? []), input: manifest)
    }

    /// Annotates the proxies' pods: a pod that changes is looked at by its kubelet at once, with the Secrets that it
    /// has mounted; else a changed Secret takes a minute or two to reach it.
    public func annotateProxies(of installation: InstallationID, with value: String) -> Command {
        command([
            "annotate", "pods", "--selector", KubernetesLabels.pods(of: installation, "proxy"),
            "\(KubernetesLabels.certificatesChangedAnnotation)=\(value)", "--overwrite",
        ])
    }

    /// Deletes objects and waits until they are gone.
    public func delete(_ removal: Removal) -> Command {
        command(
            ["delete"] + removal.objects + ["--ignore-not-found", "--wait", "--timeout=\(removal.timeout)s"],
            timeout: removal.timeout + 60)
    }

    public func scale(_ object: String, to replicas: Int) -> Command {
        command(["scale", object, "--replicas=\(replicas)"])
    }

    /// Forwards a port of a Service to the same port here, until it is ended.
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
    /// A command that only looks, and does not wait long for a server that is not there.
    func look(_ arguments: [String], input: String? = nil) -> Command {
        command(arguments + ["--request-timeout=5s"], input: input, timeout: 15)
    }

    func look(_ arguments: String..., input: String? = nil) -> Command { look(arguments, input: input) }
}

extension InstallationID {
    /// For what belongs to no namespace.
    var cluster: Kubectl { Kubectl(context: context) }
}

/// The labels that the installer sets and reads.
enum KubernetesLabels {
    /// https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
    static let managedBy = "app.kubernetes.io/managed-by"
    static let us = "buildkit-installer"
    /// https://kubernetes.io/docs/concepts/security/pod-security-admission/
    static let podSecurity = "pod-security.kubernetes.io/enforce"

    /// What marks an object as this program's own.
    static let ours = [managedBy: us]

    /// Marks what one run has made, and no other: its value is known to that run alone. An annotation of objects, a
    /// label of Helm's revisions.
    static let run = "buildkit-installer/run"

    /// Selects the pods of both of a release's parts.
    static func pods(of installation: InstallationID) -> String {
        "app.kubernetes.io/instance=\(installation.release),app.kubernetes.io/component in (builder,proxy)"
    }

    /// Selects the pods of one of a release's two parts: `proxy` or `builder`.
    static func pods(of installation: InstallationID, _ component: String) -> String {
        "app.kubernetes.io/instance=\(installation.release),app.kubernetes.io/component=\(component)"
    }

    /// The annotation of a pod whose Secrets have changed; its value is the time.
    static let certificatesChangedAnnotation = "buildkit-installer/certificates-changed"
}

/// Objects of the cluster that are to go.
public struct Removal: Codable, Equatable, Sendable {
    public var context: String
    /// Nil: they belong to no namespace.
    public var namespace: String?
    /// `deployment.apps/buildkit-proxy`, as kubectl takes them.
    public var objects: [String]
    /// How long they may take, in seconds.
    public var timeout: Int
    /// A namespace goes only while nothing of others is in it: it is looked at once more right before.
    public var emptied: EmptiedNamespace?
}

/// A namespace of which all that was an installation's is gone.
public struct EmptiedNamespace: Codable, Equatable, Sendable {
    public var installation: InstallationID
    /// The name of the cache volume's claim.
    public var cacheClaim: String
}

/// A Secret of the cluster.
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
