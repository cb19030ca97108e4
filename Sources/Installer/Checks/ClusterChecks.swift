// What is looked at in the cluster as a whole.

extension Check {
    static let context = Check("context", .cluster, "the kubeconfig has the context") { facts, answers in
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

    static let server = Check("server", .cluster, "the cluster answers, with Kubernetes 1.20 or later") {
        facts, _ in
        facts.verdictByKubectl(on: facts.server) { version in
            guard let number = Version(version), number < Version(1, 20) else { return .passed(version) }
            return .failed(
                "The cluster has Kubernetes \(version)", hint: "Upgrade it, or choose another context")
        }
    }

    static let storageClass = Check("storage-class", .cluster, "the cache volume has a storage class") {
        facts, answers in
        guard answers.cache != .none else { return .skipped("no cache volume is asked for") }
        if facts.cacheClaim.certainly({ $0 != nil }) { return .passed("the volume is there already") }
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

    static let sleep = Check("sleep", .cluster, "KEDA is there, if BuildKit is to sleep by itself") {
        facts, answers in
        facts.verdict(on: facts.lacksKEDA, otherwise: { .warning($0) }) { lacksKEDA in
            guard lacksKEDA else { return .passed("nothing needs it, or it is there") }
            return .failed(
                "\(answers.values) sets builder.sleep.enabled, but KEDA is not in the cluster",
                hint: "Install KEDA (https://keda.sh), or leave builder.sleep out and use "
                    + "buildkit-installer sleep and wake")
        }
    }

    static let security = Check("security", .cluster, "the nodes can run the security profile") {
        facts, answers in
        // A profile that was chosen needs no recommendation.
        facts.verdict(
            on: facts.nodes, otherwise: { answers.security == nil ? .failed($0) : .warning($0) }
        ) { _ in
            // The server's version is a part of the judgement.
            guard !facts.server.isPending else { return .pending }
            let best = SecurityProfile.recommended(by: facts)
            switch answers.security {
            case nil: return .passed("\(best.profile.rawValue): \(best.reason)")
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

extension CheckOutcome {
    fileprivate static let pointToKubeconfig =
        "Name the cluster's kubeconfig: export KUBECONFIG=~/cluster.yaml"
    fileprivate static let noKubeconfig = CheckOutcome.failed(
        "The kubeconfig has no contexts", hint: pointToKubeconfig)
}
