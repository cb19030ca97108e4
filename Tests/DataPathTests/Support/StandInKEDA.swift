import ChartSupport
import FoundationEssentials
import LabSupport

/// A substitute for KEDA: queries the URL in a ScaledObject's trigger, and scales its target accordingly.
struct StandInKEDA: Sendable {
    let namespace: Namespace
    let scaledObject: ScaledObject
    private let proxy: LocalProxy

    /// Adds KEDA's kind to a cluster, as an installation of KEDA does.
    static func introduce(to kubectl: Program) async throws {
        try await kubectl.require(
            "apply", "-f", "-",
            input: """
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: scaledobjects.keda.sh}
                spec:
                  group: keda.sh
                  scope: Namespaced
                  names: {plural: scaledobjects, singular: scaledobject, kind: ScaledObject, listKind: ScaledObjectList}
                  versions:
                    - name: v1alpha1
                      served: true
                      storage: true
                      schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
                """)
        try await kubectl.require(
            "wait", "--for=condition=Established", "--timeout=300s", "crd/scaledobjects.keda.sh")
    }

    /// - Parameter proxy: the proxy behind the Service in the trigger.
    init(for name: String, in namespace: Namespace, proxy: LocalProxy) async throws {
        self.namespace = namespace
        self.proxy = proxy
        let text = try await namespace.kubectl.require(
            "get", "scaledobject", name, "-n", namespace.name, "-o", "json")
        scaledObject = try JSONDecoder().decode(ScaledObject.self, from: Data(text.utf8))
        try await expectToReachTheProxy()
    }

    /// Scales until it is cancelled.
    func run() async throws {
        let spec = scaledObject.spec
        let cooldown = Duration.seconds(spec.cooldownPeriod)
        var lastActive = ContinuousClock.now
        while true {
            let isActive = try await figure() > scaledObject.trigger.activation
            let replicas = try await replicas()
            if isActive {
                lastActive = .now
                if replicas == 0 { try await scale(to: max(1, spec.minReplicaCount)) }
            } else if replicas > spec.minReplicaCount, .now - lastActive >= cooldown {
                try await scale(to: spec.minReplicaCount)
            }
            try await Task.sleep(for: .seconds(spec.pollingInterval))
        }
    }

    /// The desired number of pods of the target.
    func replicas() async throws -> Int {
        let text = try await namespace.kubectl.require(
            "get", target, "-n", namespace.name, "-o", "jsonpath={.spec.replicas}")
        return Int(text) ?? 1
    }

    private var target: String { "deployment/\(scaledObject.spec.scaleTargetRef.name)" }

    private func scale(to replicas: Int) async throws {
        try await namespace.kubectl.require(
            "scale", target, "--replicas=\(replicas)", "-n", namespace.name)
    }

    /// Uses the trigger's own path and value; only the host differs.
    private func figure() async throws -> Double {
        let trigger = scaledObject.trigger
        let text = try await proxy.get(trigger.url.path)
        let line = text.split(separator: "\n").first { $0.hasPrefix("\(trigger.valueLocation) ") }
        guard let figure = line?.split(separator: " ").last.flatMap({ Double($0) }) else {
            throw LabFailure("There is no \(trigger.valueLocation) at \(trigger.url).")
        }
        return figure
    }

    /// Expects the URL's host and port to be those of the proxies' metrics Service.
    private func expectToReachTheProxy() async throws {
        let url = scaledObject.trigger.url
        let names = (url.host ?? "").split(separator: ".")
        guard names.dropFirst().joined(separator: ".") == "\(namespace.name).svc.cluster.local",
            let service = names.first, let port = url.port
        else { throw LabFailure("\(url) is no Service of \(namespace.name).") }
        let target = try await namespace.kubectl.require(
            "get", "service", "\(service)", "-n", namespace.name, "-o",
            "jsonpath={.spec.selector.app\\.kubernetes\\.io/component} {.spec.ports[?(@.port==\(port))].targetPort}"
        )
        guard target == "proxy metrics" else { throw LabFailure("\(url) leads to '\(target)'.") }
    }
}

/// The fields that KEDA reads of its own kind.
struct ScaledObject: Decodable {
    struct Target: Decodable { let name: String }
    struct Trigger: Decodable {
        struct Metadata: Decodable {
            let url: URL
            let format: String
            let valueLocation: String
            let activationTargetValue: String
        }
        let type: String
        let metadata: Metadata

        var url: URL { metadata.url }
        var valueLocation: String { metadata.valueLocation }
        var activation: Double { Double(metadata.activationTargetValue) ?? 0 }
    }
    struct Spec: Decodable {
        let scaleTargetRef: Target
        let minReplicaCount: Int
        let maxReplicaCount: Int
        let pollingInterval: Int
        let cooldownPeriod: Int
        let triggers: [Trigger]
    }
    let spec: Spec

    var trigger: Trigger { spec.triggers[0] }
}
