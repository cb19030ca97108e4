import FoundationEssentials

// Whose a builder of docker buildx is: its name says nothing, for every installation may use the same.

extension Facts.Builder {
    /// Whether it reads its certificates from one of these folders.
    func reads(fromAnyOf folders: [String]) -> Bool {
        nodes.contains { node in
            node.options.values.contains { file in folders.contains { file.hasPrefix("\($0)/") } }
        }
    }

    /// Which other installation it belongs to, by the folder of its certificates; nil where that tells nothing.
    var installation: InstallationID? {
        for file in nodes.flatMap(\.options.values) {
            guard let root = file.firstRange(of: "/buildkit-installer/") else { continue }
            let parts = file[root.upperBound...].split(separator: "/").map(String.init)
            if parts.count > 4, parts[3] == "certs" {
                return InstallationID(context: parts[0], namespace: parts[1], release: parts[2])
            }
        }
        return nil
    }

    /// Whom it belongs to, in a few words.
    var ownerInWords: String {
        installation.map { "the \($0)" }
            ?? "somebody else, at \(nodes.first?.endpoint ?? "an unknown address")"
    }
}

extension Facts {
    /// Whose the builder of the answers' name is; nil where not all is known that tells it.
    ///
    /// It is ours by the folder that it reads from, or by its name and its address together, where that is not
    /// everybody's own machine.
    func builderOwnership(_ answers: Answers) -> Ownership? {
        guard case .known(let builders) = builders, case .known(let folders) = clientFolders else {
            return nil
        }
        guard let builder = builders.builders.first(where: { $0.name == answers.builder }) else {
            return builders.unreadable.contains(answers.builder)
                ? .foreign(who: "nobody knows whom: its file cannot be read") : .absent
        }
        if builder.reads(fromAnyOf: folders) { return .ours }
        let places = endpoints(answers).filter { !$0.isLocal }.map { "\($0)" }
        let isPlaced = builder.nodes.count == 1 && builder.nodes.allSatisfy { places.contains($0.endpoint) }
        return isPlaced && builder.installation == nil ? .ours : .foreign(who: builder.ownerInWords)
    }
}

extension Facts.Builders {
    /// The name for the builder of an installation where nobody has chosen one: the default one, as long as that is
    /// not another installation's. Two installations never share a builder unseen.
    /// - Parameter folders: the folders that the installation's client files are in.
    func defaultName(_ answers: Answers, reading folders: [String]) -> String {
        let name = answers.builder
        if let own = builders.first(where: { $0.reads(fromAnyOf: folders) }) { return own.name }
        guard let other = builders.first(where: { $0.name == name }), other.installation != nil else {
            return name
        }
        let candidates = [
            "\(name)-\(answers.namespace)", "\(name)-\(answers.namespace)-\(answers.release)",
        ]
        let taken = Set(builders.map(\.name) + unreadable + dockerContexts)
        return candidates.first { !taken.contains($0) } ?? candidates[1]
    }
}
