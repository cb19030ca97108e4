extension Workflow {
    /// Deploys BuildKit and registers it in docker buildx.
    public static let install = Workflow(
        id: "install", title: "Install", meaning: "deploy BuildKit and register it with docker buildx",
        key: "i",
        forms: Form.install, checks: Checks.install,
        looks: [.tools, .activity, .backends, .rollouts, .values],
        // Existing Secrets are not replaced.
        spares: { answers, _ in answers.certificates == .secrets ? [.backends] : [] }, recalls: false,
        request: { AdmissionRequest(toInstall: $0, $1, in: $2) },
        report: WorkflowMessages(
            subject: "installation",
            outcome: { run in
                guard !run.plan.changes.isEmpty else { return (.unchanged, "Nothing to change") }
                guard run.plan.kind != .install else { return (.installed, "BuildKit is installed") }
                let isUpgraded = run.plan.steps.contains {
                    if case .changeRelease = $0.action { true } else { false }
                }
                return (.changed, isUpgraded ? "BuildKit is updated" : "The installation is updated")
            },
            next: { answers, installation in
                (answers.exposure == .portForward && answers.endpoint == nil
                    ? [NextCommand("Forward the port of the builder", "\(answers.forward(installation))")]
                    : [])
                    + [
                        NextCommand("Build", "docker buildx build --builder \(answers.builder) ."),
                        NextCommand(
                            "Add a teammate or a CI job",
                            (["buildkit-installer client add NAME"] + installation.flags).joined(
                                separator: " ")),
                    ]
                    + (answers.use
                        ? []
                        : [
                            NextCommand(
                                "Set it as the current builder", "docker buildx use \(answers.builder)")
                        ])
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
    /// Removes the selected parts.
    public static let uninstall = Workflow(
        id: "uninstall", title: "Uninstall", meaning: "remove the installation", key: "u",
        forms: Form.uninstall,
        checks: Checks.uninstall, looks: [.tools, .removal, .activity, .releases],
        report: WorkflowMessages(
            subject: "uninstall", outcome: { outcome(ofRemoval: $0.plan) },
            account: { $0.plan.notes }, next: { _, _ in [] }),
        planner: { (answers, facts, places, _) throws(PlanRefusal) in
            try Plan.uninstall(answers, facts, places: places)
        })

    private static func outcome(ofRemoval plan: Plan) -> (RunSummary.Outcome, headline: String) {
        guard plan.kind != .uninstallLocal else {
            let done =
                plan.steps.isEmpty
                ? "Nothing to remove on this machine" : "The local components are removed"
            return (
                .partlyRemoved, "\(done); the cluster could not be queried, so its components remain"
            )
        }
        guard !plan.steps.isEmpty else { return (.unchanged, "Nothing to remove") }
        return (
            .removed, plan.removesBuildKit ? "BuildKit is uninstalled" : "The selected components are removed"
        )
    }
}

extension Plan {
    /// Whether BuildKit itself is removed, not only what is beside it.
    fileprivate var removesBuildKit: Bool {
        steps.contains { step in
            switch step.action {
            case .uninstallRelease, .deleteLocalCluster: true
            // Where Helm's record is missing, its objects are deleted, or their namespace.
            case .delete: ["objects", "namespace"].contains(step.id)
            default: false
            }
        }
    }
}

extension Workflow {
    /// Renews certificates while builds continue.
    public static let rotate = Workflow(
        id: "rotate", title: "Rotate", meaning: "renew certificates without downtime", key: "r",
        forms: Form.rotate,
        options: [.exposure, .port, .nodePort, .endpoint, .servername, .timeout, .verify],
        checks: Checks.rotate, looks: [.served, .sightings, .backends],
        spares: { answers, dependencies in
            var spared: Set<FactCollector.Extra> = []
            // Only a change of the CA depends on the clients that still use the old one.
            if ![.authority, .finish].contains(answers.renew) { spared.insert(.sightings) }
            // Only new internal certificates restart BuildKit.
            if !dependencies.mayRenewInner(answers) { spared.insert(.backends) }
            return spared
        },
        report: WorkflowMessages(
            subject: "rotation",
            outcome: { run in
                let steps = run.plan.steps
                guard !steps.isEmpty else { return (.unchanged, "Nothing to renew") }
                if run.plan.kind == .rotateBackend {
                    return (.changed, "The internal certificates are renewed")
                }
                if case .removeFormerAuthority? = steps.last?.action {
                    return (.changed, "The old CA is deleted")
                }
                return (.changed, headline(ofRotation: steps))
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

    /// Not every rotation signs certificates: those of another installation may only have to be installed.
    private static func headline(ofRotation steps: [Step]) -> String {
        let isSigned = steps.contains { if case .installRenewal = $0.action { true } else { false } }
        let isVerified = steps.contains { if case .awaitRollout = $0.action { true } else { false } }
        let isReloaded = steps.contains { if case .refreshProxies = $0.action { true } else { false } }
        guard isSigned || isVerified || isReloaded else { return "The revocation lists are updated" }
        return "The certificates are \(isSigned ? "renewed" : "installed")"
            + (isVerified ? " and verified on the endpoint" : "")
    }

    /// Changes whose effect was not verified: by `--verify no`, or because this machine has no builder, or no access.
    private static func unseen(_ plan: Plan) -> [String] {
        let isChanged = plan.steps.contains { if case .refreshProxies = $0.action { true } else { false } }
        let isSeen = plan.steps.contains { if case .verifyBuild = $0.action { true } else { false } }
        guard isChanged, !isSeen else { return [] }
        return ["Not verified by a connection. Check: buildkit-installer doctor"]
    }
}

extension Workflow {
    /// Scales BuildKit to zero; the cache is kept.
    public static let sleep = scale(
        .sleep, "Sleep", "scale to zero; the cache is kept", "BuildKit is scaled to zero"
    ) { installation in
        NextCommand("Wake it", (["buildkit-installer wake"] + installation.flags).joined(separator: " "))
    }

    /// Scales BuildKit up again; queued builds continue.
    public static let wake = scale(
        .wake, "Wake", "scale up; queued builds continue", "BuildKit is running"
    ) { installation in
        NextCommand(
            "Check status", (["buildkit-installer status"] + installation.flags).joined(separator: " "))
    }

    private static func scale(
        _ scaling: ScaleTarget, _ title: String, _ meaning: String, _ headline: String,
        next: @escaping @Sendable (InstallationID) -> NextCommand
    ) -> Workflow {
        Workflow(
            id: scaling.rawValue, title: title, meaning: meaning, key: scaling == .sleep ? "z" : "w",
            forms: [scaling == .sleep ? .sleeping : .scaling],
            checks: Checks.scale(scaling), looks: [.scale, .activity],
            report: WorkflowMessages(
                subject: "scaling",
                outcome: { ($0.plan.steps.isEmpty ? .unchanged : .changed, headline) },
                account: { $0.plan.notes }, next: { _, installation in [next(installation)] }),
            planner: { (answers, facts, _, _) throws(PlanRefusal) in
                try ScalePlanner(ScaleFacts(scaling, answers, facts), timeout: answers.timeout).plan
            })
    }
}

extension Workflow {
    /// Issues a certificate for a client, with a role.
    public static let addClient = client(
        "client add", "Add a client", "issue a certificate for a person or a machine", key: "a",
        [.client], Checks.addClient, headline: { headline(ofAddition: $1.plan, $0.name) }, Plan.addClient)

    /// A client that exists keeps its certificate. The most important change is named, as in the title of the plan.
    private static func headline(ofAddition plan: Plan, _ name: String) -> String {
        let sentences = [
            "Client \(name) is added", "The role of client \(name) is changed",
            "Client \(name) is registered",
        ]
        let changes = plan.steps.compactMap { step -> Int? in
            switch step.action {
            case .issueClient: 0
            case .changeRelease: 1
            case .applySecret: 2
            default: nil
            }
        }
        return changes.min().map { sentences[$0] } ?? "The client bundle of \(name) is written"
    }

    /// Issues a new certificate before the old one expires.
    public static let renewClient = client(
        "client renew", "Renew a client", "issue a new certificate before the old one expires", key: "n",
        [.client],
        Checks.renewClient,
        headline: { answers, _ in "The certificate of client \(answers.name) is renewed" },
        Plan.renewClient)

    /// Revokes a client, for example after the loss of a laptop.
    public static let revokeClient = client(
        "client revoke", "Revoke a client", "revoke a client's access", key: "x", [.revocation],
        Checks.revokeClient,
        headline: { answers, run in
            let whom =
                answers.serials.isEmpty
                ? "Client \(answers.name)" : "Serial \(answers.serials.joined(separator: ", "))"
            return run["refused"].status == .done
                ? "\(whom) is revoked and rejected by the proxy"
                : "\(whom) is revoked; rejection by the proxy is not verified"
        }, looks: [.sightings, .revocations], Plan.revokeClient)

    /// The notes, which say what the revocation does not do, and whether its effect was verified.
    private static func remarks(onRevocation plan: Plan) -> [String] {
        guard plan.kind == .revokeClient, !plan.steps.isEmpty else { return [] }
        let isSeen = plan.steps.contains {
            if case .awaitClientAccess = $0.action { true } else { false }
        }
        let isReplaced = plan.steps.contains {
            if case .deletePods = $0.action { true } else { false }
        }
        let unverified =
            isReplaced
            ? "Not verified: the revocation is in effect, because the new proxy pods have loaded it."
            : "Not verified: the revocation takes effect when the proxy reloads it, within about two minutes."
        return plan.notes + (isSeen ? [] : [unverified])
    }

    private static func client(
        _ id: ID, _ title: String, _ meaning: String, key: String, _ forms: [Form], _ checks: [Check],
        headline: @escaping @Sendable (Answers, RunState) -> String, looks: Set<FactCollector.Extra> = [],
        _ planner: @escaping Planner
    ) -> Workflow {
        Workflow(
            id: id, title: title, meaning: meaning, key: key, forms: forms + [.approach], checks: checks,
            looks: looks.union([.tools]),
            report: WorkflowMessages(
                subject: "client change",
                outcome: { run in
                    run.plan.steps.isEmpty
                        ? (.unchanged, "Nothing to change") : (.changed, "The client is updated")
                },
                headline: headline, remarks: { remarks(onRevocation: $0.plan) },
                next: { answers, installation in
                    [
                        NextCommand(
                            "List clients",
                            (["buildkit-installer client list"] + installation.flags).joined(separator: " "))
                    ]
                        + (TarArchive.isName(answers.bundle)
                            ? [
                                NextCommand(
                                    "Run on the client's machine",
                                    "tar -xf \(String(answers.bundle.split(separator: "/").last ?? "").shellQuoted) && "
                                        + "sh \(answers.name)/create-builder.sh")
                            ] : [])
                }),
            planner: planner)
    }
}
