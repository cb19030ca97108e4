import MutualTLS

/// A value that would do for a field, and why.
public struct Suggestion: Equatable, Sendable {
    public let value: String
    /// Where it comes from, in a few words: "the load balancer's address".
    public let reason: String

    public init(value: String, reason: String) {
        self.value = value
        self.reason = reason
    }
}

extension Facts {
    /// What the facts propose for a field, the best first; for a list, each proposal is one of its values.
    public func proposals(for field: Field.ID, with answers: Answers) -> [Suggestion] {
        switch field {
        case "context":
            (contexts.value?.names ?? []).map { name in
                Suggestion(
                    value: name, reason: name == contexts.value?.current ? "the current context" : "a context"
                )
            }
        case "sans": addresses(for: answers) + serviceNames(of: answers)
        case "endpoint":
            addresses(for: answers).filter { $0.value != "127.0.0.1" && $0.value != "::1" }.map {
                Suggestion(
                    value: "\(Endpoint(host: $0.value, port: dialledPort(answers)))", reason: $0.reason)
            }
        case "storage-class":
            (storageClasses.value ?? []).sorted { $0.isDefault && !$1.isDefault }.map {
                Suggestion(
                    value: $0.name, reason: $0.isDefault ? "the cluster's default" : "a class of the cluster")
            }
        case "builder":
            if case .foreign(let who)? = builderOwnership(answers) {
                [
                    Suggestion(
                        value: "\(answers.builder)-\(answers.namespace)",
                        reason: "\(answers.builder) belongs to \(who)")
                ]
            } else {
                []
            }
        case "remove":
            held(answers)
        case "security":
            [SecurityProfile.recommended(by: self)].map {
                Suggestion(value: $0.profile.rawValue, reason: $0.reason)
            }
        default: []
        }
    }

    /// What there is of each part, and what keeps it.
    private func held(_ answers: Answers) -> [Suggestion] {
        let installedParts = installedParts(answers)
        return RemovablePart.allCases.map { part in
            let reason = installedParts[part].map { holding in
                holding.keptBecause.map { "stays, as \($0): \(holding.what)" } ?? holding.what
            }
            return Suggestion(value: part.rawValue, reason: reason ?? absence(of: part))
        }
    }

    /// What is not found is absent only once it has been looked at.
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
            case .builder: [state(builders), state(localState)]
            case .certificates: [state(localState), state(folder)]
            case .authority, .records: [state(localState)]
            }
        if part.isInCluster, server.failure != nil { return "the cluster does not answer" }
        if looks.contains(where: \.isPending) { return "is being looked at" }
        return looks.lazy.compactMap(\.failure).first.map { "could not be looked at: \($0.message)" }
            ?? "none found"
    }

    /// Where a client outside the cluster may dial.
    private func addresses(for answers: Answers) -> [Suggestion] {
        switch answers.exposure {
        case .portForward:
            ["localhost", "127.0.0.1", "::1"].map {
                Suggestion(value: $0, reason: "this end of the port-forward")
            }
        case .loadBalancer:
            ((service.value ?? nil)?.addresses ?? []).map {
                Suggestion(value: $0, reason: "the load balancer's address")
            }
        case .nodePort:
            (nodes.value ?? []).flatMap { node in
                node.addresses.map { Suggestion(value: $0, reason: "the node \(node.name)") }
            }.filter { (try? SubjectName($0.value)) != nil }  // a name that no certificate can hold is no use
        }
    }

    private func serviceNames(of answers: Answers) -> [Suggestion] {
        answers.serviceNames.map {
            Suggestion(value: $0, reason: "the builder's Service, inside the cluster")
        }
    }

    /// The port that goes with the exposure's addresses.
    private func dialledPort(_ answers: Answers) -> Int {
        guard answers.exposure == .nodePort else { return answers.port }
        return answers.nodePort ?? (service.value ?? nil)?.nodePort ?? answers.port
    }
}
