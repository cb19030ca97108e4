import FoundationEssentials

// The owner of a builder in docker buildx. Its name proves nothing, because every installation may use the same.

extension Facts.BuilderNode {
    /// Whether it reads its certificates from one of these folders.
    public func reads(fromAnyOf folders: [String]) -> Bool {
        options.values.contains { file in folders.contains { file.hasPrefix("\($0)/") } }
    }
}

extension Facts.Builder {
    /// The node that this program registers and changes; nil where the builder has only others.
    var ownNode: Facts.BuilderNode? { nodes.first { $0.name == Buildx.node(of: name) } }

    /// The installation that it belongs to, by the folder of its certificates; nil where the folder does not show it.
    var installation: InstallationID? {
        for file in nodes.flatMap(\.options.values) {
            guard let root = file.firstRange(of: "/buildkit-installer/") else { continue }
            let parts = file[root.upperBound...].split(separator: "/").map(String.init)
            if parts.count > 4, parts[3] == "certs" {
                return InstallationID(
                    context: InstallerPaths.context(ofFolder: parts[0]), namespace: parts[1],
                    release: parts[2])
            }
        }
        return nil
    }

    /// The owner, in a few words.
    var ownerInWords: String {
        installation.map { "the \($0)" }
            ?? "another builder at \(nodes.first?.endpoint ?? "an unknown address")"
    }

    fileprivate var inWords: String { nodes.first.map { "\(name) at \($0.endpoint)" } ?? name }
}

extension Facts {
    /// The owner of the builder with the answers' name, by the node that an install changes; nil while required facts
    /// are unknown.
    func builderOwnership(_ answers: Answers) -> Ownership? {
        guard case .known(let builders) = builders, clientFolders.value != nil else { return nil }
        guard let builder = builders.builders.first(where: { $0.name == answers.builder }) else {
            return builders.unreadable.contains(answers.builder)
                ? .foreign(who: "an unknown owner: its file cannot be read") : .absent
        }
        guard let node = builder.ownNode else { return .foreign(who: builder.ownerInWords) }
        return owner(of: node, in: builder, answers)
    }

    /// The owner of a builder's node; nil while required facts are unknown.
    ///
    /// It is ours by its certificate folder, or by the builder's name and address together, unless the address is
    /// localhost. Where another installation of this machine has the folder, too, because the user named it, the record
    /// of the last install, or the address, must show it; and another installation must not have recorded the builder.
    func owner(of node: BuilderNode, in builder: Builder, _ answers: Answers) -> Ownership? {
        guard case .known(let folders) = clientFolders else { return nil }
        let endpoint = endpoints(answers).first { "\($0)" == node.endpoint }
        let isRecorded = folders.recordedBuilder == builder.name
        if let other = folders.claimant(of: builder.name, with: node), endpoint == nil || !isRecorded {
            return .foreign(who: "the \(other.id)")
        }
        if node.reads(fromAnyOf: [folders.own]) { return .ours }
        if node.reads(fromAnyOf: folders.named), endpoint != nil || isRecorded || !folders.isShared {
            return .ours
        }
        let isPlaced = builder.name == answers.builder && endpoint?.isLocal == false
        let isAlone = builder.nodes.count == 1 && builder.installation == nil
        return isPlaced && isAlone ? .ours : .foreign(who: builder.ownerInWords)
    }

    /// The endpoints that clients dial, as far as they are known.
    private func endpoints(_ answers: Answers) -> [Endpoint] {
        answers.endpoints(at: service.value ?? nil, on: nodes.value ?? [])
    }
}

// An uninstall removes the nodes of this installation.

extension Facts {
    /// This installation's builders in buildx on this machine, each with this installation's nodes only. A node that
    /// another installation has recorded, too, is omitted.
    func ownBuilders(_ answers: Answers) -> [Builder] {
        (builders.value?.builders ?? []).filter { $0.driver == "remote" }.compactMap { builder in
            var own = builder
            own.nodes = builder.nodes.filter { node in
                owner(of: node, in: builder, answers) == .ours
                    && clientFolders.value?.claimant(of: builder.name, with: node) == nil
            }
            return own.nodes.isEmpty ? nil : own
        }
    }

    func builderHolding(_ answers: Answers) -> InstalledPart? {
        guard let builders = builders.value, clientFolders.value != nil else { return nil }
        let own = ownBuilders(answers)
        guard own.isEmpty else {
            let names = own.map { builder in
                guard builders.builders.contains(builder) else {
                    return "\(builder.nodes.map(\.name).inWords) of the builder \(builder.name)"
                }
                return builder.name == builders.current
                    ? "\(builder.inWords), the current builder" : builder.inWords
            }
            return InstalledPart(.builder, names.inWords, answers)
        }
        guard let other = builders.builders.first(where: { $0.name == answers.builder }) else { return nil }
        return InstalledPart(
            .builder, other.inWords, keptBecause: "it belongs to another installation", answers)
    }
}

extension Facts.Builders {
    /// The default name of the builder where the user chose none: the default answer, unless another installation
    /// uses it. Two installations never share a builder unnoticed.
    func defaultName(_ answers: Answers, _ folders: Facts.ClientFolders) -> String {
        let name = answers.builder
        let own = builders.filter { builder in
            builder.nodes.contains { $0.reads(fromAnyOf: folders.all) }
        }
        let unclaimed = own.first { builder in
            builder.nodes.allSatisfy { folders.claimant(of: builder.name, with: $0) == nil }
        }
        if let own = own.first(where: { $0.name == folders.recordedBuilder }) ?? unclaimed { return own.name }
        guard let other = builders.first(where: { $0.name == name }),
            other.installation != nil || folders.others.contains(where: { $0.builder == name })
        else { return name }
        let candidates = [
            "\(name)-\(answers.namespace)", "\(name)-\(answers.namespace)-\(answers.release)",
        ]
        let taken = Set(builders.map(\.name) + unreadable + dockerContexts)
        return candidates.first { !taken.contains($0) } ?? candidates[1]
    }

    /// The remote builder of that name at one of these endpoints, regardless of what registered it.
    func registered(_ name: String, at endpoints: [Endpoint]) -> Facts.Builder? {
        let places = endpoints.map { "\($0)" }
        return builders.first { builder in
            builder.name == name && builder.driver == "remote" && builder.nodes.count == 1
                && builder.nodes.allSatisfy { places.contains($0.endpoint) }
        }
    }

    /// The same where the user registered it with certificates of their own: it can be adopted unchanged.
    func adoptable(_ name: String, at endpoints: [Endpoint]) -> Facts.Builder? {
        registered(name, at: endpoints).flatMap { $0.installation == nil ? $0 : nil }
    }
}

extension Facts {
    /// Whether the builder of that name belongs to this installation, judged by its address.
    public func isRegistered(_ answers: Answers) -> Bool {
        builders.value?.registered(answers.builder, at: endpoints(answers)) != nil
    }

    /// The manually registered builder that an install with existing Secrets uses unchanged.
    func builderToAdopt(_ answers: Answers) -> Builder? {
        builders.value?.adoptable(answers.builder, at: endpoints(answers))
    }
}
