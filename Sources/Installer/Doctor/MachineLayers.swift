import MutualTLS

// What a build needs of this machine.

extension DoctorCheck {
    static let files = DoctorCheck("files", "the client's files") { symptoms in
        let findings = symptoms.client.findings
        let folder = symptoms.folder
        if findings.isEmpty, case .filesUnusable? = symptoms.facts.served.value?.result,
            let served = symptoms.facts.served.value, symptoms.dialling?.key != nil
        {
            return .broken(symptoms.failure(served))
        }
        return DoctorOutcome(
            findings.map {
                .init(
                    severity: $0.severity, code: $0.code, id: "file/\($0.file)", sentence: $0.sentence,
                    hint: hint($0, folder))
            }, else: "those in \(folder) fit together")
    }

    private static func hint(_ finding: Finding, _ folder: String) -> String {
        switch finding.kind {
        case .expired, .expiresSoon: "Renew it: buildkit-installer rotate"
        case .readableByOthers: finding.hint
        default: "\(finding.hint) See what is there: ls -l \(folder.shellQuoted)"
        }
    }

    static let plugin = DoctorCheck("plugin", "the buildx plugin") { symptoms in
        let docker = DoctorOutcome(.docker, symptoms)
        return docker.isBroken ? docker : DoctorOutcome(.buildxPlugin, symptoms)
    }

    /// buildx takes a builder for one of its own before it looks among docker's contexts.
    static let contextClash = DoctorCheck("context-clash", "the builder's name") { symptoms in
        let name = symptoms.answers.builder
        guard symptoms.facts.builders.value?.dockerContexts.contains(name) == true else {
            return .holds("no docker context is called \(name)")
        }
        let failure = InstallerError(
            "A docker context is called \(name) too",
            detail: symptoms.builder == nil
                ? "buildx takes that for the builder." : "buildx prefers its own.",
            hint: "Remove it: docker context rm \(name)")
        return symptoms.builder == nil ? .broken(failure) : .doubtful(failure)
    }

    static let builder = DoctorCheck("builder", "the registered builder", needs: ["context-clash"]) {
        symptoms in
        let name = symptoms.answers.builder
        let again = "Register it: buildkit-installer install"
        if let failure = symptoms.facts.builders.failure { return .skipped(failure.message) }
        guard let builder = symptoms.builder else {
            return .broken(
                InstallerError(
                    "docker buildx on this machine knows no builder \(name)", detail: nil, hint: again))
        }
        guard builder.driver == "remote" else { return DoctorOutcome(.builderName, symptoms) }
        let options = builder.nodes.first?.options ?? [:]
        let told = "buildx was told: \(options.keys.sorted().joined(separator: ", "))"
        guard let dialling = symptoms.dialling else {
            return .broken(
                InstallerError(
                    "\(name) was registered without an address or an authority", detail: told, hint: again))
        }
        guard dialling.certificate != nil, dialling.key != nil else {
            return .broken(
                InstallerError(
                    "\(name) was registered without a client certificate", detail: told, hint: again))
        }
        return .holds("\(name) is at \(dialling.endpoint)")
    }

    static let defaultConfiguration = DoctorCheck("default-toml", "buildx's default configuration") {
        DoctorOutcome(.defaultConfiguration, $0)
    }

    /// Which builder is the current one is the user's choice, and worth a word only where an install was to make it.
    static let current = DoctorCheck("current", "the current builder", needs: ["builder"]) { symptoms in
        let name = symptoms.answers.builder
        guard symptoms.answers.use else { return .skipped("it was not to be \(name)") }
        let current = symptoms.facts.builders.value?.current
        guard current != name else { return .holds("it is \(name)") }
        return .doubtful(
            InstallerError(
                "docker buildx build uses \(current ?? "docker's own builder"), not \(name)",
                hint: "Change it: \(Buildx.use(name)), or name it: --builder \(name)"))
    }
}
