extension Verb {
    /// From a kubeconfig to a builder that builds.
    public static let install = Verb(
        id: "install", title: "Install", meaning: "from a kubeconfig to a builder that builds",
        forms: Form.install, checks: Checks.install, recalls: false,
        report: SummaryWords(
            subject: "installation",
            outcome: { run in
                guard run.plan.changesSomething else { return (.unchanged, "Nothing had to be changed") }
                return run.plan.steps.contains { $0.id == "namespace" || $0.title.hasPrefix("Install") }
                    ? (.installed, "BuildKit is installed") : (.changed, "BuildKit is as you asked")
            },
            next: { answers, site in
                (answers.exposure == .portForward && answers.endpoint == nil
                    ? [NextCommand("Reach the builder from here", "\(answers.forward(site))")] : [])
                    + [NextCommand("Build", "docker buildx build --builder \(answers.builder) .")]
                    + (answers.use
                        ? []
                        : [NextCommand("Make it the current builder", "docker buildx use \(answers.builder)")])
            }),
        planner: { Plan.install($0, $1, places: $2, home: $3) })
}

extension Answers {
    fileprivate func forward(_ site: Site) -> Command {
        let service = ServiceName(
            context: site.context, namespace: site.namespace, name: fullname, port: port)
        return service.kubectl.portForward(service)
    }
}

extension Plan {
    /// Whether it does more than look.
    var changesSomething: Bool { steps.contains { if case .prove = $0.action { false } else { true } } }
}
