import MutualTLS

extension InstallPlanner {
    var folderIsThere: Bool { (facts.folder.value ?? nil) != nil }

    var certificateSteps: [Step] {
        switch answers.certificates {
        case .issue: folderIsThere ? [] : [issue]
        case .bake: (folderIsThere ? [] : [bake]) + innerStep
        case .folder: innerStep
        case .secrets: folderIsThere ? [] : [saveClient]
        }
    }

    var issue: Step {
        Step(
            id: "certificates", title: "Issue the certificates into \(certificates.outer.path)",
            action: .issueCertificates(order: certificates.order, folder: certificates.outer.path),
            undo: [remove(["authority", "daemon", "client", "inner"], of: certificates.outer)])
    }

    var bake: Step {
        Step(
            id: "certificates", title: "Bake the certificates into \(certificates.outer.path)",
            action: .bakeCertificates(
                command: Buildx.bake(answers.bakeDefinition, names: answers.names.map { "\($0)" }),
                folder: certificates.outer.path),
            undo: [remove(["daemon", "client"], of: certificates.outer)])
    }

    var innerStep: [Step] {
        let files = facts.files.value ?? [:]
        guard !certificates.innerFiles.values.allSatisfy({ files[$0] != nil }) else { return [] }
        return [
            Step(
                id: "inner-certificates", title: "Issue the certificates between Envoy and BuildKit",
                action: .issueInner(
                    folder: certificates.inner.path, algorithm: answers.keyAlgorithm,
                    days: answers.authorityDays),
                undo: [remove(["inner"], of: certificates.inner)])
        ]
    }

    var saveClient: Step {
        Step(
            id: "client", title: "Keep the client certificate in \(certificates.clientFolder)",
            action: .saveClient(folder: certificates.outer.path, from: certificates.innerSecret),
            undo: [remove(["client"], of: certificates.outer)])
    }

    func remove(_ folders: [String], of certificates: CertificateFolder) -> Action {
        .remove(paths: folders.map { "\(certificates.path)/\($0)" })
    }
}
