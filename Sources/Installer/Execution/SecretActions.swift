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
        try await repeatedly { try await applyOnce(recipe) }
    }

    /// Tells every machine of certificates that are about to be: who revokes the client elsewhere revokes them too, also
    /// where this run is killed before it has written them. It is never taken back: a serial that nobody has does no harm.
    ///
    /// The folder learns what was revoked on other machines at the same time. Without a Secret nothing is registered.
    func register(
        _ signed: [CertificateSummary], in secret: SecretName?, keptIn folder: String
    ) async throws {
        guard let secret, !signed.isEmpty else { return }
        try await repeatedly {
            guard let before = try await object(secret) else { return }
            var files = try SecretRevocations(context).added(
                to: [:], keptIn: folder, before: before, registering: signed)
            // Whether the proxy gets a list is for the step that writes its files to say.
            if before.file("crl.pem") == nil { files["crl.pem"] = nil }
            let manifest = SecretManifest.value(
                secret, from: before, with: files, version: before.resourceVersion)
            try await context.run(secret.kubectl.apply(manifest.text, force: true))
        }
    }

    /// Lists and registers only grow, so whoever came in between loses nothing by another attempt.
    private func repeatedly(_ write: () async throws -> Void) async throws {
        for attempt in 1...Self.attempts {
            do { return try await write() } catch let failure as InstallerError
                where attempt < Self.attempts && failure.saysItWasModified
            {}
        }
    }

    private func applyOnce(_ recipe: SecretSpec) async throws {
        var files = try recipe.files.mapValues { try Data(ofFile: $0) }
        let before = recipe.replaces || recipe.keepsOthers ? try await object(recipe.secret) : nil
        try check(recipe, before)
        files = try SecretRevocations(context).added(to: files, keptIn: recipe.revocations, before: before)
        if recipe.isRevocationsOnly, let before,
            files.allSatisfy({ before.file($0) == String(decoding: $1, as: UTF8.self) })
        {
            return await context.say("The Secret has all of it already")
        }
        if recipe.keepsOthers || before != nil {
            try await replace(recipe, files, before)
        } else {
            try await create(recipe, files)
        }
    }

    /// The API server refuses it where there is one by now.
    private func create(_ recipe: SecretSpec, _ files: [String: Data]) async throws {
        let manifest = SecretManifest.value(recipe.secret, labels: recipe.labels, files: files)
        try await ObjectCreator(context).create(
            ObjectSpec(reference: recipe.secret.reference, manifest: manifest),
            digests: manifest.secretDigests)
    }

    private func replace(_ recipe: SecretSpec, _ files: [String: Data], _ before: JSONValue?) async throws {
        let secret = recipe.secret
        // Between the look and the change there is a moment still; the version closes it.
        let manifest = try manifest(of: recipe, files, before, before?.resourceVersion)
        guard let before, let uid = before.uid else { throw Self.isMissing(secret) }
        context.memory.keep(SecretManifest.value(secret, from: before), of: secret, before: context.step)
        let receipt = Receipt.secretChanged(secret: secret, uid: uid, digests: manifest.secretDigests)
        do {
            try await context.run(secret.kubectl.apply(manifest.text, force: recipe.replaces))
            await context.made(receipt)
        } catch {
            // The server may have taken it before the answer was lost.
            let context = context
            await context.uninterrupted {
                let now = (try? await object(secret)).flatMap { $0 }
                guard let now, now.uid == uid, now.resourceVersion != before.resourceVersion,
                    now.secretDigests == manifest.secretDigests
                else { return }
                await context.made(receipt)
            }
            throw (error as? InstallerError).map { Self.explained($0, secret) } ?? error
        }
    }

    private func manifest(
        of recipe: SecretSpec, _ files: [String: Data], _ before: JSONValue?, _ version: String?
    ) throws -> JSONValue {
        guard recipe.keepsOthers else {
            return SecretManifest.value(
                recipe.secret, labels: recipe.labels, files: files, version: version)
        }
        guard let before else { throw Self.isMissing(recipe.secret) }
        return SecretManifest.value(recipe.secret, from: before, with: files, version: version)
    }

    private static func isMissing(_ secret: SecretName) -> InstallerError {
        InstallerError(
            "There is no Secret \(secret.name) in \(secret.namespace)",
            hint: "See what is there: \(secret.kubectl("get", "secrets"))")
    }

    /// Brings back what the Secret was, as long as it is what this run has put there.
    func restore(_ secret: SecretName, uid: String, digests: [String: String]) async throws {
        guard let before = context.memory.manifest(of: secret, before: context.step) else { return }
        let mine = digests.withoutRevocations
        guard let now = try await object(secret), now.uid == uid,
            now.secretDigests.withoutRevocations == mine
        else { throw Self.changedMeanwhile(secret, detail: nil) }
        // Whoever was revoked since then stays revoked.
        let manifest = try SecretRevocations(context).restored(before, keptIn: revocations, now: now)
            .setting(now["metadata"]?["resourceVersion"] ?? .null, at: ["metadata", "resourceVersion"])
        do {
            try await context.run(secret.kubectl.apply(manifest.text, force: true))
        } catch let failure as InstallerError { throw Self.explained(failure, secret) }
    }

    /// The folder whose revocations this step has put there.
    private var revocations: String? {
        guard
            case .applySecret(let recipe)? = context.plan.steps.first(where: { $0.id == context.step })?
                .action
        else { return nil }
        return recipe.revocations
    }

    /// Refuses to change what somebody else has changed since the plan was made. Revocations that have come since are
    /// no reason: they are kept.
    private func check(_ recipe: SecretSpec, _ before: JSONValue?) throws {
        guard let expected = recipe.expected else { return }
        let found = before?.secretDigests ?? [:]
        guard found.withoutRevocations != expected.withoutRevocations else { return }
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
    static func value(
        _ name: SecretName, labels: [String: String], files: [String: Data], version: String? = nil
    ) -> JSONValue {
        value(
            name, labels: labels, type: "Opaque", data: files.mapValues { .string($0.base64EncodedString()) },
            version: version)
    }

    /// What the cluster holds, reduced to what was once applied, so that applying it brings it back.
    /// - Parameter files: keys that are to hold something else.
    static func value(
        _ name: SecretName, from object: JSONValue, with files: [String: Data] = [:], version: String? = nil
    ) -> JSONValue {
        let data = object["data"]?.object ?? [:]
        return value(
            name, labels: object["metadata"]?["labels"]?.object.compactMapValues(\.string) ?? [:],
            type: object["type"]?.string ?? "Opaque",
            data: data.merging(files.mapValues { .string($0.base64EncodedString()) }) { $1 }, version: version
        )
    }

    private static func value(
        _ name: SecretName, labels: [String: String], type: String, data: [String: JSONValue],
        version: String? = nil
    ) -> JSONValue {
        var metadata: [String: JSONValue] = [
            "name": .string(name.name), "namespace": .string(name.namespace),
            "labels": .object(labels.mapValues { .string($0) }),
        ]
        if let version { metadata["resourceVersion"] = .string(version) }
        return [
            "apiVersion": "v1", "kind": "Secret", "metadata": .object(metadata), "type": .string(type),
            "data": .object(data),
        ]
    }
}

extension [String: String] {
    /// The digests of a Secret's keys, without those that others may change at any time: their lists only grow.
    fileprivate var withoutRevocations: Self { filter { !SecretRevocations.keys.contains($0.key) } }
}
