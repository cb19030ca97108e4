extension Slumber {
    /// Asks the cluster.
    /// - Throws: ``Failure`` where there is no such builder, or it cannot be looked at.
    public static func look(in world: World, at site: Site) async throws -> Slumber {
        try await Query.slumber(site).value(from: world.runner)
    }
}

extension Query<Slumber> {
    /// BuildKit's Deployment, and the ScaledObjects beside it.
    static func slumber(_ site: Site) -> Query {
        let deployment = site.kubectl.look(
            "get", "deployments.apps", "--selector", Labels.pods(of: site, "builder"), "--output", "json")
        let scaledObjects = site.kubectl.look("get", "scaledobjects.keda.sh", "--output", "json")
        return Query([deployment, scaledObjects]) { results throws(Failure) in
            let found: KubernetesList<Deployment>? = try results[0].json(else: "BuildKit cannot be looked at")
            guard let builder = found?.items.first else {
                throw Failure(
                    "There is no BuildKit in the \(site)",
                    hint: "See what releases there are: \(Command(.helm, ["list", "--all-namespaces"]))")
            }
            let name = builder.metadata.name
            let scaler = try ScaledObject.all(in: results[1]).first { $0.decides(about: name) }
            return .found(
                Slumber(
                    builder: name, wanted: builder.spec.replicas ?? 1,
                    ready: builder.status?.readyReplicas ?? 0, scaledObject: scaler?.metadata.name))
        }
    }
}

private struct Deployment: Decodable {
    struct Spec: Decodable { var replicas: Int? }
    struct Status: Decodable { var readyReplicas: Int? }
    var metadata: KubernetesMetadata
    var spec: Spec
    var status: Status?
}

private struct ScaledObject: Decodable {
    struct Target: Decodable {
        var kind: String?
        var name: String
    }
    struct Spec: Decodable { var scaleTargetRef: Target }
    var metadata: KubernetesMetadata
    var spec: Spec

    static func all(in result: CommandResult) throws(Failure) -> [ScaledObject] {
        // Without KEDA nobody knows the word. Whoever may not look is not told, and KEDA has the last word anyway.
        let nothing = ["the server doesn't have a resource type", "(Forbidden)"]
        if let said = result.said, nothing.contains(where: { said.contains($0) }) { return [] }
        let list: KubernetesList<ScaledObject>? = try result.json(
            else: "Whether KEDA decides about BuildKit cannot be told")
        return list?.items ?? []
    }

    /// https://keda.sh/docs/latest/concepts/scaling-deployments/#pause-autoscaling
    func decides(about deployment: String) -> Bool {
        let isPaused = metadata.annotations?["autoscaling.keda.sh/paused"] == "true"
        let target = spec.scaleTargetRef
        return target.name == deployment && (target.kind ?? "Deployment") == "Deployment" && !isPaused
    }
}
