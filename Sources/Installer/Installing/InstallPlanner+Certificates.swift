import MutualTLS

extension InstallPlanner {
    var folderIsThere: Bool { (facts.folder.value ?? nil) != nil }

    /// What the server certificate covers: what is asked for, or what a certificate says that is there already.
    var coverage: Coverage {
        var coverage = answers.coverage
        if let names = broughtNames, !names.isEmpty { coverage.names = names }
        return coverage
    }

    /// The names of a certificate that somebody else made; nil where it is made here, or cannot be read.
    var broughtNames: [SubjectName]? {
        let certificates =
            switch answers.certificates {
            case .issue, .bake: [CertificateSummary]()
            case .folder: (facts.folder.value ?? nil)?.certificates ?? []
            case .secrets: facts.secrets.value?.outer?.certificates ?? []
            }
        return certificates.first { $0.role == .server }?.names
    }

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
            undo: [remove(CertificateFile.allCases, of: certificates.outer)])
    }

    var bake: Step {
        Step(
            id: "certificates", title: "Bake the certificates into \(certificates.outer.path)",
            action: .bakeCertificates(
                command: Buildx.bake(answers.bakeDefinition, names: answers.names.map { "\($0)" }),
                folder: certificates.outer.path),
            undo: [remove(CertificateFile.outer, of: certificates.outer)])
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
                undo: [remove(CertificateFile.inner, of: certificates.inner)])
        ]
    }

    var saveClient: Step {
        Step(
            id: "client", title: "Keep the client certificate in \(certificates.clientFolder)",
            action: .saveClient(folder: certificates.outer.path, from: certificates.innerSecret),
            undo: [remove(CertificateFile.client, of: certificates.outer)])
    }

    /// Takes back what this run makes; an authority that was there before stays.
    func remove(_ files: [CertificateFile], of folder: CertificateFolder) -> Action {
        let there = facts.files.value ?? [:]
        return .removeCertificates(
            folder: folder.path, files: files.filter { there[folder.path(of: $0)] == nil })
    }
}
