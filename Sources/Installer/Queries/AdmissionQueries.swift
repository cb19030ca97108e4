import FoundationEssentials

/// Queries, by a dry run, whether the API server would admit the objects of an install.
///
/// Pods are admitted only as pods; a dry run of their Deployment does not check them. So the query contains the pods
/// of the chart's own templates, with its Services, its volume claim and its NetworkPolicies.
struct AdmissionQuery: Sendable {
    let request: AdmissionRequest
    let installation: InstallationID

    /// - Throws: ``InstallerError`` where the chart cannot be rendered or the server does not answer.
    func admission(in dependencies: Dependencies) async throws -> Admission {
        guard request.namespaceExists else { return try await preview(in: dependencies) }
        let objects = try await rendered(in: dependencies).flatMap(asked)
        return try await ask(objects, by: installation.kubectl, dependencies.runner)
    }

    /// Objects in a namespace that does not exist cannot be checked. The namespace itself can be, and the rules of the
    /// cluster that will apply to it are tried in a namespace that exists.
    private func preview(in dependencies: Dependencies) async throws -> Admission {
        guard let namespace = request.namespace else {
            return Admission(silence: "the namespace does not exist yet")
        }
        let runner = dependencies.runner
        let answer = try await ask([namespace], by: installation.cluster, runner)
        guard answer.refusals.isEmpty else { return answer }
        let labels = namespace["metadata"]?["labels"]?.object ?? [:]
        let rules: [AdmissionRule]
        let others: [AdmissionRule]
        let place: SubstituteNamespace
        do {
            let all = try await Query.admissionRules(installation).value(from: runner)
            rules = all.filter { $0.applies(to: installation.namespace, labels) }
            others = all.filter { !$0.applies(to: installation.namespace, labels) }
            // Without rules nothing is rendered: that is most clusters, and it takes time.
            guard !rules.isEmpty else { return Admission(preview: .noRules) }
            place = try await Query.substitute(in: installation).value(from: runner)
        } catch is InstallerError {
            return Admission(silence: "the namespace does not exist yet, so its rules cannot be checked")
        }
        let objects = try await rendered(in: dependencies).flatMap(asked).map {
            $0.setting(.string(place.name), at: ["metadata", "namespace"])
        }
        let kubectl = Kubectl(context: installation.context, namespace: place.name)
        return try await ask(objects, by: kubectl, runner).judged(
            by: rules, in: place, change: place.change(by: others))
    }

    // MARK: Rendering

    /// The chart's objects, rendered by Helm and converted by kubectl.
    private func rendered(in dependencies: Dependencies) async throws -> [JSONValue] {
        let scratch = TemporaryDirectory(nonce: dependencies.nonce(), environment: dependencies.environment)
        try scratch.make()
        defer { scratch.remove() }
        try Chart.write(to: scratch.path)
        let template = installation.helm.template(
            chart: scratch.path, values: request.values, further: request.furtherValues,
            server: request.server)
        let sentence = "The chart cannot be rendered with these values"
        let text = try await dependencies.runner.run(template).text(else: sentence)
        let wanted = Self.documents(in: text).filter { Self.kinds.contains(Self.kind(of: $0)) }
        guard !wanted.isEmpty else { return [] }
        // kubectl parses YAML; a client-side dry run only requests the resource kinds from the server.
        let read = installation.kubectl.look(
            ["create", "--dry-run=client", "--validate=false", "--output", "json", "--filename", "-"],
            input: wanted.joined(separator: "\n---\n"))
        return try await dependencies.runner.run(read).jsonDocuments(else: sentence)
    }

    private static let kinds: Set = ["Deployment", "Service", "PersistentVolumeClaim", "NetworkPolicy"]

    /// The documents of a YAML stream. Helm separates objects by lines of three dashes.
    private static func documents(in text: String) -> [String] {
        "\n\(text)".split(separator: "\n---", omittingEmptySubsequences: true).map { String($0) }
    }

    private static func kind(of document: String) -> String {
        let line = document.split(separator: "\n").first { $0.hasPrefix("kind:") } ?? ""
        return String(line.dropFirst("kind:".count)).trimmed
    }

    /// The objects to check; for a Deployment, the pod that it would create.
    private func asked(_ object: JSONValue) -> [JSONValue] {
        guard object["kind"]?.string == "Deployment" else { return [object] }
        guard let template = object["spec"]?["template"] else { return [] }
        var spec = template["spec"]?.object ?? [:]
        // Before an install the service account does not exist, which would hide any other answer.
        if !request.isUpgrade { spec["serviceAccountName"] = nil }
        var metadata = template["metadata"]?.object ?? [:]
        metadata["generateName"] = .string("\(object.name)-")
        return [
            ["apiVersion": "v1", "kind": "Pod", "metadata": .object(metadata), "spec": .object(spec)]
        ]
    }

    // MARK: Evaluation

    private func ask(
        _ objects: [JSONValue], by kubectl: Kubectl, _ runner: any CommandRunner
    ) async throws -> Admission {
        guard !objects.isEmpty else { return Admission(silence: "the chart creates no resources to check") }
        let list: JSONValue = ["apiVersion": "v1", "kind": "List", "items": .array(objects)]
        let command = kubectl.look(
            ["create", "--dry-run=server", "--validate=false", "--output", "name", "--filename", "-"],
            input: list.text)
        let result = try await runner.run(command)
        let refusals = result.errors.refusals
        // kubectl prints what was admitted; that an object exists already is found after its admission.
        let admitted =
            result.status == 0
            ? objects.count
            : result.output.split(separator: "\n").count
                + result.errors.split(separator: "\n").count { $0.contains("(AlreadyExists)") }
        guard admitted + refusals.count > 0 else {
            let said = result.said?.split(separator: "\n").first.map { ": \(Redactor.of(String($0)))" } ?? ""
            return Admission(silence: "the API server checked no object in a dry run\(said)")
        }
        return Admission(
            asked: admitted + refusals.count, refusals: refusals,
            unjudged: max(0, objects.count - admitted - refusals.count))
    }
}

extension Admission {
    /// The result of a dry run in another namespace, for that of the installation.
    /// - Parameters:
    ///   - rules: the rules of the cluster that will apply to the installation's namespace.
    ///   - change: what changes pods in the other namespace only; nil: nothing does.
    fileprivate func judged(
        by rules: [AdmissionRule], in place: SubstituteNamespace, change: String?
    ) -> Admission {
        guard silence == nil else { return self }
        let own = refusals.compactMap { refusal in
            rules.first { $0.isNamed(in: refusal.words) }.map { rule in
                Refusal(
                    resource: refusal.resource, words: refusal.words,
                    isCertain: change == nil && rule.isCertain(refusal.words))
            }
        }
        // Whatever else the other namespace rejects never reaches the rules of the cluster.
        let hidden = refusals.count - own.count
        guard own.isEmpty else {
            return Admission(
                asked: asked - hidden, refusals: own, unjudged: unjudged + hidden,
                preview: .tried(in: place.name))
        }
        if let untried = rules.first(where: { !$0.applies(to: place.name, place.labels) }) {
            return Admission(
                silence: "the namespace does not exist yet, so \(untried.title) cannot be checked")
        }
        if hidden > 0 {
            return Admission(
                silence:
                    "the namespace does not exist yet, and the namespace \(place.name), which was checked instead, "
                    + "rejects the objects by its own rules")
        }
        if let change {
            return Admission(
                silence:
                    "the namespace does not exist yet, and in the namespace \(place.name), which was checked instead, "
                    + "\(change) changes the pods")
        }
        return Admission(asked: asked, unjudged: unjudged, preview: .tried(in: place.name))
    }
}

extension String {
    /// The refusals, from the lines that kubectl prints for each object.
    fileprivate var refusals: [Admission.Refusal] {
        split(separator: "\n").compactMap { line in
            guard line.hasPrefix("Error from server"), let colon = line.firstRange(of: ": ") else {
                return nil
            }
            var said = line[colon.upperBound...]
            if let more = said.firstRange(of: "STDIN\": ") { said = said[more.upperBound...] }
            // An existing object is not created; a missing right is reported by the permission check; a webhook with
            // side effects outside the cluster rejects every dry run.
            let isNoVerdict = [
                "already exists", " cannot create resource ", "does not support dry run", "dryRun",
            ]
            .contains { said.contains($0) }
            guard !isNoVerdict,
                line.hasPrefix("Error from server (Forbidden)") || said.contains("webhook")
                    || said.contains("denied the request") || said.contains("denied request")
            else { return nil }
            let resource = said.split(separator: " ").first.map(String.init) ?? ""
            return Admission.Refusal(
                resource: said.contains(" is forbidden") ? resource : "", words: String(said))
        }
    }
}
