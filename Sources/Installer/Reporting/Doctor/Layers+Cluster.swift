import MutualTLS

// What the cluster has to do with it. Builds can go through where it cannot be asked, or not by this user.

extension Layer {
    static let cluster = Layer("cluster", "the cluster") { symptoms in
        switch symptoms.facts.objects {
        case .pending: .skipped("it was not looked at")
        case .unknown(let failure): .doubtful(failure)
        case .known(let objects):
            objects.refused.isEmpty
                ? .holds("it answers")
                : .doubtful(
                    Failure(
                        "You may not list \(objects.refused.inWords) in \(symptoms.site.namespace)",
                        hint: "See what you may: \(symptoms.kubectl("auth", "can-i", "--list"))"))
        }
    }

    static let release = Layer("release", "the release", needs: ["cluster"]) { symptoms in
        switch symptoms.facts.release {
        case .pending: .skipped("it was not looked at")
        case .unknown(let failure): .skipped(failure.message)
        case .known(let release):
            LayerVerdict(
                symptoms.remarks.release,
                detail: "See its history: \(symptoms.site.helm.history())",
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
        return LayerVerdict(
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
                Failure(
                    "The Secret \(secret.name) is not there",
                    detail: "Pods that are started without it wait.",
                    hint: "Bring it back: buildkit-installer install"))
        }
        // Which names are dialled is seen at the endpoint itself.
        let findings = secrets.findings.filter { $0.kind != .nameNotCovered }
        return LayerVerdict(
            findings.map {
                .init(
                    severity: $0.severity, sentence: $0.sentence,
                    hint: "\($0.hint) See what it holds: "
                        + "\(symptoms.kubectl("describe", "secret", $0.file.split(separator: "/").first.map(String.init) ?? $0.file))"
                )
            } + InventoryRemarks(symptoms.inventory, symptoms.facts).uptake,
            else: "they fit together")
    }

    static let policy = ofRelease("policy", "NetworkPolicies") { symptoms in
        guard let objects = symptoms.facts.objects.value,
            !objects.refused.contains("networkpolicies.networking.k8s.io")
        else { return .skipped("they may not be listed") }
        let name = symptoms.answers.fullname
        guard let proxy = objects.object("Deployment", "\(name)-proxy").map(PolicyReach.Part.init),
            let builder = objects.object("Deployment", "\(name)-builder").map(PolicyReach.Part.init)
        else { return .skipped("there is nothing that they could be about") }
        let reach = PolicyReach(policies: objects.items.filter { $0["kind"]?.string == "NetworkPolicy" })
        let ways = [
            ("clients to the proxy", reach.blockers(into: proxy, from: nil)),
            ("the proxy to BuildKit", reach.blockers(outOf: proxy, to: builder)),
            ("the proxy to BuildKit", reach.blockers(into: builder, from: proxy)),
        ]
        guard let (way, policies) = ways.first(where: { !$0.1.isEmpty }) else {
            return .holds("they let clients in, and the proxy to BuildKit")
        }
        return .broken(
            Failure(
                "No NetworkPolicy lets \(way), and one keeps all others out",
                detail: "It is kept out by \(policies.inWords).",
                hint: "Bring the chart's own back: buildkit-installer install, "
                    + "or see them: \(symptoms.kubectl("describe", "networkpolicies"))"))
    }

    /// A layer that says nothing where there is no release.
    private static func ofRelease(
        _ id: String, _ title: String, judge: @escaping @Sendable (Symptoms) -> LayerVerdict
    ) -> Layer {
        Layer(id, title, needs: ["cluster"]) { symptoms in
            if case .known(nil) = symptoms.facts.release { return .skipped("there is no release") }
            guard symptoms.facts.objects.value != nil else { return .skipped("the cluster cannot be asked") }
            return judge(symptoms)
        }
    }
}
