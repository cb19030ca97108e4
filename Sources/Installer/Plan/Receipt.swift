/// What a step is seen to have made, with all that it takes to know it again.
///
/// Taking back begins here: what no receipt names is never deleted, and what a receipt names only while it is still
/// the same. A receipt holds names, digests and numbers, never the bytes of a secret, and goes into the journal.
public enum Receipt: Codable, Equatable, Sendable {
    /// An object of the cluster that was not there before.
    case created(object: CreatedObject)
    /// A Secret that was there before and holds something else now: by key, the SHA-256 of what this run put there.
    case secretChanged(secret: SecretName, uid: String, digests: [String: String])
    /// A revision of a release that Helm has made.
    case revision(work: HelmWork)
    /// Files in a folder that were not there before: by the path in it, the SHA-256 of what this run wrote.
    case files(folder: String, digests: [String: String])
    /// A file or folder of this program's own that was not there before.
    case record(path: String)
    /// A builder that docker buildx did not know, or knew otherwise.
    case builder(change: BuilderChange)
    /// The builder that is the current one now, and the one that was so before.
    case currentBuilder(name: String, former: String)
    /// New certificates beside those in use.
    case renewal(folder: String)
    /// A client's certificate that nobody has got yet.
    case client(name: String, folder: String, serial: String)
}

/// An object of the cluster that a run has made.
public struct CreatedObject: Codable, Equatable, Sendable {
    public var reference: ObjectReference
    public var uid: String
    /// By key, the SHA-256 of what it was made with; nil: it is known by its UID alone.
    public var digests: [String: String]?

    public init(_ reference: ObjectReference, uid: String, digests: [String: String]? = nil) {
        (self.reference, self.uid, self.digests) = (reference, uid, digests)
    }
}

/// What a run has Helm do to a release. It is written down before Helm begins: a release that is found locked later is
/// this run's doing only where this says so.
public struct HelmWork: Codable, Equatable, Sendable {
    public enum Verb: String, Codable, Sendable { case install, upgrade, rollback, uninstall }

    public var installation: InstallationID
    public var verb: Verb
    /// The revision that it makes, or that it uninstalls.
    public var revision: Int
    /// What marks that revision as the run's own; nil where Helm marks none.
    public var mark: String?
    /// The revision to go back to; nil: the release did not exist.
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

    /// Whether a release that Helm has left in this state was left so by this work.
    func explains(status: String, revision: Int, mark: String?) -> Bool {
        guard revision == self.revision else { return false }
        return switch (status, verb) {
        case ("pending-install", .install), ("pending-upgrade", .upgrade): mark != nil && mark == self.mark
        // Helm gives these no mark; the number alone was nobody else's while the run held the lock.
        case ("pending-rollback", .rollback), ("uninstalling", .uninstall): true
        default: false
        }
    }
}

/// What docker buildx knows of a builder since a run.
public struct BuilderChange: Codable, Equatable, Sendable {
    public var name: String
    /// What it is known as now; as long as it is, nobody else has changed it.
    public var fingerprint: String
    /// The commands that bring back what it was; none: there was no such builder.
    public var restore: [Command]
}

/// What takes a step back once a later one has failed, or the step itself half-way.
///
/// There is no case for a command: nothing can be deleted here but what the step's own receipts name. Without a
/// receipt the step has made nothing, and none of this is done.
public enum Undo: Codable, Equatable, Sendable {
    /// Take back what the step is seen to have made.
    case takeBack
    /// Have the proxies take up what is in their Secret again.
    case refreshProxies(installation: InstallationID)
    /// Start a Deployment anew with what is in its Secret again.
    case restart(installation: InstallationID, deployment: String)
}
