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
        guard request.namespaceExists else { return try await namespaceAdmission(dependencies.runner) }
        let objects = try await rendered(in: dependencies).flatMap(asked)
        guard !objects.isEmpty else {
            return Admission(silence: "the chart creates no resources to check")
        }
        return try await ask(objects, by: dependencies.runner)
    }

    /// Objects in a namespace that does not exist cannot be checked; the namespace itself can.
    private func namespaceAdmission(_ runner: any CommandRunner) async throws -> Admission {
        guard let namespace = request.namespace else {
            return Admission(silence: "the namespace does not exist yet")
        }
        let answer = try await ask([namespace], by: runner)
        return answer.refusals.isEmpty
            ? Admission(silence: "the namespace does not exist yet, so its rules cannot be checked") : answer
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

    private func ask(_ objects: [JSONValue], by runner: any CommandRunner) async throws -> Admission {
        let list: JSONValue = ["apiVersion": "v1", "kind": "List", "items": .array(objects)]
        let isNamespace = objects.first?["kind"]?.string == "Namespace"
        let kubectl = isNamespace ? installation.cluster : installation.kubectl
        let command = kubectl.look(
            ["create", "--dry-run=server", "--validate=false", "--output", "name", "--filename", "-"],
            input: list.text)
        let result = try await runner.run(command)
        return Admission(asked: objects.count, refusals: result.errors.refusals)
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
