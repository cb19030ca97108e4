import MutualTLS

/// A suggested value for a field, and the reason.
public struct Suggestion: Equatable, Sendable {
    public let value: String
    /// The source, in a few words: "load balancer address".
    public let reason: String

    public init(value: String, reason: String) {
        self.value = value
        self.reason = reason
    }
}

extension Facts {
    /// The suggestions for a field, the best first; for a list, each suggestion is one of its values.
    public func proposals(for field: Field.ID, with answers: Answers) -> [Suggestion] {
        switch field {
        case Field.context.id:
            (contexts.value?.names ?? []).map { name in
                Suggestion(
                    value: name, reason: name == contexts.value?.current ? "current context" : "context"
                )
            }
        case Field.namespace.id:
            (namespaces.value ?? []).filter { !$0.hasPrefix("kube-") }.map { name in
                let holds = installations.value?.contains { $0.id.namespace == name } ?? false
                return Suggestion(value: name, reason: holds ? "has an installation" : "namespace")
            }
        case Field.sans.id: addresses(for: answers) + serviceNames(of: answers)
        case Field.endpoint.id:
            addresses(for: answers).filter { $0.value != "127.0.0.1" && $0.value != "::1" }.map {
                Suggestion(
                    value: "\(Endpoint(host: $0.value, port: dialledPort(answers)))", reason: $0.reason)
            }
        case Field.storageClass.id:
            (storageClasses.value ?? []).sorted { $0.isDefault && !$1.isDefault }.map {
                Suggestion(
                    value: $0.name, reason: $0.isDefault ? "cluster default" : "StorageClass")
            }
        case Field.builder.id:
            if case .foreign(let who)? = builderOwnership(answers) {
                [
                    Suggestion(
                        value: "\(answers.builder)-\(answers.namespace)",
                        reason: "\(answers.builder) belongs to \(who)")
                ]
            } else {
                []
            }
        case Field.remove.id:
            held(answers)
        case Field.security.id:
            [SecurityProfile.recommended(by: self)].map {
                Suggestion(value: $0.profile.rawValue, reason: $0.reason)
            }
        default: []
        }
    }

    /// The contents of each part, and why it is kept.
    private func held(_ answers: Answers) -> [Suggestion] {
        let installedParts = installedParts(answers)
        return RemovablePart.allCases.map { part in
            let reason = installedParts[part].map { holding in
                holding.keptBecause.map { "\(holding.what), kept: \($0)" } ?? holding.what
            }
            return Suggestion(value: part.rawValue, reason: reason ?? absence(of: part))
        }
    }

    /// A part that is not found is absent only after it has been read.
    private func absence(of part: RemovablePart) -> String {
        func state<Value>(_ fact: Fact<Value>) -> (failure: InstallerError?, isPending: Bool) {
            (fact.failure, fact.isPending)
        }
        let looks =
            switch part {
            case .release: [state(release), state(namespaceContents)]
            case .secrets, .foreignSecrets: [state(secrets)]
            case .cache: [state(cacheClaim)]
            case .namespace: [state(namespace)]
            case .builder: [state(builders), state(clientFolders), state(localState)]
            case .certificates: [state(localState), state(folder)]
            case .authority, .records: [state(localState)]
            }
        if part.isInCluster, server.failure != nil { return "the cluster does not respond" }
        if looks.contains(where: \.isPending) { return "checking…" }
        return looks.lazy.compactMap(\.failure).first.map { "unknown: \($0.message)" } ?? "none found"
    }

    /// The addresses that a client outside the cluster may dial.
    private func addresses(for answers: Answers) -> [Suggestion] {
        switch answers.exposure {
        case .portForward:
            ["localhost", "127.0.0.1", "::1"].map {
                Suggestion(value: $0, reason: "local end of the port-forward")
            }
        case .loadBalancer:
            ((service.value ?? nil)?.addresses ?? []).map {
                Suggestion(value: $0, reason: "load balancer address")
            }
        case .nodePort:
            (nodes.value ?? []).flatMap { node in
                node.addresses.map { Suggestion(value: $0, reason: "node \(node.name)") }
            }.filter { (try? SubjectName($0.value)) != nil }  // no certificate can contain other names
        }
    }

    private func serviceNames(of answers: Answers) -> [Suggestion] {
        answers.named(by: self).serviceNames.map {
            Suggestion(value: $0, reason: "builder Service, in-cluster")
        }
    }

    /// The port that belongs to the exposure's addresses.
    private func dialledPort(_ answers: Answers) -> Int {
        guard answers.exposure == .nodePort else { return answers.port }
        return answers.nodePort ?? (service.value ?? nil)?.nodePort ?? answers.port
    }
}
