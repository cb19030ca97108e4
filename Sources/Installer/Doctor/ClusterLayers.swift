import MutualTLS

// What the cluster has to do with it. Builds can go through where it cannot be asked, or not by this user.

extension DoctorCheck {
    static let cluster = DoctorCheck("cluster", "the cluster") { symptoms in
        switch symptoms.facts.objects {
        case .pending: .skipped("it was not looked at")
        case .unavailable(let failure): .doubtful(failure)
        case .known(let objects):
            objects.refused.isEmpty
                ? .holds("it answers")
                : .doubtful(
                    InstallerError(
                        "You may not list \(objects.refused.inWords) in \(symptoms.installation.namespace)",
                        hint: "See what you may: \(symptoms.kubectl("auth", "can-i", "--list"))"))
        }
    }

    static let release = DoctorCheck("release", "the release", needs: ["cluster"]) { symptoms in
        switch symptoms.facts.release {
        case .pending: .skipped("it was not looked at")
        case .unavailable(let failure): .skipped(failure.message)
        case .known(let release):
            DoctorOutcome(
                symptoms.remarks.release,
                detail: "See its history: \(symptoms.installation.helm.history())",
                else: "it is deployed, revision \(release?.revision ?? 0)")
        }
    }

    static let pods = ofRelease("pods", "the pods") { symptoms in
        guard let objects = symptoms.facts.objects.value, !objects.refused.contains("pods") else {
            return .skipped("they may not be listed")
        }
        let said = symptoms.status.pods.flatMap { pod in
            (pod.lastEvent.map { ["\(pod.name), last event: \($0)"] } ?? [])
                + pod.lastLines.map { "\(pod.name), log: \($0)" }
        }
        return DoctorOutcome(
            symptoms.remarks.pods + symptoms.remarks.claim,
            detail: said.isEmpty ? nil : said.joined(separator: "\n"),
            else: symptoms.status.pods.isEmpty ? "none is needed" : "they are ready")
    }

    static let secrets = ofRelease("secrets", "the Secrets") { symptoms in
        guard let secrets = symptoms.facts.secrets.value else {
            return .skipped(symptoms.facts.secrets.failure?.message ?? "they were not looked at")
        }
        let plan = symptoms.certificates
        for (state, secret) in [(secrets.outer, plan.outerSecret), (secrets.inner, plan.innerSecret)]
        where state == nil {
            return .broken(
                InstallerError(
                    "The Secret \(secret.name) is not there",
                    detail: "Pods that are started without it wait.",
                    hint: "Bring it back: buildkit-installer install"))
        }
        // Which names are dialled is seen at the endpoint itself.
        let findings = secrets.findings.filter { $0.kind != .nameNotCovered }
        return DoctorOutcome(
            findings.map {
                .init(
                    severity: $0.severity, code: $0.code, id: "secret/\($0.file)", sentence: $0.sentence,
                    hint: "\($0.hint) See what it holds: "
                        + "\(symptoms.kubectl("describe", "secret", $0.file.split(separator: "/").first.map(String.init) ?? $0.file))"
                )
            } + CertificateDiagnostics(symptoms.inventory, symptoms.facts).rollout,
            else: "they fit together")
    }

    static let policy = ofRelease("policy", "NetworkPolicies") { symptoms in
        guard let objects = symptoms.facts.objects.value,
            !objects.refused.contains("networkpolicies.networking.k8s.io")
        else { return .skipped("they may not be listed") }
        let name = symptoms.answers.fullname
        guard
            let proxy = objects.object("Deployment", "\(name)-proxy").map(
                NetworkPolicyEvaluator.Part.init),
            let builder = objects.object("Deployment", "\(name)-builder").map(
                NetworkPolicyEvaluator.Part.init)
        else { return .skipped("there is nothing that they could be about") }
        let reach = NetworkPolicyEvaluator(
            policies: objects.items.filter { $0["kind"]?.string == "NetworkPolicy" })
        let ways = [
            ("clients to the proxy", reach.blockers(into: proxy, from: nil)),
            ("the proxy to BuildKit", reach.blockers(outOf: proxy, to: builder)),
            ("the proxy to BuildKit", reach.blockers(into: builder, from: proxy)),
        ]
        guard let (way, policies) = ways.first(where: { !$0.1.isEmpty }) else {
            return .holds("they let clients in, and the proxy to BuildKit")
        }
        return .broken(
            InstallerError(
                "No NetworkPolicy lets \(way), and one keeps all others out",
                detail: "It is kept out by \(policies.inWords).",
                hint: "Bring the chart's own back: buildkit-installer install, "
                    + "or see them: \(symptoms.kubectl("describe", "networkpolicies"))"))
    }

    /// A layer that says nothing where there is no release.
    private static func ofRelease(
        _ id: String, _ title: String, judge: @escaping @Sendable (DoctorFacts) -> DoctorOutcome
    ) -> DoctorCheck {
        DoctorCheck(id, title, needs: ["cluster"]) { symptoms in
            if case .known(nil) = symptoms.facts.release { return .skipped("there is no release") }
            guard symptoms.facts.objects.value != nil else { return .skipped("the cluster cannot be asked") }
            return judge(symptoms)
        }
    }
}

// What a build needs of BuildKit.

extension DoctorCheck {
    static let buildkit = DoctorCheck(
        "buildkit", "BuildKit", needs: ["plugin", "default-toml", "http2"]
    ) { symptoms in
        if symptoms.isAsleep { return symptoms.sleepVerdict }
        guard let served = symptoms.facts.served.value else { return .skipped("nobody knows its address") }
        switch symptoms.state {
        case .pending: return .skipped("it was not asked")
        case .known(let state) where state.isRunning: return .holds("it answers to buildx")
        case .known(let state): return .broken(symptoms.failure(served, reasons: state.reasons))
        case .unavailable(let failure): return .skipped(failure.message)
        }
    }

    static let platforms = DoctorCheck("platforms", "the worker's platforms", needs: ["buildkit"]) {
        symptoms in
        guard let state = symptoms.state.value else { return .skipped("BuildKit was not asked") }
        let registered = symptoms.builder?.nodes.flatMap(\.platforms) ?? []
        let missing = registered.filter { !state.platforms.contains($0) }
        guard !missing.isEmpty else { return .holds(state.platforms.inWords) }
        return .broken(
            InstallerError(
                "BuildKit does not build for \(missing.inWords), for which \(symptoms.answers.builder) is registered",
                detail: "It builds for \(state.platforms.inWords).",
                hint: "Register it for what there is: buildkit-installer install --platforms "
                    + state.platforms.joined(separator: ",")))
    }

    static let build = DoctorCheck("build", "a real build", needs: ["buildkit"]) { symptoms in
        switch symptoms.build {
        case .pending: .skipped("none was tried")
        case .known(let seconds):
            .holds("it brought back what was sent, in \((seconds * 10).rounded() / 10) seconds")
        case .unavailable(let failure):
            .broken(
                InstallerError(
                    "BuildKit answers, but a small build through it fails",
                    detail: [failure.message, failure.detail].compactMap { $0 }.joined(separator: "\n"),
                    hint: failure.hint))
        }
    }
}

extension DoctorFacts {
    fileprivate var sleepVerdict: DoctorOutcome {
        guard status.sleep?.isAutomatic != true else {
            return .skipped("it is asleep; the next build wakes it")
        }
        let deployment = "\(answers.fullname)-builder"
        return .broken(
            InstallerError(
                "BuildKit is asleep, and nothing wakes it by itself",
                detail: "The Deployment \(deployment) is scaled to 0.",
                hint: "Wake it: buildkit-installer wake"))
    }
}
