import FoundationEssentials
import MutualTLS

/// Puts files into a Secret, and takes that back. Their bytes go through standard input and nowhere else.
struct SecretWriter {
    private let context: ActionContext

    init(_ context: ActionContext) { self.context = context }

    /// How often lists of revocations are brought together anew where somebody else was quicker.
    private static let attempts = 5

    func apply(_ recipe: SecretSpec) async throws {
        guard recipe.isRevocationsOnly else { return try await applyOnce(recipe) }
        // Lists only grow, so whoever came in between loses nothing by it.
        for attempt in 1...Self.attempts {
            do { return try await applyOnce(recipe) } catch let failure as InstallerError
                where attempt < Self.attempts && failure.saysItWasModified
            {}
        }
    }

    private func applyOnce(_ recipe: SecretSpec) async throws {
        let secret = recipe.secret
        var files = try recipe.files.mapValues { try Data(ofFile: $0) }
        let before = try await object(secret)
        try check(recipe, before)
        files = try SecretRevocations(context).added(to: files, keptIn: recipe.revocations, before: before)
        if recipe.isRevocationsOnly, let before, files.allSatisfy({ before.file($0) == String(decoding: $1, as: UTF8.self) }) {
            return await context.say("The Secret has all of it already")
        }
        if let before {
            context.memory.keep(SecretManifest.make(secret, from: before), of: secret, before: context.step)
        }
        // Between the look and the change there is a moment still; the version closes it.
        // The lists were brought together with what it held then.
        let isGuarded = recipe.expected != nil || files["crl.pem"] != nil
        let version = isGuarded ? before?["metadata"]?["resourceVersion"]?.string : nil
        let manifest = try manifest(of: recipe, files, before, version)
        do {
            try await context.run(secret.kubectl.apply(manifest, force: recipe.replaces))
        } catch let failure as InstallerError {
            throw Self.explained(failure, secret)
        }
    }

    private func manifest(
        of recipe: SecretSpec, _ files: [String: Data], _ before: JSONValue?, _ version: String?
    ) throws -> String {
        guard recipe.keepsOthers else {
            return SecretManifest.make(
                recipe.secret, labels: recipe.labels, files: files, version: version)
        }
        guard let before else {
            throw InstallerError(
                "There is no Secret \(recipe.secret.name) in \(recipe.secret.namespace)",
                hint: "See what is there: \(recipe.secret.kubectl("get", "secrets"))")
        }
        return SecretManifest.make(recipe.secret, from: before, with: files, version: version)
    }

    /// Brings back what the Secret was. Where this run changed nothing there is nothing to bring back.
    func restore(_ secret: SecretName) async throws {
        guard let before = context.memory.manifest(of: secret, before: context.step) else { return }
        let restored = try SecretRevocations(context).restored(
            JSONValue(kubectl: before), keptIn: revocations, now: await object(secret))
        try await context.run(secret.kubectl.apply(restored.text(indented: false), force: true))
    }

    /// The folder whose revocations this step has put there.
    private var revocations: String? {
        guard case .applySecret(let recipe)? = context.plan.steps.first(where: { $0.id == context.step })?.action
        else { return nil }
        return recipe.revocations
    }

    /// Refuses to change what somebody else has changed since the plan was made. Revocations that have come since are
    /// no reason: they are kept.
    private func check(_ recipe: SecretSpec, _ before: JSONValue?) throws {
        guard var expected = recipe.expected else { return }
        let data = before?["data"]?.object ?? [:]
        var digests = data.compactMapValues(\.string).compactMapValues { Data(base64Encoded: $0) }
            .mapValues { Digest.ofPEM(Array($0)) }
        for key in SecretRevocations.keys { (expected[key], digests[key]) = (nil, nil) }
        guard digests != expected else { return }
        throw Self.changedMeanwhile(recipe.secret, detail: nil)
    }

    private static func changedMeanwhile(_ secret: SecretName, detail: String?) -> InstallerError {
        InstallerError(
            "The Secret \(secret.name) was changed by somebody else meanwhile, and was left as it is",
            detail: detail,
            hint:
                "See who: \(secret.kubectl("get", "secret", secret.name, "--output", "yaml", "--show-managed-fields")), "
                + "then run this again")
    }

    /// The Secret as the cluster has it; nil where there is none.
    private func object(_ secret: SecretName) async throws -> JSONValue? {
        let text = try await context.ask(
            secret.kubectl("get", "secret", secret.name, "--ignore-not-found", "--output", "json"))
        return try text.trimmed.isEmpty ? nil : JSONValue(kubectl: text)
    }

    /// Server-side apply refuses to change what somebody else set, and names them.
    private static func explained(_ failure: InstallerError, _ secret: SecretName) -> InstallerError {
        if failure.detail?.contains("the object has been modified") == true {
            return changedMeanwhile(secret, detail: failure.detail)
        }
        guard let owner = failure.conflictingManager else { return failure }
        return InstallerError(
            "The Secret \(secret.name) is managed by '\(owner)', and was left as it is",
            detail: failure.detail,
            hint:
                "See who set what: \(secret.kubectl("get", "secret", secret.name, "--output", "yaml", "--show-managed-fields"))"
        )
    }
}

extension InstallerError {
    /// Whether somebody else has changed the object between the look and the change.
    fileprivate var saysItWasModified: Bool { detail?.contains("the object has been modified") ?? false }

    /// Who has set the fields that server-side apply refuses to change; nil where that is not what failed.
    var conflictingManager: String? {
        guard let detail, detail.contains("conflict") else { return nil }
        return detail.text(between: "conflict with \"", and: "\"")
            ?? detail.text(between: "conflicts with \"", and: "\"")
    }
}

extension JSONValue {
    /// What kubectl printed for `--output json`.
    init(kubectl text: String) throws {
        do {
            self = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
        } catch {
            // The text may be a Secret: it is not quoted.
            throw InstallerError(
                "kubectl printed something other than JSON", hint: "Check it: kubectl version")
        }
    }
}

extension String {
    /// What stands between two marks, where both are there.
    func text(between start: String, and end: String) -> String? {
        guard let from = firstRange(of: start), let to = self[from.upperBound...].firstRange(of: end) else {
            return nil
        }
        return String(self[from.upperBound..<to.lowerBound])
    }
}

/// A Secret's manifest as kubectl takes it, in JSON.
enum SecretManifest {
    /// - Parameter version: the `resourceVersion` that the Secret must still have; nil: any.
    static func make(
        _ name: SecretName, labels: [String: String], files: [String: Data], version: String? = nil
    ) -> String {
        text(
            name, labels: labels, type: "Opaque", data: files.mapValues { .string($0.base64EncodedString()) },
            version: version)
    }

    /// What the cluster holds, reduced to what was once applied, so that applying it brings it back.
    /// - Parameter files: keys that are to hold something else.
    static func make(
        _ name: SecretName, from object: JSONValue, with files: [String: Data] = [:], version: String? = nil
    ) -> String {
        let data = object["data"]?.object ?? [:]
        return text(
            name, labels: object["metadata"]?["labels"]?.object.compactMapValues(\.string) ?? [:],
            type: object["type"]?.string ?? "Opaque",
            data: data.merging(files.mapValues { .string($0.base64EncodedString()) }) { $1 }, version: version
        )
    }

    private static func text(
        _ name: SecretName, labels: [String: String], type: String, data: [String: JSONValue],
        version: String? = nil
    ) -> String {
        var metadata: [String: JSONValue] = [
            "name": .string(name.name), "namespace": .string(name.namespace),
            "labels": .object(labels.mapValues { .string($0) }),
        ]
        if let version { metadata["resourceVersion"] = .string(version) }
        let manifest: JSONValue = [
            "apiVersion": "v1", "kind": "Secret", "metadata": .object(metadata), "type": .string(type),
            "data": .object(data),
        ]
        return manifest.text(indented: false)
    }
}
