// What is looked at in the cluster as a whole.

extension Check {
    static let context = Check("context", .cluster, "kubeconfig context") { facts, answers in
        facts.verdictByKubectl(on: facts.contexts) { contexts in
            let name = answers.context.isEmpty ? contexts.current : answers.context
            if contexts.names.contains(name) { return .passed(name) }
            // In a pod kubectl and helm need no kubeconfig.
            if contexts.names.isEmpty, contexts.current.isEmpty, answers.context.isEmpty {
                return facts.server.verdict(otherwise: { _ in .noKubeconfig }) { _ in
                    .passed("none is needed here")
                }
            }
            let choice = contexts.names.first.map { "Choose one: --context \($0.shellQuoted)" }
            return name.isEmpty
                ? .failed("No context is the current one", hint: choice ?? CheckOutcome.pointToKubeconfig)
                : .failed(
                    "There is no context '\(name)', only \(contexts.names.inWords)",
                    hint: choice ?? CheckOutcome.pointToKubeconfig)
        }
    }

    static let server = Check("server", .cluster, "API server") {
        facts, _ in
        facts.verdictByKubectl(on: facts.server) { version in
            guard let number = Version(version), number < Version(1, 20) else { return .passed(version) }
            return .failed(
                "The cluster has Kubernetes \(version)", hint: "Upgrade it, or choose another context")
        }
    }

    static let storageClass = Check("storage-class", .cluster, "StorageClass for the cache volume") {
        facts, answers in
        guard answers.cache != .none else { return .skipped("no cache volume is asked for") }
        if let claim = facts.cacheClaim.value.flatMap({ $0 }) { return facts.verdict(on: claim, answers) }
        // People of one namespace may not list them.
        return facts.verdict(on: facts.storageClasses, otherwise: { .warning($0) }) { classes in
            let names = classes.map(\.name)
            guard answers.storageClass.isEmpty else {
                return names.contains(answers.storageClass)
                    ? .passed(answers.storageClass)
                    : .warning(
                        "There is no storage class '\(answers.storageClass)'; only a volume of your own fits",
                        hint: names.first.map { "Choose one: --storage-class \($0.shellQuoted)" })
            }
            if let name = classes.first(where: \.isDefault)?.name { return .passed(name) }
            if facts.cacheClaim.isPending { return .pending }
            return .failed(
                "No storage class is the default, so the cache volume would never come",
                hint: names.first.map { "Choose one: --storage-class \($0.shellQuoted)" }
                    ?? "Do without the volume: --cache none")
        }
    }

    static let sleep = Check("sleep", .cluster, "KEDA (for autosleep)") {
        facts, answers in
        // Without a cluster nobody has looked whether it is there.
        if facts.server.failure != nil { return .skipped("the cluster does not answer") }
        return facts.verdict(on: facts.lacksKEDA, otherwise: { .warning($0) }) { lacksKEDA in
            guard lacksKEDA else {
                return answers.values.isEmpty
                    ? .skipped("not required") : .passed("not required, or installed")
            }
            return .failed(
                "\(answers.values) sets builder.sleep.enabled, but KEDA is not in the cluster",
                hint: "Install KEDA (https://keda.sh), or leave builder.sleep out and use "
                    + "buildkit-installer sleep and wake")
        }
    }

    static let security = Check("security", .cluster, "security profile on the nodes") {
        facts, answers in
        // A profile that was chosen needs no recommendation.
        facts.verdict(
            on: facts.nodes, otherwise: { answers.security == nil ? .failed($0) : .warning($0) }
        ) { _ in
            // The server's version is a part of the judgement.
            guard !facts.server.isPending else { return .pending }
            let best = SecurityProfile.recommended(by: facts)
            if facts.mayListNodes, facts.nodes.certainly(\.isEmpty) {
                return .warning(
                    "The cluster has no Linux node: BuildKit cannot start until one joins",
                    hint: "Look at the nodes: \(answers.installation.cluster("get", "nodes"))")
            }
            switch answers.security {
            case nil: return .passed("\(best.profile.rawValue): \(best.reason)")
            case .userns where facts.lackOfUserNamespaces != nil:
                return .failed(
                    "BuildKit's pod would never start with userns: \(best.reason)",
                    hint: "Choose: --security \(best.profile.rawValue)")
            case .userns where best.profile != .userns:
                return .warning(
                    "userns may not work here: \(best.reason)",
                    hint: "Choose: --security \(best.profile.rawValue)")
            case .privileged:
                return .warning(
                    "privileged gives whoever breaks out of a build the whole node",
                    hint: "Choose: --security \(best.profile.rawValue)")
            case let chosen?: return .passed(chosen.rawValue)
            }
        }
    }
}

extension Facts {
    /// Whether a volume that is there can have the size that is asked for. Helm would replace BuildKit before
    /// Kubernetes said no.
    fileprivate func verdict(on claim: CacheClaim, _ answers: Answers) -> CheckOutcome {
        guard case .size(let wanted) = answers.cache, let size = StorageSize(wanted),
            let present = StorageSize(claim.size), size != present
        else { return .passed("the volume is there already") }
        let keep = "Keep its size: --cache \(claim.size)"
        if size < present {
            return .failed(
                "The cache volume has \(claim.size), and no volume can be made smaller: \(wanted) is refused",
                hint: keep + ". To begin with an empty one, remove it first: "
                    + "\(answers.installation.kubectl("delete", "persistentvolumeclaim", answers.cacheClaim))"
            )
        }
        // It has been asked for already, and is under way.
        if let requested = claim.requested.flatMap({ StorageSize($0) }), requested == size {
            return .passed("the volume is there already, and will grow to \(wanted)")
        }
        guard let name = claim.storageClass else {
            return .failed(
                "The cache volume has \(claim.size), and cannot grow: no storage class made it", hint: keep)
        }
        guard case .known(let classes) = storageClasses,
            let allows = classes.first(where: { $0.name == name })?.allowsExpansion
        else {
            return storageClasses.isPending
                ? .pending
                : .warning(
                    "The cache volume has \(claim.size); whether its storage class \(name) lets it grow to "
                        + "\(wanted) could not be seen", hint: keep)
        }
        guard allows else {
            return .failed(
                "The cache volume has \(claim.size), and its storage class \(name) does not let volumes grow",
                hint: "\(keep). If the storage can, allow it: "
                    + "\(answers.installation.cluster("patch", "storageclass", name, "--patch", #"{"allowVolumeExpansion":true}"#))"
            )
        }
        return .passed("the volume is there already, and will grow to \(wanted)")
    }
}

extension CheckOutcome {
    fileprivate static let pointToKubeconfig =
        "Name the cluster's kubeconfig: export KUBECONFIG=~/cluster.yaml"
    fileprivate static let noKubeconfig = CheckOutcome.failed(
        "The kubeconfig has no contexts", hint: pointToKubeconfig)
}
