// Checks of the cluster as a whole.

extension Check {
    static let context = Check("context", .cluster, "kubeconfig context") { facts, answers in
        if facts.contexts.isPending, facts.server.value != nil, !answers.context.isEmpty {
            return .passed(answers.context)
        }
        return facts.verdictByKubectl(on: facts.contexts) { contexts in
            let name = answers.context.isEmpty ? contexts.current : answers.context
            if contexts.names.contains(name) { return .passed(name) }
            // In a pod kubectl and helm need no kubeconfig.
            if contexts.names.isEmpty, contexts.current.isEmpty, answers.context.isEmpty {
                return facts.server.verdict(otherwise: { _ in .noKubeconfig }) { _ in
                    .passed("not required in this cluster")
                }
            }
            let choice = contexts.names.first.map { "Choose one: --context \($0.shellQuoted)" }
            return name.isEmpty
                ? .failed("No current context is set", hint: choice ?? CheckOutcome.pointToKubeconfig)
                : .failed(
                    "Context '\(name)' not found; available: \(contexts.names.inWords)",
                    hint: choice ?? CheckOutcome.pointToKubeconfig)
        }
    }

    static let server = Check("server", .cluster, "API server") {
        facts, _ in
        facts.verdictByKubectl(on: facts.server) { version in
            guard let number = Version(version), number < Version(1, 20) else { return .passed(version) }
            return .failed(
                "The cluster runs Kubernetes \(version); 1.20 or later is required",
                hint: "Upgrade it, or choose another context: --context NAME")
        }
    }

    static let storageClass = Check("storage-class", .cluster, "StorageClass for the cache volume") {
        facts, answers in
        guard answers.cache != .none else { return .skipped("no cache volume is configured") }
        if let claim = facts.cacheClaim.value.flatMap({ $0 }) { return facts.verdict(on: claim, answers) }
        // A user with rights in one namespace may not be permitted to list them.
        return facts.verdict(on: facts.storageClasses, otherwise: { .warning($0) }) { classes in
            let names = classes.map(\.name)
            guard answers.storageClass.isEmpty else {
                return names.contains(answers.storageClass)
                    ? .passed(answers.storageClass)
                    : .warning(
                        "StorageClass '\(answers.storageClass)' not found; only a pre-provisioned volume can bind",
                        hint: names.first.map { "Choose one: --storage-class \($0.shellQuoted)" })
            }
            if let name = classes.first(where: \.isDefault)?.name { return .passed(name) }
            if facts.cacheClaim.isPending { return .pending }
            return .failed(
                "No default StorageClass: the PersistentVolumeClaim of the cache would stay Pending",
                hint: names.first.map { "Choose one: --storage-class \($0.shellQuoted)" }
                    ?? "Use no volume: --cache none")
        }
    }

    static let values = Check("values", .cluster, "values file") { facts, answers in
        let failures = [facts.lacksKEDA.failure, facts.chartNames.failure].compactMap(\.self)
        if let failure = failures.first(where: { $0.code == .fileUnreadable }) { return .failed(failure) }
        // Without a cluster the presence of KEDA is unknown.
        if facts.server.failure != nil { return .skipped("the cluster does not respond") }
        return facts.verdict(on: facts.lacksKEDA, otherwise: { .warning($0) }) { lacksKEDA in
            guard lacksKEDA else {
                return answers.values.isEmpty ? .skipped("none") : .passed(answers.values)
            }
            return .failed(
                "\(answers.values) sets builder.sleep.enabled, but KEDA is not installed in the cluster",
                hint: "Install KEDA (https://keda.sh), or remove builder.sleep and use "
                    + "buildkit-installer sleep and wake")
        }
    }

    static let security = Check("security", .cluster, "security profile on the nodes") {
        facts, answers in
        // With a chosen profile no recommendation is needed.
        facts.verdict(
            on: facts.nodes, otherwise: { answers.security == nil ? .failed($0) : .warning($0) }
        ) { _ in
            // The server version is part of the decision.
            guard !facts.server.isPending else { return .pending }
            let best = SecurityProfile.recommended(by: facts)
            if facts.mayListNodes, facts.nodes.certainly(\.isEmpty) {
                return .warning(
                    "The cluster has no Linux node: BuildKit stays Pending until one joins",
                    hint: "Check the nodes: \(answers.installation.cluster("get", "nodes"))")
            }
            switch answers.security {
            case nil: return .passed("\(best.profile.rawValue): \(best.reason)")
            case .userns where facts.lackOfUserNamespaces != nil:
                return .failed(
                    "The BuildKit pod cannot start with userns: \(best.reason)",
                    hint: "Choose: --security \(best.profile.rawValue)")
            case .userns where best.profile != .userns:
                return .warning(
                    "userns may not work on this cluster: \(best.reason)",
                    hint: "Choose: --security \(best.profile.rawValue)")
            case .privileged:
                return .warning(
                    "A container breakout from a privileged pod compromises the node",
                    hint: "Choose: --security \(best.profile.rawValue)")
            case let chosen?: return .passed(chosen.rawValue)
            }
        }
    }
}

extension Facts {
    /// Whether an existing volume can get the requested size. Helm would replace BuildKit before Kubernetes rejected
    /// the size.
    fileprivate func verdict(on claim: CacheClaim, _ answers: Answers) -> CheckOutcome {
        guard case .size(let wanted) = answers.cache, let size = StorageSize(wanted),
            let present = StorageSize(claim.size), size != present
        else { return .passed("the volume already exists") }
        let keep = "Keep its size: --cache \(claim.size)"
        if size < present {
            return .failed(
                "The cache volume has \(claim.size), and volumes cannot shrink to \(wanted)",
                hint: keep + ". To start with an empty volume, delete it first: "
                    + "\(answers.installation.kubectl("delete", "persistentvolumeclaim", answers.cacheClaim))"
            )
        }
        // The size has already been requested; the expansion is in progress.
        if let requested = claim.requested.flatMap({ StorageSize($0) }), requested == size {
            return .passed("the volume already exists and will be expanded to \(wanted)")
        }
        guard let name = claim.storageClass else {
            return .failed(
                "The cache volume has \(claim.size) and cannot be expanded: it has no StorageClass",
                hint: keep)
        }
        guard case .known(let classes) = storageClasses,
            let allows = classes.first(where: { $0.name == name })?.allowsExpansion
        else {
            return storageClasses.isPending
                ? .pending
                : .warning(
                    "The cache volume has \(claim.size); cannot read whether its StorageClass "
                        + "\(name) allows expansion to "
                        + "\(wanted)", hint: keep)
        }
        guard allows else {
            return .failed(
                "The cache volume has \(claim.size), and its StorageClass \(name) does not allow volume expansion",
                hint: "\(keep). If the storage supports it, allow expansion: "
                    + "\(answers.installation.cluster("patch", "storageclass", name, "--patch", #"{"allowVolumeExpansion":true}"#))"
            )
        }
        return .passed("the volume already exists and will be expanded to \(wanted)")
    }
}

extension CheckOutcome {
    fileprivate static let pointToKubeconfig =
        "Set the kubeconfig: export KUBECONFIG=~/cluster.yaml"
    fileprivate static let noKubeconfig = CheckOutcome.failed(
        "The kubeconfig has no contexts", hint: pointToKubeconfig)
}
