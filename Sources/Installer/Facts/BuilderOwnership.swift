import FoundationEssentials

// The owner of a builder in docker buildx. Its name proves nothing, because every installation may use the same.

extension Facts.Builder {
    /// Whether it reads its certificates from one of these folders.
    func reads(fromAnyOf folders: [String]) -> Bool {
        nodes.contains { node in
            node.options.values.contains { file in folders.contains { file.hasPrefix("\($0)/") } }
        }
    }

    /// The installation that it belongs to, by the folder of its certificates; nil where the folder does not show it.
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

    /// The owner, in a few words.
    var ownerInWords: String {
        installation.map { "the \($0)" }
            ?? "another builder at \(nodes.first?.endpoint ?? "an unknown address")"
    }
}

extension Facts {
    /// The owner of the builder with the answers' name; nil while required facts are unknown.
    ///
    /// It is ours by its certificate folder, or by its name and address together, unless the address is localhost.
    func builderOwnership(_ answers: Answers) -> Ownership? {
        guard case .known(let builders) = builders, case .known(let folders) = clientFolders else {
            return nil
        }
        guard let builder = builders.builders.first(where: { $0.name == answers.builder }) else {
            return builders.unreadable.contains(answers.builder)
                ? .foreign(who: "an unknown owner: its file cannot be read") : .absent
        }
        if builder.reads(fromAnyOf: folders) { return .ours }
        let places = endpoints(answers).filter { !$0.isLocal }.map { "\($0)" }
        let isPlaced = builder.nodes.count == 1 && builder.nodes.allSatisfy { places.contains($0.endpoint) }
        return isPlaced && builder.installation == nil ? .ours : .foreign(who: builder.ownerInWords)
    }
}

extension Facts.Builders {
    /// The default name of the builder where the user chose none: the default answer, unless another installation
    /// uses it. Two installations never share a builder unnoticed.
    /// - Parameter folders: the folders of the installation's client files.
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
