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
            if case .known(let secrets) = facts.secrets, case .known(let folder) = facts.folder,
                answers.adopting(secrets, folder: folder).certificates == .secrets,
                let adopted = facts.builderToAdopt(answers)
            {
                return .passed(adopted.nodes.first?.endpoint ?? "")
            }
            if let failure = facts.clientFolders.failure { return .failed(failure) }
            let other = "Choose another name: --builder \(answers.builder)-\(answers.namespace)"
            guard let node = builder.ownNode else {
                return .failed(
                    "The builder \(answers.builder) has only nodes that buildkit-installer cannot change: "
                        + builder.nodes.map(\.name).inWords,
                    hint: "\(other), or remove it: \(Buildx.remove(answers.builder))")
            }
            guard let owner = facts.owner(of: node, in: builder, answers) else { return .pending }
            let others = builder.nodes.map(\.name).filter { $0 != node.name }
            let kept = others.isEmpty ? "" : "; its other nodes are kept: \(others.inWords)"
            if case .foreign(let who) = owner {
                let what = "The builder \(answers.builder) belongs to \(who)"
                return answers.takeOver
                    ? .warning(
                        "\(what), and will be registered for this installation instead\(kept)", hint: nil)
                    : .failed(what, hint: "\(other). To change it anyway: --take-over\(kept)")
            }
            if let wanted = answers.fixedEndpoint, "\(wanted)" != node.endpoint {
                return .warning(
                    "\(answers.builder) is registered at \(node.endpoint); it will be changed to \(wanted)\(kept)",
                    hint: nil)
            }
            guard let further = others.first else { return .passed(node.endpoint) }
            return .warning(
                "\(answers.builder) has additional nodes, which are kept: \(others.inWords)",
                hint: "To remove one: \(Buildx.leave(answers.builder, node: further))")
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
