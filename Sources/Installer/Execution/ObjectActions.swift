import FoundationEssentials
import MutualTLS

/// Makes objects of the cluster that must not be there yet, and knows them again.
struct ObjectCreator {
    private let context: ActionContext

    init(_ context: ActionContext) { self.context = context }

    /// - Parameter digests: by key, the SHA-256 of what a Secret is made with.
    func create(_ spec: ObjectSpec, digests: [String: String]? = nil) async throws {
        let reference = spec.reference
        let manifest = spec.manifest.setting(
            .string(context.mark), at: ["metadata", "annotations", KubernetesLabels.run])
        let create = reference.kubectl.create(
            manifest.text(indented: false), output: "jsonpath={.metadata.uid}")
        do {
            let uid = try await context.ask(create).trimmed
            await context.made(
                .created(object: CreatedObject(reference, uid: uid, digests: digests)))
            await context.say("\(reference) is made")
        } catch {
            // The server may have made it before the answer was lost; whoever else has made it left another mark.
            let context = context
            let seen = await context.uninterrupted { await Self.own(reference, in: context) }
            if let uid = seen?.uid {
                await context.made(
                    .created(object: CreatedObject(reference, uid: uid, digests: digests)))
            }
            throw Self.explained(error, reference)
        }
    }

    /// The object, where this run has made it.
    private static func own(_ reference: ObjectReference, in context: ActionContext) async -> JSONValue? {
        // Without an answer nothing is known to have been made.
        guard let text = try? await context.ask(reference.get), !text.trimmed.isEmpty,
            let object = try? JSONValue(kubectl: text),
            object.annotation(KubernetesLabels.run) == context.mark
        else { return nil }
        return object
    }

    private static func explained(_ error: any Error, _ reference: ObjectReference) -> any Error {
        guard let failure = error as? InstallerError, failure.detail?.contains("AlreadyExists") == true else {
            return error
        }
        return InstallerError(
            "The \(reference) was created by somebody else meanwhile, and was left as it is",
            detail: failure.detail,
            hint:
                "See who: \(reference.kubectl("get", reference.kind.rawValue, reference.name, "--output", "yaml")), "
                + "then run this again")
    }
}

/// Takes objects back that this run has made: only the very same ones, as long as they are as they were made.
struct CreatedObjectRemover {
    /// How long an object may take to go, in seconds.
    private static let patience = 300
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
            // A namespace's version changes with each of its objects' doing; a Secret's with its content alone.
            let version = reference.kind == .secret ? object.resourceVersion : nil
            _ = try await context.ask(reference.delete(uid: created.uid, version: version))
        } catch let failure as InstallerError where failure.detail?.contains("(NotFound)") == true {
            return
        }
        await context.say("\(reference) is deleted")
        try await waitUntilGone(created)
    }

    /// The object that this run has made; nil where it is gone, whatever has its name now.
    private func object(of created: CreatedObject) async throws -> JSONValue? {
        let text = try await context.ask(created.reference.get)
        guard !text.trimmed.isEmpty else { return nil }
        let object = try JSONValue(kubectl: text)
        return object.uid == created.uid ? object : nil
    }

    private func check(_ object: JSONValue, _ created: CreatedObject) throws {
        let isMarked: Bool
        switch created.reference.kind {
        case .namespace, .secret, .lease:
            isMarked = object.label(KubernetesLabels.managedBy) == KubernetesLabels.us
        case .claim:
            isMarked = object.annotation("meta.helm.sh/release-name") == context.plan.installation.release
        }
        guard isMarked, created.digests.map({ $0 == object.secretDigests }) ?? true else {
            throw Self.left(created.reference, "it was changed by somebody else meanwhile")
        }
    }

    /// A namespace goes only where nothing of others would go with it.
    private func checkEmpty() async throws {
        let installation = context.plan.installation
        if let lease = context.lease, await !lease.excludesOthers {
            throw Self.left(installation.namespaceReference, "another run is at work in it")
        }
        let contents = try await Query.namespaceContents(
            installation, cacheClaim: Answers(about: installation).cacheClaim
        ).value(from: context.dependencies.runner)
        guard contents.others.isEmpty else {
            throw Self.left(
                installation.namespaceReference,
                "there are objects of others in it: \(contents.others.inShort)")
        }
        guard contents.areComplete else {
            throw Self.left(installation.namespaceReference, "not everything in it can be seen")
        }
    }

    private static func left(_ reference: ObjectReference, _ reason: String) -> InstallerError {
        InstallerError(
            "The \(reference) was left as it is: \(reason)",
            hint: "See it: \(reference.kubectl("describe", reference.kind.rawValue, reference.name))")
    }

    /// A claim goes only when its pods have gone, and nobody waits for that.
    private func waitUntilGone(_ created: CreatedObject) async throws {
        guard created.reference.kind != .claim else { return }
        let end = context.dependencies.now().addingTimeInterval(Double(Self.patience))
        while try await object(of: created) != nil {
            guard context.dependencies.now() < end else {
                throw InstallerError(
                    "The \(created.reference) was not gone after \(Self.patience) seconds",
                    hint: "See what holds it: "
                        + "\(created.reference.kubectl("describe", created.reference.kind.rawValue, created.reference.name))"
                )
            }
            try await context.dependencies.pause(Self.interval)
        }
    }
}

extension Answers {
    /// No more than which installation is meant.
    init(about installation: InstallationID) {
        self.init()
        (context, namespace, release) = (
            installation.context, installation.namespace, installation.release
        )
    }
}

extension JSONValue {
    /// By key, the digest of what a Secret holds, as facts and plans have it.
    var secretDigests: [String: String] {
        (self["data"]?.object ?? [:]).compactMapValues(\.string).compactMapValues { Data(base64Encoded: $0) }
            .mapValues { Digest.ofPEM(Array($0)) }
    }
}
