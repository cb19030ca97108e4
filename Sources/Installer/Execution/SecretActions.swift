import FoundationEssentials
import MutualTLS

/// Writes files into a Secret, and undoes that. Their bytes are only passed through standard input.
struct SecretWriter {
    private let context: ActionContext

    init(_ context: ActionContext) { self.context = context }

    /// How often the revocation lists are merged again where another process wrote first.
    private static let attempts = 5

    func apply(_ recipe: SecretSpec) async throws {
        guard recipe.isRevocationsOnly else { return try await applyOnce(recipe) }
        try await repeatedly { try await applyOnce(recipe) }
    }

    /// Registers certificates in the Secret before they are written: a revocation of the client on another machine
    /// then includes them, even if this run is killed first. It is never rolled back: a serial without a certificate
    /// does no harm.
    ///
    /// The folder also receives the revocations of other machines. Without a Secret nothing is registered.
    func register(
        _ signed: [CertificateSummary], in secret: SecretName?, keptIn folder: String
    ) async throws {
        guard let secret, !signed.isEmpty else { return }
        try await repeatedly {
            guard let before = try await object(secret) else { return }
            var files = try SecretRevocations(context).added(
                to: [:], keptIn: folder, before: before, registering: signed)
            // Whether the proxy receives a list is decided by the step that writes its files.
            if before.file("crl.pem") == nil { files["crl.pem"] = nil }
            try await change(
                secret, from: before, to: SecretManifest.value(secret, from: before, with: files), force: true
            )
        }
    }

    /// Lists and registers only grow, so no concurrent change is lost by another attempt.
    private func repeatedly(_ write: () async throws -> Void) async throws {
        for attempt in 1...Self.attempts {
            do { return try await write() } catch let failure as InstallerError
                where attempt < Self.attempts && failure.saysItWasModified
            {}
        }
    }

    private func applyOnce(_ recipe: SecretSpec) async throws {
        var files = try recipe.files.mapValues { try Data(ofFile: $0) }
        try checkServer(recipe, files)
        let before = recipe.replaces || recipe.keepsOthers ? try await object(recipe.secret) : nil
        try check(recipe, before)
        files = try SecretRevocations(context).added(to: files, keptIn: recipe.revocations, before: before)
        if recipe.isRevocationsOnly, let before,
            files.allSatisfy({ before.file($0) == String(decoding: $1, as: UTF8.self) })
        {
            return await context.say("The Secret is up to date")
        }
        if recipe.keepsOthers || before != nil {
            try await replace(recipe, files, before)
        } else {
            try await create(recipe, files)
        }
    }

    /// A server certificate that no client accepts is never written. Certificates that the user provides may have a CA for the
    /// server, which the clients have, and one for the clients.
    private func checkServer(_ recipe: SecretSpec, _ files: [String: Data]) throws {
        guard let path = recipe.files["server.pem"], let server = files["server.pem"],
            let authorities = files["ca.pem"]
        else { return }
        let folder = CertificateFolder(path: path.parentFolder.parentFolder)
        // A renewal has no files of a client whose certificates are revoked.
        let others = (try? folder.bytes(of: .clientAuthority)) ?? []
        let trusted = String(decoding: Array(authorities) + Array("\n".utf8) + others, as: UTF8.self)
        try TrustedSigners(pem: trusted).check(String(decoding: server, as: UTF8.self), called: path)
    }

    /// The API server rejects it where the Secret exists by now.
    private func create(_ recipe: SecretSpec, _ files: [String: Data]) async throws {
        let manifest = SecretManifest.value(recipe.secret, labels: recipe.labels, files: files)
        try await ObjectCreator(context).create(
            ObjectSpec(reference: recipe.secret.reference, manifest: manifest),
            digests: manifest.secretDigests)
    }

    private func replace(_ recipe: SecretSpec, _ files: [String: Data], _ before: JSONValue?) async throws {
        let secret = recipe.secret
        guard let before, let uid = before.uid else { throw Self.isMissing(secret) }
        let manifest =
            recipe.keepsOthers
            ? SecretManifest.value(secret, from: before, with: files)
            : SecretManifest.value(secret, labels: recipe.labels, files: files)
        context.memory.keep(SecretManifest.value(secret, from: before), of: secret, before: context.step)
        let receipt = Receipt.secretChanged(secret: secret, uid: uid, digests: manifest.secretDigests)
        do {
            try await change(secret, from: before, to: manifest, force: recipe.replaces)
            await context.made(receipt)
        } catch {
            // The server may have applied it before the answer was lost.
            let context = context
            let isApplied = await context.uninterrupted {
                let now = (try? await object(secret)).flatMap { $0 }
                guard let now, now.uid == uid, now.resourceVersion != before.resourceVersion,
                    now.secretDigests == manifest.secretDigests
                else { return false }
                await context.made(receipt)
                return true
            }
            // A repeated request is refused because of the change that the first one made.
            if isApplied, (error as? InstallerError)?.saysItWasModified == true { return }
            throw error
        }
    }

    /// Changes the Secret that was read, in that version: another process can still write between the read and the change.
    /// Without the UID, server-side apply would create a Secret that was deleted meanwhile, whatever its version.
    private func change(
        _ secret: SecretName, from before: JSONValue, to manifest: JSONValue, force: Bool
    ) async throws {
        let manifest = ["uid", "resourceVersion"].reduce(manifest) {
            $0.setting(before["metadata"]?[$1] ?? .null, at: ["metadata", $1])
        }
        do { try await context.run(secret.kubectl.apply(manifest.text, force: force)) } catch let failure
            as InstallerError
        { throw Self.explained(failure, secret) }
    }

    private static func isMissing(_ secret: SecretName) -> InstallerError {
        InstallerError(
            "Secret \(secret.name) not found in namespace \(secret.namespace)",
            hint: "List the Secrets: \(secret.kubectl("get", "secrets"))")
    }

    /// Restores the former content of the Secret, as long as the current content is what this run wrote.
    func restore(_ secret: SecretName, uid: String, digests: [String: String]) async throws {
        guard let before = context.memory.manifest(of: secret, before: context.step) else { return }
        let mine = digests.withoutRevocations
        guard let now = try await object(secret), now.uid == uid,
            now.secretDigests.withoutRevocations == mine
        else { throw Self.changedMeanwhile(secret, detail: nil) }
        // Clients that were revoked since then stay revoked.
        let manifest = try SecretRevocations(context).restored(before, keptIn: revocations, now: now)
        try await change(secret, from: now, to: manifest, force: true)
    }

    /// The folder whose revocations this step wrote.
    private var revocations: String? {
        guard
            case .applySecret(let recipe)? = context.plan.steps.first(where: { $0.id == context.step })?
                .action
        else { return nil }
        return recipe.revocations
    }

    /// Rejects a change of a Secret that another process changed since the plan was made. New revocations do not
    /// count: they are kept.
    private func check(_ recipe: SecretSpec, _ before: JSONValue?) throws {
        guard let expected = recipe.expected else { return }
        let found = before?.secretDigests ?? [:]
        guard found.withoutRevocations != expected.withoutRevocations else { return }
        throw Self.changedMeanwhile(recipe.secret, detail: nil)
    }

    private static func changedMeanwhile(_ secret: SecretName, detail: String?) -> InstallerError {
        InstallerError(
            "The Secret \(secret.name) was changed by another process and was left unchanged",
            detail: detail,
            hint:
                "Check its managed fields: "
                + "\(secret.kubectl("get", "secret", secret.name, "--output", "yaml", "--show-managed-fields")), "
                + "then run the same command again", code: .changedMeanwhile)
    }

    /// The Secret in the cluster; nil where it does not exist.
    private func object(_ secret: SecretName) async throws -> JSONValue? {
        let text = try await context.ask(
            secret.kubectl("get", "secret", secret.name, "--ignore-not-found", "--output", "json"))
        return try text.trimmed.isEmpty ? nil : JSONValue(kubectl: text)
    }

    /// Server-side apply rejects changes to fields that another manager set, and names the manager.
    private static func explained(_ failure: InstallerError, _ secret: SecretName) -> InstallerError {
        if failure.saysItWasModified { return changedMeanwhile(secret, detail: failure.detail) }
        if failure.saysItWasDeleted {
            return InstallerError(
                "The Secret \(secret.name) was deleted by another process and was not created again",
                detail: failure.detail,
                hint:
                    "List the Secrets: \(secret.kubectl("get", "secrets")), then run the same command again",
                code: .changedMeanwhile)
        }
        guard let owner = failure.conflictingManager else { return failure }
        return InstallerError(
            "The Secret \(secret.name) is managed by '\(owner)' and was left unchanged",
            detail: failure.detail,
            hint:
                "Check its managed fields: "
                + "\(secret.kubectl("get", "secret", secret.name, "--output", "yaml", "--show-managed-fields"))"
        )
    }
}

extension InstallerError {
    /// Whether another process changed the object between the read and the change.
    fileprivate var saysItWasModified: Bool { detail?.contains("the object has been modified") ?? false }

    /// Whether the object with the UID of the change no longer exists.
    fileprivate var saysItWasDeleted: Bool { detail?.contains("uid mismatch") ?? false }

    /// The manager of the fields that server-side apply refuses to change; nil for other failures.
    var conflictingManager: String? {
        guard let detail, detail.contains("conflict") else { return nil }
        return detail.text(between: "conflict with \"", and: "\"")
            ?? detail.text(between: "conflicts with \"", and: "\"")
    }
}

extension JSONValue {
    /// The output of kubectl with `--output json`.
    init(kubectl text: String) throws {
        do {
            try self.init(text: text)
        } catch {
            // The text may be a Secret, so it is not quoted.
            throw InstallerError(
                "kubectl printed something other than JSON", hint: "Check it: kubectl version",
                code: .toolOutputUnknown)
        }
    }
}

extension String {
    /// The text between two marks; nil unless both exist.
    func text(between start: String, and end: String) -> String? {
        guard let from = firstRange(of: start), let to = self[from.upperBound...].firstRange(of: end) else {
            return nil
        }
        return String(self[from.upperBound..<to.lowerBound])
    }
}

/// A Secret's manifest for kubectl, as JSON.
enum SecretManifest {
    static func value(_ name: SecretName, labels: [String: String], files: [String: Data]) -> JSONValue {
        value(
            name, labels: labels, type: "Opaque", data: files.mapValues { .string($0.base64EncodedString()) })
    }

    /// The Secret of the cluster, reduced to what was applied, so that applying it restores it.
    /// - Parameter files: keys that get a new content.
    static func value(
        _ name: SecretName, from object: JSONValue, with files: [String: Data] = [:]
    ) -> JSONValue {
        let data = object["data"]?.object ?? [:]
        return value(
            name, labels: object["metadata"]?["labels"]?.object.compactMapValues(\.string) ?? [:],
            type: object["type"]?.string ?? "Opaque",
            data: data.merging(files.mapValues { .string($0.base64EncodedString()) }) { $1 })
    }

    private static func value(
        _ name: SecretName, labels: [String: String], type: String, data: [String: JSONValue]
    ) -> JSONValue {
        [
            "apiVersion": "v1", "kind": "Secret",
            "metadata": [
                "name": .string(name.name), "namespace": .string(name.namespace),
                "labels": .object(labels.mapValues { .string($0) }),
            ],
            "type": .string(type), "data": .object(data),
        ]
    }
}

extension [String: String] {
    /// The digests of a Secret's keys, without the lists that other processes may extend at any time.
    fileprivate var withoutRevocations: Self { filter { !SecretRevocations.keys.contains($0.key) } }
}
