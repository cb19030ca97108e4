import FoundationEssentials

/// Asks the API server whether it would admit what an install makes, and changes nothing.
///
/// Admission of pods runs for pods only, and a dry run of their Deployment says nothing: so the pods of the chart's own
/// templates are asked about, beside its Services, its volume claim and its NetworkPolicies.
struct AdmissionQuery: Sendable {
    let request: AdmissionRequest
    let installation: InstallationID

    /// - Throws: ``InstallerError`` where the chart cannot be rendered or nobody answers.
    func admission(in dependencies: Dependencies) async throws -> Admission {
        guard request.namespaceExists else { return try await namespaceAdmission(dependencies.runner) }
        let objects = try await rendered(in: dependencies).flatMap(asked)
        guard !objects.isEmpty else {
            return Admission(silence: "the chart makes nothing that could be asked about")
        }
        return try await ask(objects, by: dependencies.runner)
    }

    /// What is in a namespace that does not exist cannot be asked about; the namespace itself can.
    private func namespaceAdmission(_ runner: any CommandRunner) async throws -> Admission {
        guard let namespace = request.namespace else {
            return Admission(silence: "the namespace is not there yet")
        }
        let answer = try await ask([namespace], by: runner)
        return answer.refusals.isEmpty
            ? Admission(silence: "the namespace is not there yet, so that its rules cannot be asked") : answer
    }

    // MARK: What would be made

    /// The chart's objects, as Helm renders them and kubectl reads them.
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
        // kubectl reads YAML; a client's dry run asks the server for nothing but the kinds.
        let read = installation.kubectl.look(
            ["create", "--dry-run=client", "--validate=false", "--output", "json", "--filename", "-"],
            input: wanted.joined(separator: "\n---\n"))
        return try await dependencies.runner.run(read).jsonDocuments(else: sentence)
    }

    private static let kinds: Set = ["Deployment", "Service", "PersistentVolumeClaim", "NetworkPolicy"]

    /// The documents of a stream of YAML. Helm puts each object between lines of three dashes.
    private static func documents(in text: String) -> [String] {
        "\n\(text)".split(separator: "\n---", omittingEmptySubsequences: true).map { String($0) }
    }

    private static func kind(of document: String) -> String {
        let line = document.split(separator: "\n").first { $0.hasPrefix("kind:") } ?? ""
        return String(line.dropFirst("kind:".count)).trimmed
    }

    /// The object to ask about; for a Deployment, the pod that it would make.
    private func asked(_ object: JSONValue) -> [JSONValue] {
        guard object["kind"]?.string == "Deployment" else { return [object] }
        guard let template = object["spec"]?["template"] else { return [] }
        var spec = template["spec"]?.object ?? [:]
        // Before an install it is not there yet, which would be all that is said.
        if !request.isUpgrade { spec["serviceAccountName"] = nil }
        var metadata = template["metadata"]?.object ?? [:]
        metadata["generateName"] = .string("\(object.name)-")
        return [
            ["apiVersion": "v1", "kind": "Pod", "metadata": .object(metadata), "spec": .object(spec)]
        ]
    }

    // MARK: What the server says

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
    /// What was refused, by the lines that kubectl prints for each object.
    fileprivate var refusals: [Admission.Refusal] {
        split(separator: "\n").compactMap { line in
            guard line.hasPrefix("Error from server"), let colon = line.firstRange(of: ": ") else {
                return nil
            }
            var said = line[colon.upperBound...]
            if let more = said.firstRange(of: "STDIN\": ") { said = said[more.upperBound...] }
            // What is there is not made; what is not allowed is the rights' matter; a webhook that acts outside of the
            // cluster refuses every dry run.
            let isNoVerdict = [
                "already exists", " cannot create resource ", "does not support dry run", "dryRun",
            ]
            .contains { said.contains($0) }
            guard !isNoVerdict,
                line.hasPrefix("Error from server (Forbidden)") || said.contains("webhook")
                    || said.contains("denied the request")
            else { return nil }
            let resource = said.split(separator: " ").first.map(String.init) ?? ""
            return Admission.Refusal(
                resource: said.contains(" is forbidden") ? resource : "", words: String(said))
        }
    }
}
