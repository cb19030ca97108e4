import MutualTLS

// Checks of the cluster. Builds can work where the cluster cannot be queried, or not by this user.

extension DoctorCheck {
    static let cluster = DoctorCheck("cluster", "cluster") { symptoms in
        switch symptoms.facts.objects {
        case .pending: .notChecked
        case .unavailable(let failure): .doubtful(failure)
        case .known(let objects):
            objects.refused.isEmpty
                ? .holds("the API server responds")
                : .doubtful(
                    InstallerError(
                        "No permission to list \(objects.refused.inWords) in namespace "
                            + "\(symptoms.installation.namespace)",
                        hint: "List your permissions: \(symptoms.kubectl.permissions)"))
        }
    }

    static let release = DoctorCheck("release", "release", needs: ["cluster"]) { symptoms in
        switch symptoms.facts.release {
        case .pending: .notChecked
        case .unavailable(let failure): .skipped(failure.message)
        case .known(let release):
            DoctorOutcome(
                symptoms.remarks.release,
                detail: "Show its history: \(symptoms.installation.helm.history())",
                else: "deployed, revision \(release?.revision ?? 0)")
        }
    }

    static let pods = ofRelease("pods", "pods") { symptoms in
        guard let objects = symptoms.facts.objects.value, !objects.refused.contains("pods") else {
            return .skipped("no permission to list pods")
        }
        let said = symptoms.status.pods.flatMap { pod in
            (pod.lastEvent.map { ["\(pod.name), last event: \($0)"] } ?? [])
                + pod.lastLines.map { "\(pod.name), log: \($0)" }
        }
        return DoctorOutcome(
            symptoms.remarks.pods + symptoms.remarks.rollouts + symptoms.remarks.claim
                + symptoms.remarks.deletions,
            detail: said.isEmpty ? nil : said.joined(separator: "\n"),
            else: symptoms.status.pods.isEmpty ? "none required" : "ready")
    }

    static let secrets = ofRelease("secrets", "Secrets") { symptoms in
        guard let secrets = symptoms.facts.secrets.value else {
            return .skipped(symptoms.facts.secrets.failure?.message ?? "not checked")
        }
        // The names that clients dial are checked at the endpoint.
        let findings = secrets.findings.filter { $0.kind != .nameNotCovered }
        let remarks = findings.map { finding in
            CertificateInventory.Diagnostic(
                severity: finding.severity, code: finding.code, id: "secret/\(finding.file)",
                sentence: finding.sentence,
                hint: "\(finding.hint) Show its contents: "
                    + "\(symptoms.kubectl("describe", "secret", finding.file.split(separator: "/").first.map(String.init) ?? finding.file))"
            )
        }
        return DoctorOutcome(
            symptoms.remarks.secrets + remarks
                + CertificateDiagnostics(symptoms.inventory, symptoms.facts).rollout,
            else: "valid and consistent")
    }

    static let policy = ofRelease("policy", "NetworkPolicies") { symptoms in
        guard let objects = symptoms.facts.objects.value,
            !objects.refused.contains("networkpolicies.networking.k8s.io")
        else { return .skipped("no permission to list NetworkPolicies") }
        func part(_ component: String) -> NetworkPolicyEvaluator.Part? {
            objects.deployment(of: symptoms.installation, component).map(NetworkPolicyEvaluator.Part.init)
        }
        guard let proxy = part("proxy"), let builder = part("builder") else {
            return .skipped("no Deployments found to apply to")
        }
        let reach = NetworkPolicyEvaluator(
            policies: objects.items.filter { $0["kind"]?.string == "NetworkPolicy" })
        let ways = [
            ("clients to the proxy", reach.blockers(into: proxy, from: nil)),
            ("the proxy to BuildKit", reach.blockers(outOf: proxy, to: builder)),
            ("the proxy to BuildKit", reach.blockers(into: builder, from: proxy)),
        ]
        guard let (way, policies) = ways.first(where: { !$0.1.isEmpty }) else {
            return .holds("clients → proxy → BuildKit allowed")
        }
        return .broken(
            InstallerError(
                "NetworkPolicies block traffic from \(way)",
                detail: "Blocked by: \(policies.inWords).",
                hint: "Restore the chart's NetworkPolicies: buildkit-installer install, "
                    + "or check them: \(symptoms.kubectl("describe", "networkpolicies"))"))
    }

    /// A check that is skipped where there is no release.
    private static func ofRelease(
        _ id: String, _ title: String, judge: @escaping @Sendable (DoctorFacts) -> DoctorOutcome
    ) -> DoctorCheck {
        DoctorCheck(id, title, needs: ["cluster"]) { symptoms in
            if case .known(nil) = symptoms.facts.release { return .skipped("no release found") }
            guard symptoms.facts.objects.value != nil else { return .skipped("the cluster cannot be read") }
            return judge(symptoms)
        }
    }
}

// Checks of BuildKit.

extension DoctorCheck {
    static let buildkit = DoctorCheck(
        "buildkit", "BuildKit", needs: ["plugin", "default-toml", "http2"]
    ) { symptoms in
        if symptoms.isAsleep { return symptoms.sleepVerdict }
        guard let served = symptoms.facts.served.value else { return .skipped("endpoint unknown") }
        switch symptoms.state {
        case .pending: return .notChecked
        case .known(let state) where state.isRunning: return .holds("responds to buildx")
        case .known(let state): return .broken(symptoms.failure(served, reasons: state.reasons))
        case .unavailable(let failure): return .skipped(failure.message)
        }
    }

    static let platforms = DoctorCheck("platforms", "worker platforms", needs: ["buildkit"]) {
        symptoms in
        guard let state = symptoms.state.value else { return .skipped("BuildKit was not checked") }
        let registered = symptoms.builder?.nodes.flatMap(\.platforms) ?? []
        let missing = registered.filter { !state.platforms.contains($0) }
        guard !missing.isEmpty else { return .holds(state.platforms.inWords) }
        return .broken(
            InstallerError(
                "BuildKit does not support \(missing.inWords), which \(symptoms.answers.builder) is registered for",
                detail: "It supports \(state.platforms.inWords).",
                hint: "Register the supported platforms: buildkit-installer install --platforms "
                    + state.platforms.joined(separator: ",")))
    }

    static let build = DoctorCheck("build", "test build", needs: ["buildkit"]) { symptoms in
        switch symptoms.build {
        case .pending: .skipped("not run")
        case .known(let seconds):
            .holds("succeeded in \((seconds * 10).rounded() / 10) s")
        case .unavailable(let failure):
            .broken(
                InstallerError(
                    "BuildKit responds, but the test build fails",
                    detail: [failure.message, failure.detail].compactMap { $0 }.joined(separator: "\n"),
                    hint: failure.hint))
        }
    }
}

extension DoctorFacts {
    fileprivate var sleepVerdict: DoctorOutcome {
        guard status.sleep?.isAutomatic != true else {
            return .skipped("scaled to zero; the next build wakes it")
        }
        let deployment = facts.objects.value?.deployment(of: installation, "builder")
        let name = deployment?.name ?? answers.builderDeployment
        return .broken(
            InstallerError(
                "BuildKit is scaled to zero, and autosleep is off",
                detail: "The Deployment \(name) has 0 replicas.",
                hint: "Wake it: buildkit-installer wake"))
    }
}
