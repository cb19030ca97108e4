extension Facts {
    /// The builders of buildx on this machine that are this installation's: their certificates are in its
    /// folder, or the one of its name is at its address.
    func ownBuilders(_ answers: Answers) -> [Builder] {
        guard let folder = remains.value?.clientFolder else { return [] }
        return (builders.value?.builders ?? []).filter { builder in
            builder.driver == "remote"
                && (builder.reads(from: folder) || builder.isNamedAndPlaced(by: answers, self))
        }
    }

    func builderHolding(_ answers: Answers) -> Holding? {
        let own = ownBuilders(answers)
        let current = builders.value?.current
        guard own.isEmpty else {
            let names = own.map { $0.name == current ? "\($0.inWords), the current one" : $0.inWords }
            return Holding(.builder, names.inWords, answers)
        }
        guard let other = builders.value?.builders.first(where: { $0.name == answers.builder }) else {
            return nil
        }
        return Holding(.builder, other.inWords, keptBecause: "it is not this installation's", answers)
    }

    /// The address that clients dial, as far as it is known.
    func endpoint(_ answers: Answers) -> Endpoint? {
        if let endpoint = answers.fixedEndpoint { return endpoint }
        guard let state = service.value ?? nil, let host = state.addresses.first else { return nil }
        let port = answers.exposure == .nodePort ? state.nodePort ?? answers.port : answers.port
        return Endpoint(host: host, port: port)
    }
}

extension Facts.Builder {
    fileprivate func reads(from folder: String) -> Bool {
        nodes.contains { node in node.options.values.contains { $0.hasPrefix("\(folder)/") } }
    }

    /// Localhost is everybody's address: there only the certificates tell.
    fileprivate func isNamedAndPlaced(by answers: Answers, _ facts: Facts) -> Bool {
        guard name == answers.builder, let endpoint = facts.endpoint(answers), endpoint.host != "localhost"
        else { return false }
        return nodes.contains { $0.endpoint == "\(endpoint)" }
    }

    fileprivate var inWords: String { nodes.first.map { "\(name) at \($0.endpoint)" } ?? name }
}
