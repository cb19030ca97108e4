import MutualTLS

extension UninstallPlanner {
    var onThisMachine: [Step] {
        builders + certificateFiles + authorityFiles + [records].compactMap { $0 }
    }

    private var builders: [Step] {
        guard holdings.goes(.builder), let builders = facts.builders.value else { return [] }
        let names = facts.ownBuilders(answers).map(\.name)
        let pointer = builders.current.flatMap { names.contains($0) ? stepBack(builders, from: names) : nil }
        return [pointer].compactMap { $0 }
            + names.map { name in
                Step(
                    id: "builder-\(name)", title: "Remove the builder \(name) from docker buildx",
                    action: .run(command: Buildx.remove(name)))
            }
    }

    /// buildx would keep naming a builder that is gone as the current one.
    private func stepBack(_ builders: Facts.Builders, from going: [String]) -> Step {
        let former = (facts.remains.value?.formerBuilder).flatMap { name in
            builders.builders.contains { $0.name == name } && !going.contains(name) ? name : nil
        }
        return Step(
            id: "current-builder",
            title: former.map { "Make the builder \($0) the current one again" }
                ?? "Let docker buildx use its default builder",
            action: .run(command: Buildx.use(former ?? builders.dockerContext)))
    }

    private var certificateFiles: [Step] {
        guard holdings.goes(.certificates) else { return [] }
        return (facts.remains.value?.certificates ?? [:]).sorted { $0.key.path < $1.key.path }.map {
            remove(
                $0.value, from: $0.key.path, as: "certificates", "Delete the certificates in \($0.key.path)")
        }
    }

    private var authorityFiles: [Step] {
        guard holdings.goes(.authority) else { return [] }
        return (facts.remains.value?.authority ?? [:]).sorted { $0.key.path < $1.key.path }.map {
            remove($0.value, from: $0.key.path, as: "authority", "Delete the authority in \($0.key.path)")
        }
    }

    private func remove(
        _ files: [CertificateFile], from folder: String, as id: Step.ID, _ title: String
    ) -> Step {
        let isOwn = folder == places.certificates(of: site)
        return Step(
            id: isOwn ? id : "\(id)-of-yours", title: title,
            action: .removeCertificates(folder: folder, files: files))
    }

    private var records: Step? {
        guard holdings.goes(.records) else { return nil }
        return Step(
            id: "records", title: "Delete what is written down about the installation",
            action: .forget(paths: places.records(of: site)))
    }
}
