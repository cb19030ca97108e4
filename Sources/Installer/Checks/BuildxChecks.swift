// Checks of docker buildx.

extension Check {
    static let buildxPlugin = Check("buildx", .buildx, "buildx plugin") { facts, _ in
        facts.buildx.verdict(otherwise: { failure in
            guard facts.docker.failure == nil else { return .skipped("docker is not usable") }
            guard !facts.docker.isPending else { return .pending }
            return .failed(
                "docker has no buildx plugin",
                hint: "Install the package docker-buildx-plugin, or docker-buildx on Debian: "
                    + "apt-get install docker-buildx")
        }) { version in
            // The remote driver came with 0.9: https://github.com/docker/buildx/releases/tag/v0.9.0
            if let number = Version(version), number < Version(0, 9) {
                return .failed(
                    "buildx \(version) has no remote driver; 0.9 or later is required",
                    hint: "Install a newer docker-buildx-plugin: "
                        + "https://github.com/docker/buildx#installing")
            }
            guard !facts.builders.isPending else { return .pending }
            guard case .known(let builders) = facts.builders, let problem = builders.endpointProblem else {
                return .passed(version)
            }
            return problem.verdict
        }
    }

    static let defaultConfiguration = Check(
        "buildx-default", .buildx, "buildkitd.default.toml"
    ) { facts, _ in
        facts.builders.verdict { builders in
            guard let path = builders.defaultConfiguration else { return .passed("none") }
            // https://github.com/docker/buildx/issues/2985
            return .failed(
                "buildx applies \(path) to every builder, and the remote driver rejects it",
                hint: "mv \(path.shellQuoted) \("\(path).off".shellQuoted)")
        }
    }

    static let builderName = Check(
        "builder-name", .buildx, "builder name"
    ) {
        facts, answers in
        facts.builders.verdict { builders in
            let other = "Choose another name: --builder \(answers.builder)-2"
            if builders.dockerContexts.contains(answers.builder) {
                return .failed(
                    "A Docker context is also named \(answers.builder), so buildx rejects the name",
                    hint: other)
            }
            guard let builder = builders.named(answers.builder) else {
                return builders.unreadable.contains(answers.builder)
                    ? .failed(
                        "The builder \(answers.builder) exists, but its file cannot be read", hint: other)
                    : .passed("\(answers.builder) is available")
            }
            guard builder.driver == "remote" else {
                return .failed(
                    "The builder \(answers.builder) exists with the driver \(builder.driver)",
                    hint: "\(other), or remove it: \(Buildx.remove(answers.builder))")
            }
            return .passed("\(answers.builder) is registered")
        }
    }

    static let builderSettings = Check("builder-settings", .buildx, "builder registration") {
        facts, answers in
        facts.builders.verdict { builders in
            guard let builder = builders.named(answers.builder), builder.driver == "remote" else {
                return .skipped("not registered yet")
            }
            let node = "\(answers.builder)0"
            let others = builder.nodes.map(\.name).filter { $0 != node }
            guard others.isEmpty else {
                return .warning(
                    "\(answers.builder) has additional nodes, which are kept: \(others.inWords)",
                    hint: "To start over: \(Buildx.remove(answers.builder))")
            }
            let endpoint = builder.nodes.first?.endpoint ?? ""
            if case .known(let secrets) = facts.secrets, case .known(let folder) = facts.folder,
                answers.adopting(secrets, folder: folder).certificates == .secrets,
                facts.registeredBuilder(answers) != nil
            {
                return .passed(endpoint)
            }
            if let failure = facts.clientFolders.failure { return .failed(failure) }
            guard let owner = facts.builderOwnership(answers) else { return .pending }
            if case .foreign(let who) = owner {
                let what = "The builder \(answers.builder) belongs to \(who)"
                return answers.takeOver
                    ? .warning("\(what), and will be registered for this installation instead", hint: nil)
                    : .failed(
                        what,
                        hint:
                            "Choose another name: --builder \(answers.builder)-\(answers.namespace). To change it "
                            + "anyway: --take-over")
            }
            guard let wanted = answers.fixedEndpoint, "\(wanted)" != endpoint else {
                return .passed(endpoint)
            }
            return .warning(
                "\(answers.builder) is registered at \(endpoint); it will be changed to \(wanted)", hint: nil)
        }
    }
}

extension Facts.Builders {
    fileprivate func named(_ name: String) -> Facts.Builder? { builders.first { $0.name == name } }
}

extension Facts.EndpointProblem {
    /// `docker buildx create` would fail with it after all other steps.
    fileprivate var verdict: CheckOutcome {
        switch self {
        case .contextMissing(let name, true):
            .failed(
                "DOCKER_CONTEXT names the Docker context '\(name)', which does not exist",
                hint: "Use the default context: unset DOCKER_CONTEXT")
        case .contextMissing(let name, false):
            .failed(
                "The current Docker context '\(name)' does not exist",
                hint: "Use the default context: docker context use default")
        case .certificatesMissing(let path):
            .failed(
                "DOCKER_TLS_VERIFY is set, but \(path) does not exist",
                hint: "unset DOCKER_TLS_VERIFY DOCKER_HOST DOCKER_CERT_PATH")
        }
    }
}
