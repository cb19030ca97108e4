extension Workflow {
    /// From a kubeconfig to a builder that builds.
    public static let install = Workflow(
        id: "install", title: "Install", meaning: "from a kubeconfig to a builder that builds",
        forms: Form.install, checks: Checks.install, looks: [.activity], recalls: false,
        request: { AdmissionRequest(toInstall: $0, $1, in: $2) },
        report: WorkflowMessages(
            subject: "installation",
            outcome: { run in
                guard !run.plan.changes.isEmpty else { return (.unchanged, "Nothing had to be changed") }
                return run.plan.kind == .install
                    ? (.installed, "BuildKit is installed") : (.changed, "BuildKit is as you asked")
            },
            next: { answers, installation in
                (answers.exposure == .portForward && answers.endpoint == nil
                    ? [NextCommand("Reach the builder from here", "\(answers.forward(installation))")] : [])
                    + [NextCommand("Build", "docker buildx build --builder \(answers.builder) .")]
                    + (answers.use
                        ? []
                        : [NextCommand("Make it the current builder", "docker buildx use \(answers.builder)")])
            }),
        planner: { (answers, facts, places, home) throws(PlanRefusal) in
            try Plan.install(answers, facts, places: places, home: home)
        })
}

extension Answers {
    fileprivate func forward(_ installation: InstallationID) -> Command {
        let service = ServiceName(
            context: installation.context, namespace: installation.namespace, name: fullname, port: port)
        return service.kubectl.portForward(service)
    }
}

extension Workflow {
    /// Takes everything away again, as far as it was chosen.
    public static let uninstall = Workflow(
        id: "uninstall", title: "Uninstall", meaning: "take everything away again", forms: Form.uninstall,
        checks: Checks.uninstall, looks: [.removal, .activity],
        report: WorkflowMessages(
            subject: "removal",
            outcome: { run in
                run.plan.steps.isEmpty
                    ? (.unchanged, "There was nothing to remove") : (.removed, "BuildKit is removed")
            },
            account: { $0.plan.notes }, next: { _, _ in [] }),
        planner: { (answers, facts, places, _) throws(PlanRefusal) in
            try Plan.uninstall(answers, facts, places: places)
        })
}

extension Workflow {
    /// New certificates while builds go on.
    public static let rotate = Workflow(
        id: "rotate", title: "Rotate", meaning: "new certificates while builds go on", forms: Form.rotate,
        checks: Checks.rotate, looks: [.served, .sightings],
        report: WorkflowMessages(
            subject: "rotation",
            outcome: { run in
                let steps = run.plan.steps
                guard !steps.isEmpty else { return (.unchanged, "There was nothing to renew") }
                if run.plan.kind == .rotateBackend {
                    return (.changed, "BuildKit has new certificates")
                }
                let answers = steps.contains { if case .awaitRollout = $0.action { true } else { false } }
                return (
                    .changed,
                    "The certificates are new" + (answers ? ", and the builder answers with them" : "")
                )
            },
            remarks: { $0.plan.notes + unseen($0.plan) },
            next: { _, installation in
                [
                    NextCommand(
                        "Check status",
                        (["buildkit-installer status"] + installation.flags).joined(separator: " "))
                ]
            }),
        planner: { (answers, facts, places, home) throws(PlanRefusal) in
            try Plan.rotate(answers, facts, places: places, home: home)
        })

    /// What nobody has looked at.
    private static func unseen(_ plan: Plan) -> [String] {
        let isUnseen = plan.steps.contains { if case .refreshProxies = $0.action { true } else { false } }
        guard isUnseen else { return [] }
        return ["Whether the endpoint shows them was not looked at, as you asked: prove is no."]
    }
}

extension Workflow {
    /// A certificate of its own for a client, with a role.
    public static let addClient = client(
        "client add", "Add a client", "a certificate of its own for a person or a machine",
        [.client], Checks.addClient, headline: { answers, _ in "\(answers.name) may build" }, Plan.addClient)

    /// A new certificate before the old one ends.
    public static let renewClient = client(
        "client renew", "Renew a client", "a new certificate before the old one ends", [.client],
        Checks.renewClient, headline: { answers, _ in "\(answers.name) has a new certificate" },
        Plan.renewClient)

    /// A laptop was lost.
    public static let revokeClient = client(
        "client revoke", "Revoke a client", "nobody lets it in any more", [.client, .revocation],
        Checks.revokeClient,
        headline: { answers, run in
            let whom = answers.serials.isEmpty ? answers.name : answers.serials.joined(separator: ", ")
            return run["refused"].status == .done
                ? "\(whom) is revoked, and the proxy refuses it"
                : "\(whom) is revoked; that the proxy refuses it was not verified"
        }, looks: [.sightings], Plan.revokeClient)

    /// What was published and not seen to hold.
    private static func unverified(_ plan: Plan) -> [String] {
        let isSeen = plan.steps.contains {
            if case .awaitClientAccess = $0.action { true } else { false }
        }
        guard plan.kind == .revokeClient, !plan.steps.isEmpty, !isSeen else { return [] }
        return [
            "Not verified: the revocation takes effect when the proxy has reloaded it, within two minutes or so."
        ]
    }

    private static func client(
        _ id: ID, _ title: String, _ meaning: String, _ forms: [Form], _ checks: [Check],
        headline: @escaping @Sendable (Answers, RunState) -> String, looks: Set<FactCollector.Extra> = [],
        _ planner: @escaping Planner
    ) -> Workflow {
        Workflow(
            id: id, title: title, meaning: meaning, forms: forms + [.approach], checks: checks, looks: looks,
            report: WorkflowMessages(
                subject: "change of the client",
                outcome: { run in
                    run.plan.steps.isEmpty
                        ? (.unchanged, "Nothing had to be changed") : (.changed, "It is as you asked")
                },
                headline: headline, remarks: { unverified($0.plan) },
                next: { answers, installation in
                    [
                        NextCommand(
                            "List clients",
                            (["buildkit-installer client list"] + installation.flags).joined(separator: " "))
                    ]
                        + (answers.bundle.hasSuffix(".tar")
                            ? [
                                NextCommand(
                                    "On the client's machine",
                                    "tar -xf \(answers.bundle.split(separator: "/").last ?? "") && "
                                        + "sh \(answers.name)/create-builder.sh")
                            ] : [])
                }),
            planner: planner)
    }
}
