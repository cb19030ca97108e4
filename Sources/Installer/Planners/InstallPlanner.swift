import MutualTLS

extension Plan {
    /// The steps that implement the answers. Pure: the same answers and facts always give the same plan; what already
    /// exists is not planned again.
    /// - Throws: where a fact that it depends on could not be read.
    public static func install(
        _ answers: Answers, _ facts: Facts, places: InstallerPaths, home: String
    ) throws(PlanRefusal) -> Plan {
        let facts = try InstallFacts(facts, answers)
        let planner = InstallPlanner(answers, facts, places: places, home: home)
        let changes = planner.changes
        let isIdle = answers.verify ? "Nothing to change; a test connection follows" : "Nothing to change"
        // Where nothing changes, a connection shows that the builder still answers; `doctor` runs a build.
        let verification = planner.connection.verification(changes.isEmpty ? .connection : .build)
        return Plan(
            planner.isUpgrade ? .upgrade : .install,
            title: changes.isEmpty ? isIdle : planner.isUpgrade ? "Upgrade BuildKit" : "Install BuildKit",
            installation: planner.installation,
            steps: changes + (answers.verify ? [verification] : []), notes: planner.notes,
            differences: planner.differences,
            // The consent to take over is not saved: it is required for every run.
            answers: planner.answers.saved)
    }
}

/// Plans an install; each property is one step, or none where there is nothing to do.
struct InstallPlanner {
    let answers: Answers
    let facts: InstallFacts
    let installation: InstallationID
    let certificates: CertificateLayout
    let connection: ConnectionPlanner
    let places: InstallerPaths
    let home: String

    init(_ answers: Answers, _ facts: InstallFacts, places: InstallerPaths, home: String) {
        connection = ConnectionPlanner(answers, facts.connection, places: places, home: home)
        self.answers = connection.answers
        self.facts = facts
        self.places = places
        self.home = home
        installation = connection.installation
        certificates = connection.certificates
    }

    var coverage: SubjectAltNames { connection.coverage }
    var builder: BuilderPlanner { BuilderPlanner(connection, facts.builder) }

    var isUpgrade: Bool { facts.release?.status == "deployed" }

    /// What is kept, and what the user must know before confirming.
    var notes: [String] {
        var notes: [String] = []
        if namespaceExists {
            notes.append("The namespace \(installation.namespace) already exists and is kept unchanged.")
        }
        if folderIsThere {
            notes.append("The existing certificates in \(certificates.outer.path) are used unchanged.")
        }
        if answers.security == nil {
            notes.append("Security profile \(security.rawValue): \(facts.security.reason).")
        }
        if let image = rootlessImage {
            notes.append(
                "Image \(answers.image): the security profile rootless runs \(image), its rootless variant.")
        }
        if let host = answers.fixedEndpoint?.host, let name = coverage.expectedName(dialling: host),
            name != host
        {
            notes.append("No SAN covers \(host), so buildx verifies the server name \(name) instead.")
        }
        if !restart.isEmpty { notes += backend.notes }
        return notes + upgradeNotes + valueNotes + adoptionNotes
    }

    /// The image that the chart derives from the requested one, where it differs.
    private var rootlessImage: String? {
        let (name, tag) = answers.image.splitTag
        guard security == .rootless, let tag, !answers.image.contains("@"), !tag.hasSuffix("-rootless") else {
            return nil
        }
        return "\(name):\(tag)-rootless"
    }

    /// The steps that change something, in order.
    var changes: [Step] {
        [namespace].compactMap { $0 } + certificateSteps + secretSteps + releaseSteps + restart
            + [builder.address, builder.registration].compactMap { $0 }
    }
}

extension InstallPlanner {
    var namespaceExists: Bool { facts.namespace.exists }

    var namespace: Step? {
        guard !namespaceExists else { return nil }
        let manifest: JSONValue = [
            "apiVersion": "v1", "kind": "Namespace",
            "metadata": [
                "name": .string(installation.namespace),
                // Every profile needs what the level `baseline` forbids; the namespace is only used by BuildKit.
                "labels": [
                    KubernetesLabels.podSecurity: "privileged",
                    KubernetesLabels.managedBy: .string(KubernetesLabels.us),
                ],
            ],
        ]
        return Step(
            id: "namespace", title: "Create the namespace \(installation.namespace)",
            action: .create(
                object: ObjectSpec(reference: installation.namespaceReference, manifest: manifest)),
            undo: [.takeBack])
    }
}

extension InstallPlanner {
    var secretSteps: [Step] {
        guard answers.certificates != .secrets else { return [] }
        return [
            secret(
                "envoy-secret", "Envoy", certificates.outerSecret,
                certificates.outerFiles,
                facts.secrets.outer),
            innerIsKept
                ? nil
                : secret(
                    innerSecretStep, "BuildKit", certificates.innerSecret,
                    certificates.innerFiles, facts.secrets.inner),
        ].compactMap { $0 }
    }

    func secret(
        _ id: Step.ID, _ reader: String, _ name: SecretName, _ files: [String: String],
        _ state: Facts.SecretState?
    ) -> Step? {
        let digests = facts.files
        let isOuter = name == certificates.outerSecret
        if let state,
            files.allSatisfy({ key, path in digests[path] != nil && digests[path] == state.digests[key] })
        {
            return isOuter && certificates.revocations != nil ? mergedRevocations : nil
        }
        let recipe = SecretSpec(
            secret: name, labels: KubernetesLabels.ours, files: files, replaces: state != nil,
            revocations: isOuter ? certificates.revocations : nil)
        return Step(
            id: id, title: "\(state == nil ? "Create" : "Replace") the Secret \(name.name) for \(reader)",
            action: .applySecret(recipe: recipe),
            undo: [.takeBack]
                + (state != nil && id == innerSecretStep ? backend.undo : []))
    }

    /// Where only the revocation lists differ, only they are written.
    private var mergedRevocations: Step? {
        guard let revocations = certificates.revocations, facts.revocations?.needsMerge == true else {
            return nil
        }
        return Step(
            id: "revocations",
            title: "Merge the revocation lists on this machine and in \(certificates.outerSecret.name)",
            action: .applySecret(
                recipe: SecretSpec(
                    secret: certificates.outerSecret, labels: [:], files: [:], replaces: true,
                    keepsOthers: true,
                    revocations: revocations)), commits: true)
    }

    var innerSecretStep: Step.ID { "buildkit-secret" }

    private var innerIsKept: Bool {
        facts.secrets.keepInner(
            facts.secretsOwner, answers, hasFolder: folderIsThere, issuedIn: certificates.inner,
            files: facts.files)
    }

    /// BuildKit of this release, where it runs, and of other releases: they have already read the Secret.
    private var backend: BackendRestart {
        let runs = facts.release?.status == "deployed"
        return BackendRestart(
            installation, usual: runs ? answers.builderDeployment : nil, listed: facts.backends,
            timeout: answers.timeout)
    }

    /// Envoy reloads certificates; a BuildKit that runs has to be restarted.
    var restart: [Step] {
        guard facts.secrets.inner != nil, secretSteps.contains(where: { $0.id == innerSecretStep }) else {
            return []
        }
        return backend.steps
    }
}

extension InstallPlanner {
    var folderIsThere: Bool { facts.folder != nil }

    var certificateSteps: [Step] {
        switch answers.certificates {
        case .issue: folderIsThere ? innerStep : [issue]
        case .bake: (folderIsThere ? [] : [bake]) + innerStep
        case .folder: innerStep
        case .secrets: folderIsThere || builder.adopted != nil ? [] : [saveClient]
        }
    }

    var issue: Step {
        Step(
            id: "certificates", title: "Issue the certificates in \(certificates.outer.path)",
            action: .issueCertificates(
                order: certificates.order, folder: certificates.outer.path,
                registry: facts.secrets.outer == nil ? nil : certificates.outerSecret),
            undo: [.takeBack])
    }

    var bake: Step {
        Step(
            id: "certificates",
            title: "Generate the certificates in \(certificates.outer.path) with docker buildx bake",
            action: .bakeCertificates(
                command: Buildx.bake(answers.bakeDefinition, names: answers.names.map { "\($0)" }),
                folder: certificates.outer.path),
            undo: [.takeBack])
    }

    var innerStep: [Step] {
        let files = facts.files
        guard !innerIsKept, !certificates.innerFiles.values.allSatisfy({ files[$0] != nil }) else {
            return []
        }
        return [
            Step(
                id: "inner-certificates", title: "Issue the internal certificates (Envoy to BuildKit)",
                action: .issueInner(
                    folder: certificates.inner.path, algorithm: answers.keyAlgorithm,
                    days: answers.authorityDays),
                undo: [.takeBack])
        ]
    }

    var saveClient: Step {
        Step(
            id: "client", title: "Save the client certificate in \(certificates.clientFolder)",
            action: .saveClient(folder: certificates.outer.path, from: certificates.innerSecret),
            undo: [.takeBack])
    }
}
