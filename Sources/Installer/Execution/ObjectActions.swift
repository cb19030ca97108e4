import FoundationEssentials
import MutualTLS

/// Creates objects that must not exist yet, and recognizes them later.
struct ObjectCreator {
    private let context: ActionContext

    init(_ context: ActionContext) { self.context = context }

    /// - Parameter digests: the SHA-256 of each key's content where the object is a Secret.
    func create(_ spec: ObjectSpec, digests: [String: String]? = nil) async throws {
        let reference = spec.reference
        let manifest = spec.manifest.setting(
            .string(context.mark), at: ["metadata", "annotations", KubernetesLabels.run])
        let create = reference.kubectl.create(
            manifest.text(indented: false), output: ChangeRequest.uid)
        do {
            await made(reference, uid: try await context.ask(create).trimmed, digests)
        } catch {
            // The server may have created it before the answer was lost; an object of another run has another mark.
            let context = context
            let seen = await context.uninterrupted { await Self.own(reference, in: context) }
            if let uid = seen?.uid { await made(reference, uid: uid, digests) }
            // A repeated request is refused because of the object that the first one created.
            guard seen != nil, Self.isTaken(error) else { throw Self.explained(error, reference) }
        }
    }

    private func made(_ reference: ObjectReference, uid: String, _ digests: [String: String]?) async {
        await context.made(.created(object: CreatedObject(reference, uid: uid, digests: digests)))
        await context.say("\(reference) created")
    }

    /// The object, where this run created it.
    private static func own(_ reference: ObjectReference, in context: ActionContext) async -> JSONValue? {
        // Without an answer nothing is known to have been created.
        guard let text = try? await context.ask(reference.get), !text.trimmed.isEmpty,
            let object = try? JSONValue(kubectl: text),
            object.annotation(KubernetesLabels.run) == context.mark
        else { return nil }
        return object
    }

    private static func isTaken(_ error: any Error) -> Bool {
        (error as? InstallerError)?.detail?.contains("AlreadyExists") == true
    }

    private static func explained(_ error: any Error, _ reference: ObjectReference) -> any Error {
        guard let failure = error as? InstallerError, isTaken(failure) else { return error }
        return InstallerError(
            "The \(reference) was created by another process and was left unchanged",
            detail: failure.detail,
            hint:
                "Check it: \(reference.kubectl("get", reference.kind.rawValue, reference.name, "--output", "yaml")), "
                + "then run the same command again", code: .changedMeanwhile)
    }
}

/// Removes objects that this run created: only the same objects, and only while they are unchanged.
struct CreatedObjectRemover {
    /// The timeout of a deletion, in seconds.
    private static let patience = 300
    /// The interval between two queries where changes are not seen.
    private static let interval = Duration.milliseconds(500)

    private let context: ActionContext

    init(_ context: ActionContext) { self.context = context }

    func remove(_ created: CreatedObject) async throws {
        let reference = created.reference
        guard let object = try await object(of: created), !object.isTerminating else {
            return try await waitUntilGone(created)
        }
        try check(object, created)
        if reference.kind == .namespace { try await checkEmpty() }
        do {
            // A namespace's version changes with status updates; a Secret's only with its content.
            let version = reference.kind == .secret ? object.resourceVersion : nil
            _ = try await context.ask(reference.delete(uid: created.uid, version: version))
        } catch let failure as InstallerError where failure.detail?.contains("(NotFound)") == true {
            return
        }
        await context.say("\(reference) deleted")
        try await waitUntilGone(created)
    }

    /// The object that this run created; nil where it no longer exists, even if another object has its name now.
    private func object(of created: CreatedObject) async throws -> JSONValue? {
        let text = try await context.ask(created.reference.get)
        guard !text.trimmed.isEmpty else { return nil }
        let object = try JSONValue(kubectl: text)
        return object.uid == created.uid ? object : nil
    }

    private func check(_ object: JSONValue, _ created: CreatedObject) throws {
        let isMarked: Bool
        switch created.reference.kind {
        case .namespace, .secret, .lease, .pod:
            isMarked = object.label(KubernetesLabels.managedBy) == KubernetesLabels.us
        case .claim:
            isMarked = object.annotation(KubernetesLabels.helmRelease) == context.plan.installation.release
        }
        guard isMarked, created.digests.map({ $0 == object.secretDigests }) ?? true else {
            throw Self.left(created.reference, "it was changed by another process")
        }
    }

    /// A namespace is deleted only where it contains nothing of others.
    private func checkEmpty() async throws {
        let installation = context.plan.installation
        if let lease = context.lease, await !lease.excludesOthers {
            throw Self.left(installation.namespaceReference, "another run is using it")
        }
        let contents = try await Query.namespaceContents(
            installation, cacheClaim: Answers(about: installation).cacheClaim
        ).value(from: context.dependencies.runner)
        if let reason = contents.reasonToKeep() { throw Self.left(installation.namespaceReference, reason) }
    }

    private static func left(_ reference: ObjectReference, _ reason: String) -> InstallerError {
        InstallerError(
            "The \(reference) was kept: \(reason)",
            hint: "Check it: \(reference.kubectl("describe", reference.kind.rawValue, reference.name))",
            code: .objectKept)
    }

    private static func isStuck(_ reference: ObjectReference) -> InstallerError {
        InstallerError(
            "The \(reference) was not deleted within \(patience) seconds",
            hint: "Check what blocks its deletion: "
                + "\(reference.kubectl("describe", reference.kind.rawValue, reference.name))",
            code: .deletionBlocked)
    }

    /// A claim is deleted only after its pods, so its deletion is not awaited.
    private func waitUntilGone(_ created: CreatedObject) async throws {
        guard created.reference.kind != .claim else { return }
        let end = context.dependencies.now().addingTimeInterval(Double(Self.patience))
        try await ClusterWatch.during(created.reference.get, in: context.dependencies) { changes in
            while try await object(of: created) != nil {
                guard context.dependencies.now() < end else { throw Self.isStuck(created.reference) }
                try await changes.pause(Self.interval, until: end)
            }
        }
    }
}

extension Answers {
    /// Answers that only select an installation.
    init(about installation: InstallationID) {
        self.init()
        (context, namespace, release) = (
            installation.context, installation.namespace, installation.release
        )
    }
}

extension JSONValue {
    /// The digest of each key's content, in the form of facts and plans.
    var secretDigests: [String: String] {
        (self["data"]?.object ?? [:]).compactMapValues(\.string).compactMapValues { Data(base64Encoded: $0) }
            .mapValues { Digest.ofPEM(Array($0)) }
    }
}
