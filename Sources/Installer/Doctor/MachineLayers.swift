import MutualTLS

// Checks of this machine.

extension DoctorCheck {
    static let files = DoctorCheck("files", "client files") { symptoms in
        // Their directory depends on it.
        guard symptoms.facts.contexts.failure == nil else {
            return .skipped("the current context is unknown")
        }
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
            }, else: "valid and consistent in \(folder)")
    }

    private static func hint(_ finding: Finding, _ folder: String) -> String {
        switch finding.kind {
        case .expired, .expiresSoon:
            finding.file.hasSuffix("ca.pem")
                ? "Create a new CA: buildkit-installer rotate --renew authority"
                : "Renew it: buildkit-installer rotate"
        case .readableByOthers: finding.hint
        default: "\(finding.hint) List the files: ls -l \(folder.shellQuoted)"
        }
    }

    static let plugin = DoctorCheck("plugin", "buildx plugin") { symptoms in
        let docker = DoctorOutcome(.docker, symptoms)
        return docker.isBroken ? docker : DoctorOutcome(.buildxPlugin, symptoms)
    }

    /// buildx looks up a name among its own builders before docker's contexts.
    static let contextClash = DoctorCheck("context-clash", "builder name") { symptoms in
        let name = symptoms.answers.builder
        guard symptoms.facts.builders.value?.dockerContexts.contains(name) == true else {
            return .holds("no Docker context is named \(name)")
        }
        let failure = InstallerError(
            "Name clash: a Docker context is also named \(name)",
            detail: symptoms.builder == nil
                ? "buildx uses the Docker context instead of the builder."
                : "buildx prefers the registered builder.",
            hint: "Remove it: docker context rm \(name)")
        return symptoms.builder == nil ? .broken(failure) : .doubtful(failure)
    }

    static let builder = DoctorCheck("builder", "registered builder", needs: ["context-clash"]) {
        symptoms in
        let name = symptoms.answers.builder
        let again = "Register it: buildkit-installer install"
        if let failure = symptoms.facts.builders.failure { return .skipped(failure.message) }
        guard let builder = symptoms.builder else {
            return .broken(
                InstallerError(
                    "The builder \(name) is not registered with docker buildx on this machine", detail: nil,
                    hint: again))
        }
        guard builder.driver == "remote" else { return DoctorOutcome(.builderName, symptoms) }
        let options = builder.nodes.first?.options ?? [:]
        let told = "Driver options: \(options.keys.sorted().joined(separator: ", "))"
        guard let dialling = symptoms.dialling else {
            return .broken(
                InstallerError(
                    "\(name) was registered without an endpoint or a CA", detail: told, hint: again))
        }
        guard dialling.certificate != nil, dialling.key != nil else {
            return .broken(
                InstallerError(
                    "\(name) was registered without a client certificate", detail: told, hint: again))
        }
        return .holds("\(name) is registered at \(dialling.endpoint)")
    }

    static let defaultConfiguration = DoctorCheck("default-toml", "buildx default configuration") {
        DoctorOutcome(.defaultConfiguration, $0)
    }

    /// The current builder is the user's choice; it is reported only where an install was to change it.
    static let current = DoctorCheck("current", "current builder", needs: ["builder"]) { symptoms in
        let name = symptoms.answers.builder
        guard symptoms.answers.use else { return .skipped("not required (--use no)") }
        let current = symptoms.facts.builders.value?.current
        guard current != name else { return .holds("\(name)") }
        return .doubtful(
            InstallerError(
                "docker buildx build uses \(current ?? "the default builder"), not \(name)",
                hint: "Switch: \(Buildx.use(name)), or select it per build: --builder \(name)"))
    }
}
