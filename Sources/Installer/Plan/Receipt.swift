/// What a step is known to have created, with everything that identifies it.
///
/// A rollback starts from receipts: it never deletes anything that no receipt names, and what a receipt names only
/// while it is unchanged. A receipt contains names, digests and numbers, never the bytes of a secret, and is written
/// to the journal.
public enum Receipt: Codable, Equatable, Sendable {
    /// An object of the cluster that did not exist before.
    case created(object: CreatedObject)
    /// A Secret that existed before and was changed: by key, the SHA-256 of the content that this run wrote.
    case secretChanged(secret: SecretName, uid: String, digests: [String: String])
    /// A revision of a release that Helm created.
    case revision(work: HelmWork)
    /// Files in a folder that did not exist before: by path, the SHA-256 of the content that this run wrote.
    case files(folder: String, digests: [String: String])
    /// This program's own file or folder that did not exist before.
    case record(path: String)
    /// A builder that docker buildx did not have, or had with other properties.
    case builder(change: BuilderChange)
    /// The current builder, and the one before it.
    case currentBuilder(name: String, former: String)
    /// New certificates beside those in use.
    case renewal(folder: String)
    /// A client certificate that has not been delivered.
    case client(name: String, folder: String, serial: String)
}

/// An object of the cluster that a run created.
public struct CreatedObject: Codable, Equatable, Sendable {
    public var reference: ObjectReference
    public var uid: String
    /// By key, the SHA-256 of its initial content; nil: it is identified by its UID alone.
    public var digests: [String: String]?

    public init(_ reference: ObjectReference, uid: String, digests: [String: String]? = nil) {
        (self.reference, self.uid, self.digests) = (reference, uid, digests)
    }
}

/// A Helm operation of a run on a release. It is recorded before Helm starts: a release that is found locked later
/// was locked by this run only where this record shows it.
public struct HelmWork: Codable, Equatable, Sendable {
    public enum Verb: String, Codable, Sendable { case install, upgrade, rollback, uninstall }

    public var installation: InstallationID
    public var verb: Verb
    /// The revision that it creates or uninstalls.
    public var revision: Int
    /// The mark of that revision as the run's own; nil where Helm records none.
    public var mark: String?
    /// The revision to roll back to; nil: the release did not exist.
    public var returnsTo: Int?
    public var waitsOnReturn: Bool

    public init(
        _ installation: InstallationID, _ verb: Verb, revision: Int, mark: String? = nil,
        returnsTo: Int? = nil,
        waitsOnReturn: Bool = false
    ) {
        (self.installation, self.verb, self.revision, self.mark) = (installation, verb, revision, mark)
        (self.returnsTo, self.waitsOnReturn) = (returnsTo, waitsOnReturn)
    }

    /// Whether this work left the release in that state.
    func explains(status: String, revision: Int, mark: String?) -> Bool {
        guard revision == self.revision else { return false }
        return switch (status, verb) {
        case ("pending-install", .install), ("pending-upgrade", .upgrade): mark != nil && mark == self.mark
        // Helm does not mark these; the revision is unambiguous, because the run held the lock.
        case ("pending-rollback", .rollback), ("uninstalling", .uninstall): true
        default: false
        }
    }
}

/// A change of a builder in docker buildx by a run.
public struct BuilderChange: Codable, Equatable, Sendable {
    public var name: String
    /// The fingerprint after the change; while it is the same, no other process has changed the builder.
    public var fingerprint: String
    /// The commands that restore the former builder; empty: there was none.
    public var restore: [Command]
}

/// The rollback of a step after a later one has failed, or the step itself partway.
///
/// There is no case for a command: only what the step's own receipts name can be deleted. Without a receipt the step
/// has created nothing, and there is no rollback.
public enum Undo: Codable, Equatable, Sendable {
    /// Remove what the step is known to have created.
    case takeBack
    /// Make the proxies load the current content of their Secret.
    case refreshProxies(installation: InstallationID)
    /// Restart a Deployment with the current contents of its Secret.
    case restart(installation: InstallationID, deployment: String)
}
